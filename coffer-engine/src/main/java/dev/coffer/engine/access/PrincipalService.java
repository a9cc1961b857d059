package dev.coffer.engine.access;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The use cases of users and roles. The administrator's user and the role of the service belong to the installation and do not change. */
public final class PrincipalService {
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(12);

    private final Catalog catalog;
    private final Gate gate;
    private final PolicyReader policies;
    private final Credentials maker;
    private final InstantSource clock;

    public PrincipalService(Catalog catalog, Gate gate, PolicyReader policies, Credentials maker, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.policies = policies;
        this.maker = maker;
        this.clock = clock;
    }

    /**
     * Makes a user, who may do nothing yet.
     *
     * @param boundary the ARN of a policy that caps what the user's policies allow
     * @throws Refused ALREADY_EXISTS, RESOURCE_NOT_FOUND for a boundary that is no policy
     */
    public User createUser(Caller caller, String name, Optional<String> boundary) {
        var arn = Arn.ofUser(caller.account(), PrincipalName.checked("UserName", name));
        gate.check(caller, "coffer:CreateUser", arn, bounded(boundary));
        return catalog.write(tx -> {
            if (tx.principals().user(arn).isPresent()) {
                throw exists(arn);
            }
            var user = new User(arn, maker.id("AIDA"), boundary(tx, caller, boundary), clock.instant());
            tx.principals().insert(user);
            return user;
        });
    }

    /** Users of the caller's account, by name. */
    public Page<User> users(Caller caller, PageRequest page) {
        gate.check(caller, "coffer:ListUsers", Arn.ofUser(caller.account(), "*"));
        return catalog.read(view -> view.principals().users(caller.account(), page));
    }

    /** Removes a user with its keys, sessions and policies of its own. What it had signed no longer passes when this returns. */
    public void deleteUser(Caller caller, String name) {
        var arn = Arn.ofUser(caller.account(), name);
        gate.check(caller, "coffer:DeleteUser", arn);
        refuseFixed(arn);
        catalog.<Boolean>write(tx -> {
            if (tx.principals().user(arn).isEmpty()) {
                throw unknown(arn);
            }
            tx.access().keysOf(caller.account()).stream()
                    .filter(key -> key.principal().equals(arn))
                    .forEach(key -> tx.access().deleteKey(key.id()));
            tx.principals().delete(arn);
            return true;
        });
    }

    /**
     * Makes a role, which may do nothing yet.
     *
     * @param nameWithPath for example {@code backup/operator}
     * @param trust who may take it on
     * @param longestSession 1 to 12 hours
     * @throws Refused ALREADY_EXISTS for a name that is taken under any path, INVALID_PARAMETER_VALUE for a trust policy that is none
     */
    public Role createRole(
            Caller caller,
            String nameWithPath,
            String trust,
            Optional<Duration> longestSession,
            Optional<String> boundary) {
        int slash = nameWithPath.lastIndexOf('/');
        var name = PrincipalName.checked("RoleName", nameWithPath.substring(slash + 1));
        if (slash >= 0 && !nameWithPath.substring(0, slash).matches("[\\x21-\\x7e&&[^:*?]]{1,400}")) {
            throw new Refused(Problem.invalid("The path of a role has letters, digits and marks, at most 400."));
        }
        var arn = Arn.ofRole(caller.account(), nameWithPath);
        gate.check(caller, "coffer:CreateRole", arn, bounded(boundary));
        var session = longestSession.orElse(Role.USUAL_SESSION);
        if (session.compareTo(SHORTEST) < 0 || session.compareTo(LONGEST) > 0) {
            throw new Refused(Problem.invalid("MaxSessionDuration must be 3600 to 43200 seconds."));
        }
        var document = policies.read(PolicyKind.TRUST, trust);
        return catalog.write(tx -> {
            if (tx.principals().roleNamed(caller.account(), name).isPresent()) {
                throw exists(arn);
            }
            new NamedPrincipals(tx).require(document.policy());
            var role =
                    new Role(arn, maker.id("AROA"), document, session, boundary(tx, caller, boundary), clock.instant());
            tx.principals().insert(role);
            return role;
        });
    }

    /** Roles of the caller's account, by ARN. */
    public Page<Role> roles(Caller caller, PageRequest page) {
        gate.check(caller, "coffer:ListRoles", Arn.ofRole(caller.account(), "*"));
        return catalog.read(view -> view.principals().roles(caller.account(), page));
    }

    /** Removes a role with its policies of its own. Its sessions no longer pass when this returns, and jobs cannot use it any more. */
    public void deleteRole(Caller caller, String name) {
        var arn = catalog.read(view -> view.principals().roleNamed(caller.account(), name))
                .map(Role::arn)
                .orElseGet(() -> Arn.ofRole(caller.account(), name));
        gate.check(caller, "coffer:DeleteRole", arn);
        refuseFixed(arn);
        catalog.<Boolean>write(tx -> {
            if (tx.principals().role(arn).isEmpty()) {
                throw unknown(arn);
            }
            tx.principals().delete(arn);
            return true;
        });
    }

    /**
     * Sets the policy that caps what the policies of a user or role allow.
     *
     * @param boundary absent for none
     */
    public void putBoundary(Caller caller, String principal, Optional<String> boundary) {
        var arn = PrincipalName.principal(caller.account(), principal);
        gate.check(caller, "coffer:PutPermissionsBoundary", arn, bounded(boundary));
        refuseFixed(arn);
        catalog.<Boolean>write(tx -> {
            requireKnown(tx, arn);
            tx.principals().putBoundary(arn, boundary(tx, caller, boundary));
            return true;
        });
    }

    private static Optional<Arn> boundary(Transaction tx, Caller caller, Optional<String> text) {
        return text.map(given -> Arn.parse("PermissionsBoundary", given))
                .map(arn -> PolicyService.visible(tx, caller, arn))
                .map(ManagedPolicy::arn);
    }

    /** The condition key of the boundary that somebody has or is to get; absent for none. */
    private static Facts bounded(Optional<String> boundary) {
        return Facts.NONE.with("iam:PermissionsBoundary", boundary);
    }

    /** The condition key of the boundary that a user or role has. */
    static Facts boundaryOf(View view, Arn principal) {
        return bounded(view.principals()
                .user(principal)
                .flatMap(User::boundary)
                .or(() -> view.principals().role(principal).flatMap(Role::boundary))
                .map(Arn::toString));
    }

    static void requireKnown(Transaction tx, Arn principal) {
        if (tx.principals().user(principal).isEmpty()
                && tx.principals().role(principal).isEmpty()) {
            throw unknown(principal);
        }
    }

    /** What belongs to the installation stays as it is, so that no mistake shuts everybody out. */
    static void refuseFixed(Arn principal) {
        var resource = principal.resource();
        if (resource.equals("user/coffer-admin") || resource.equals("role/" + AccountBootstrap.DEFAULT_ROLE)) {
            throw new Refused(Problem.invalidRequest(
                    principal + " belongs to the installation and cannot be changed. Make another one."));
        }
    }

    private static Refused exists(Arn arn) {
        return new Refused(Problem.of(Problem.Kind.ALREADY_EXISTS, arn + " already exists, or a role has its name."));
    }

    private static Refused unknown(Arn arn) {
        return new Refused(Problem.notFound(arn + " was not found."));
    }
}

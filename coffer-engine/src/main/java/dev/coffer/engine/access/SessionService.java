package dev.coffer.engine.access;

import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.Authorizer;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.Organization;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The use cases of temporary credentials. They are rows of the catalog: a restart keeps them, and they end with the user or role that they were issued for. */
public final class SessionService {
    private static final Duration SHORTEST = Duration.ofMinutes(15);
    private static final Duration LONGEST_OF_USER = Duration.ofHours(36);
    private static final Duration USUAL_OF_USER = Duration.ofHours(12);
    private static final Duration LONGEST_OF_CHAIN = Duration.ofHours(1);

    private final Catalog catalog;
    private final Evidence evidence;
    private final PolicyReader policies;
    private final SecretSealer sealer;
    private final Credentials maker;
    private final InstantSource clock;

    /**
     * A wish to take on a role.
     *
     * @param policy caps what the session may do
     */
    public record Assume(
            String roleArn,
            String sessionName,
            Optional<Duration> duration,
            Optional<String> policy,
            Optional<String> externalId) {}

    /** A session as its owner gets it, once. {@link #toString} shows neither secret nor token. */
    public record Issued(AccessSession session, String secretAccessKey, String sessionToken) {
        @Override
        public String toString() {
            return "Issued[" + session + "]";
        }
    }

    /** Who somebody is. */
    public record Identity(String account, String userId, Arn arn) {}

    public SessionService(
            Catalog catalog,
            PolicyReader policies,
            SecretSealer sealer,
            Credentials maker,
            InstantSource clock,
            Organization organization) {
        this.catalog = catalog;
        this.evidence = new Evidence(clock, organization);
        this.policies = policies;
        this.sealer = sealer;
        this.maker = maker;
        this.clock = clock;
    }

    /**
     * Takes on a role; the session is durable on return.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for values that cannot be, with the code MalformedPolicyDocument for a policy; ACCESS_DENIED, with the same text for a role that is not there, if the role's trust policy or the caller's policies do not allow it
     */
    public Issued assumeRole(Caller caller, Assume wish) {
        var arn = role(wish.roleArn());
        if (!PrincipalName.canBeSession(wish.sessionName())) {
            throw new Refused(
                    Problem.invalid("RoleSessionName must be 2 to 64 letters, digits or characters of _+=,.@-."));
        }
        var policy = wish.policy().map(this::sessionPolicy);
        var secret = maker.secret();
        var token = maker.token();
        var sealed = sealer.seal(secret);
        var session = catalog.write(tx -> {
            var role = tx.principals()
                    .role(arn)
                    .filter(found -> mayAssume(tx, caller, found, wish))
                    .orElseThrow(() -> denied(caller, Role.ASSUME, arn));
            var duration = duration(caller, role, wish.duration());
            var fresh = session(
                    Arn.ofAssumedRole(new AccountId(arn.account()), role.name(), wish.sessionName()),
                    arn,
                    role.id(),
                    policy,
                    sealed,
                    token,
                    duration);
            tx.access().insert(fresh);
            return fresh;
        });
        return new Issued(session, secret, token);
    }

    /**
     * Temporary credentials of a user, for what the user may do.
     *
     * @param wished 15 minutes to 36 hours
     * @throws Refused ACCESS_DENIED for callers that have temporary credentials already
     */
    public Issued sessionToken(Caller caller, Optional<Duration> wished) {
        if (caller.session().isPresent()) {
            throw new Refused(Problem.accessDenied("Cannot call GetSessionToken with session credentials"));
        }
        var duration = wished.orElse(USUAL_OF_USER);
        checkBounds(duration, LONGEST_OF_USER);
        var secret = maker.secret();
        var token = maker.token();
        var sealed = sealer.seal(secret);
        var session = catalog.write(tx -> {
            var user = tx.principals()
                    .user(caller.principal())
                    .orElseThrow(() -> denied(caller, "sts:GetSessionToken", caller.principal()));
            var fresh = session(user.arn(), user.arn(), user.id(), Optional.empty(), sealed, token, duration);
            tx.access().insert(fresh);
            return fresh;
        });
        return new Issued(session, secret, token);
    }

    /** Who the caller is. Everybody may ask it. */
    public Identity callerIdentity(Caller caller) {
        var id = caller.session()
                .map(AccessSession::userId)
                .or(() -> catalog.read(
                        view -> view.principals().user(caller.principal()).map(User::id)))
                .orElseGet(() -> caller.account().value());
        return new Identity(caller.account().value(), id, caller.principal());
    }

    private PolicyDocument sessionPolicy(String text) {
        try {
            return policies.read(PolicyKind.SESSION, text);
        } catch (Refused broken) {
            throw new Refused(broken.problem().withCode("MalformedPolicyDocument"));
        }
    }

    private boolean mayAssume(View view, Caller caller, Role role, Assume wish) {
        var facts =
                Facts.NONE.with("sts:RoleSessionName", wish.sessionName()).with("sts:ExternalId", wish.externalId());
        var request = evidence.request(view, caller, Role.ASSUME, role.arn(), facts);
        return Authorizer.decide(request, evidence.caller(view, caller, role.trustPolicy()))
                .allowed();
    }

    private static Duration duration(Caller caller, Role role, Optional<Duration> wished) {
        boolean chained = caller.session().filter(AccessSession::ofRole).isPresent();
        var duration = wished.orElse(Role.USUAL_SESSION);
        checkBounds(duration, Duration.ofHours(12));
        if (duration.compareTo(role.longestSession()) > 0) {
            throw new Refused(
                    Problem.invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."));
        }
        if (chained && duration.compareTo(LONGEST_OF_CHAIN) > 0) {
            throw new Refused(Problem.invalid("The requested DurationSeconds exceeds the 1 hour session limit for"
                    + " roles assumed by role chaining."));
        }
        return duration;
    }

    private static void checkBounds(Duration duration, Duration longest) {
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(longest) > 0) {
            throw new Refused(Problem.invalid("DurationSeconds must be " + SHORTEST.toSeconds() + " to "
                    + longest.toSeconds() + ", and is " + duration.toSeconds() + "."));
        }
    }

    private AccessSession session(
            Arn principal,
            Arn issuer,
            String issuerId,
            Optional<PolicyDocument> policy,
            String sealedSecret,
            String token,
            Duration duration) {
        var now = clock.instant();
        return new AccessSession(
                maker.id("ASIA"),
                new AccountId(issuer.account()),
                principal,
                issuer,
                issuerId,
                policy,
                sealedSecret,
                Digest.of(token),
                now,
                now.plus(duration));
    }

    private static Arn role(String text) {
        return Arn.parse(text)
                .filter(arn -> arn.service().equals("iam") && arn.resource().startsWith("role/"))
                .orElseThrow(() -> new Refused(Problem.invalid("RoleArn is not the ARN of a role.")));
    }

    private static Refused denied(Caller caller, String action, Arn resource) {
        return new Refused(Problem.accessDenied("User: " + caller.principal() + " is not authorized to perform: "
                + action + " on resource: " + resource));
    }
}

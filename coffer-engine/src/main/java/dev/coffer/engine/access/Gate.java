package dev.coffer.engine.access;

import dev.coffer.core.access.Authorizer;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Decision;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.Organization;
import dev.coffer.core.access.Policies.OfResource;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.VaultSharing;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Decides whether a caller may do something. Every use case asks it first. The root of an account and its user {@code coffer-admin} may do everything in their own account that no vault's policy denies; users, roles
 * and their sessions what their policies and the vault's allow.
 */
public final class Gate {
    /** The answer to a call about something that does not exist or belongs to others: AWS's text, which tells neither. */
    public static final String HIDDEN = "Insufficient privileges to perform this action.";

    private final Catalog catalog;
    private final Organization organization;
    private final Evidence evidence;

    /**
     * A gate.
     *
     * @param organization what the condition keys of organizations tell
     */
    public Gate(Catalog catalog, InstantSource clock, Organization organization) {
        this.catalog = catalog;
        this.organization = organization;
        this.evidence = new Evidence(clock, organization);
    }

    /** A gate of accounts whose organization has no name. */
    public Gate(Catalog catalog, InstantSource clock) {
        this(catalog, clock, Organization.UNNAMED);
    }

    /** What the condition keys of organizations tell. */
    public Organization organization() {
        return organization;
    }

    /**
     * Lets the call pass.
     *
     * @param action for example {@code backup:CreateBackupVault}
     * @param resource what the call is about; an ARN without account, as of a bucket, counts as the caller's
     * @throws Refused with ACCESS_DENIED; for a resource of another account the message does not tell whether it exists
     */
    public void check(Caller caller, String action, Arn resource) {
        check(caller, action, resource, Facts.NONE);
    }

    /**
     * Lets the call pass.
     *
     * @param facts the condition keys that this request gives beyond those of every request: tags of the request, numbers, lists. Tags of the resource are found here
     * @throws Refused as the call without facts
     */
    public void check(Caller caller, String action, Arn resource, Facts facts) {
        refuseForeign(caller, action, resource);
        catalog.<Boolean>read(view -> {
            check(view, caller, action, resource, facts);
            return true;
        });
    }

    /** The same within a transaction, whose changes count. */
    public void check(View view, Caller caller, String action, Arn resource, Facts facts) {
        refuseForeign(caller, action, resource);
        var request = evidence.request(view, caller, action, resource, facts);
        var decision = Authorizer.decide(request, evidence.policies(view, caller, resource));
        if (!decision.allowed()) {
            throw isForeign(caller, resource) ? hidden() : new Refused(Problem.accessDenied(decision.message(request)));
        }
    }

    /**
     * Lets the call pass that hands a role to the service. A role of another account passes: that it cannot be assumed is the use case's to say.
     *
     * @throws Refused with ACCESS_DENIED
     */
    public void checkPassRole(Caller caller, Arn role) {
        if (!isForeign(caller, role)) {
            check(caller, "iam:PassRole", role, Facts.NONE.with("iam:PassedToService", Role.BACKUP_SERVICE));
        }
    }

    /**
     * Lets the call pass unless a statement denies the action: for what the service does in a call that was allowed, and that rules against copying are about. Of another account's resource the own policies alone are asked, so that
     * the answer tells nothing of it.
     *
     * @param facts as of {@link #check(Caller, String, Arn, Facts)}
     * @throws Refused with ACCESS_DENIED
     */
    public void checkNotForbidden(Caller caller, String action, Arn resource, Facts facts) {
        catalog.<Boolean>read(view -> {
            var request = evidence.request(view, caller, action, resource, facts);
            var policies = isForeign(caller, resource)
                    ? evidence.caller(view, caller, new OfResource.None())
                    : evidence.policies(view, caller, resource);
            if (Authorizer.decide(request, policies) instanceof Decision.Forbidden denied) {
                throw new Refused(Problem.accessDenied(denied.message(request)));
            }
            return true;
        });
    }

    /**
     * Whether the service may do something under a role that it was handed: nothing denies it to the role, and the vault of another account allows it. The role's own policies need not allow it, since they are about what is backed
     * up.
     *
     * @param scope where the service works
     */
    public boolean roleMay(View view, Scope scope, Arn role, String action, Arn resource, Facts facts) {
        var service = new Caller(scope.account(), role, scope.region());
        return Authorizer.decide(
                        evidence.request(view, service, action, resource, facts),
                        evidence.service(view, service, resource))
                .allowed();
    }

    /** What would come of a request of the user or role, without its being made. */
    Decision simulated(View view, Caller caller, String action, Arn resource, Facts facts) {
        return Authorizer.decide(
                evidence.request(view, caller, action, resource, facts), evidence.policies(view, caller, resource));
    }

    /**
     * Lets a call pass that names an account.
     *
     * @param account the account id that the request gives, if it gives one
     * @throws Refused with ACCESS_DENIED if it is not the caller's
     */
    public void checkAccount(Caller caller, Optional<String> account) {
        if (account.isPresent() && !account.get().equals(caller.account().value())) {
            throw hidden();
        }
    }

    /** The refusal that tells nothing. */
    public static Refused hidden() {
        return new Refused(Problem.accessDenied(HIDDEN));
    }

    /** The ARN of the account's administrator. */
    public static Arn administratorOf(AccountId account) {
        return new Arn("aws", "iam", "", account.value(), "user/coffer-admin");
    }

    static boolean isForeign(Caller caller, Arn resource) {
        return !resource.account().isEmpty()
                && !resource.account().equals(caller.account().value());
    }

    /** Nothing is read for a call that cannot be allowed. */
    private static void refuseForeign(Caller caller, String action, Arn resource) {
        if (isForeign(caller, resource) && !action.equals(VaultSharing.ACTION)) {
            throw hidden();
        }
    }
}

package dev.coffer.engine.access;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;

/** The use cases of policies: those with a name of their own, which principals are attached to, and those of one user or role. */
public final class PolicyService {
    private static final int ATTACHED_AT_MOST = 10;

    private final Catalog catalog;
    private final Gate gate;
    private final PolicyReader policies;
    private final InstantSource clock;

    /** What a user or role may do by itself: policies of its own by name, and the ones that it is attached to. */
    public record OfPrincipal(Arn principal, SortedMap<String, PolicyDocument> inline, List<ManagedPolicy> attached) {}

    public PolicyService(Catalog catalog, Gate gate, PolicyReader policies, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * Makes a policy of the caller's account, or replaces what it says; all who are attached to it are judged by it from now on.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for a document that is no policy of an identity, ALREADY_EXISTS for the name of a built-in policy
     */
    public ManagedPolicy put(Caller caller, String name, String text) {
        var arn = Arn.ofPolicy(caller.account(), PrincipalName.checked("PolicyName", name));
        gate.check(caller, "coffer:PutPolicy", arn);
        var policy = new ManagedPolicy(arn, policies.read(PolicyKind.IDENTITY, text), clock.instant());
        return catalog.write(tx -> {
            // A name has to stand for one policy, or who attaches it by its name could be given another.
            tx.principals().builtIn(name).ifPresent(builtIn -> {
                throw new Refused(Problem.of(
                        Problem.Kind.ALREADY_EXISTS,
                        builtIn.arn() + " comes with Coffer and has this name. Choose another one."));
            });
            tx.principals().put(policy);
            return tx.principals().policy(arn).orElseThrow();
        });
    }

    /** A policy of the account or a built-in one. */
    public ManagedPolicy get(Caller caller, String nameOrArn) {
        var arn = arn(caller, nameOrArn);
        gate.check(caller, "coffer:GetPolicy", gated(caller, arn));
        return catalog.read(view -> visible(view, caller, arn));
    }

    /** The account's policies and the built-in ones, by ARN. */
    public Page<ManagedPolicy> list(Caller caller, PageRequest page) {
        gate.check(caller, "coffer:ListPolicies", Arn.ofPolicy(caller.account(), "*"));
        return catalog.read(view -> view.principals().policies(caller.account(), page));
    }

    /**
     * Removes a policy.
     *
     * @throws Refused INVALID_REQUEST while a user or role is attached to it or has it as boundary
     */
    public void delete(Caller caller, String nameOrArn) {
        var arn = arn(caller, nameOrArn);
        gate.check(caller, "coffer:DeletePolicy", gated(caller, arn));
        catalog.<Boolean>write(tx -> {
            if (visible(tx, caller, arn).isBuiltIn()) {
                throw new Refused(Problem.invalidRequest(arn + " comes with Coffer and cannot be deleted."));
            }
            if (tx.principals().inUse(arn)) {
                throw new Refused(Problem.invalidRequest(
                        arn + " is attached to a user or role, or is a boundary. Detach it first."));
            }
            tx.principals().deletePolicy(arn);
            return true;
        });
    }

    /** Gives a user or role a policy of its own, or replaces it. */
    public void putInline(Caller caller, String principal, String name, String text) {
        var arn = changed(caller, principal, "coffer:PutPrincipalPolicy", Facts.NONE);
        PrincipalName.checked("PolicyName", name);
        var document = policies.read(PolicyKind.IDENTITY, text);
        catalog.<Boolean>write(tx -> {
            PrincipalService.requireKnown(tx, arn);
            tx.principals().putInline(arn, name, document);
            return true;
        });
    }

    /** Takes a policy of its own from a user or role. */
    public void deleteInline(Caller caller, String principal, String name) {
        var arn = changed(caller, principal, "coffer:DeletePrincipalPolicy", Facts.NONE);
        catalog.<Boolean>write(tx -> {
            if (!tx.principals().deleteInline(arn, name)) {
                throw new Refused(Problem.notFound(arn + " has no policy " + name + "."));
            }
            return true;
        });
    }

    /** Attaches a user or role to a policy; a repeat changes nothing. */
    public void attach(Caller caller, String principal, String policy) {
        var policyArn = arn(caller, policy);
        var arn = changed(caller, principal, "coffer:AttachPolicy", of(policyArn));
        catalog.<Boolean>write(tx -> {
            PrincipalService.requireKnown(tx, arn);
            visible(tx, caller, policyArn);
            tx.principals().attach(arn, policyArn);
            if (tx.principals().attached(arn).size() > ATTACHED_AT_MOST) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        arn + " can be attached to " + ATTACHED_AT_MOST + " policies at most."));
            }
            return true;
        });
    }

    /** Undoes {@link #attach}. */
    public void detach(Caller caller, String principal, String policy) {
        var policyArn = arn(caller, policy);
        var arn = changed(caller, principal, "coffer:DetachPolicy", of(policyArn));
        catalog.<Boolean>write(tx -> {
            if (!tx.principals().detach(arn, policyArn)) {
                throw new Refused(Problem.notFound(arn + " is not attached to " + policyArn + "."));
            }
            return true;
        });
    }

    /** The policies of a user or role. */
    public OfPrincipal ofPrincipal(Caller caller, String principal) {
        var arn = PrincipalName.principal(caller.account(), principal);
        gate.check(caller, "coffer:ListPrincipalPolicies", arn);
        return catalog.read(view -> new OfPrincipal(
                arn, view.principals().inline(arn), view.principals().attached(arn)));
    }

    private Arn changed(Caller caller, String principal, String action, Facts facts) {
        var arn = PrincipalName.principal(caller.account(), principal);
        catalog.<Boolean>read(view -> {
            gate.check(view, caller, action, arn, facts.with(PrincipalService.boundaryOf(view, arn)));
            return true;
        });
        PrincipalService.refuseFixed(arn);
        return arn;
    }

    /** The policy, if the caller's account can use it. */
    static ManagedPolicy visible(View view, Caller caller, Arn policy) {
        return view.principals()
                .policy(policy)
                .filter(found -> found.isBuiltIn()
                        || found.arn().account().equals(caller.account().value()))
                .orElseThrow(() -> new Refused(Problem.notFound("Policy " + policy + " was not found.")));
    }

    /** The policy that is given by its ARN or its name; a name that nothing has is taken for one of the account. */
    private Arn arn(Caller caller, String nameOrArn) {
        if (nameOrArn.startsWith("arn:")) {
            return Arn.parse("PolicyArn", nameOrArn);
        }
        var own = Arn.ofPolicy(caller.account(), PrincipalName.checked("PolicyName", nameOrArn));
        return catalog.read(view -> view.principals()
                .policy(own)
                .or(() -> view.principals().builtIn(nameOrArn))
                .map(ManagedPolicy::arn)
                .orElse(own));
    }

    /** The condition keys of a request that gives or takes the policy. */
    private static Facts of(Arn policy) {
        return Facts.NONE.with("iam:PolicyARN", policy.toString());
    }

    /** A built-in policy belongs to everybody. */
    private static Arn gated(Caller caller, Arn policy) {
        return policy.account().equals("aws")
                ? new Arn("aws", "iam", "", caller.account().value(), policy.resource())
                : policy;
    }
}

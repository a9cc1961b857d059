package dev.coffer.engine.access;

import dev.coffer.core.access.AccessRequest;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Effect;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.NameSet;
import dev.coffer.core.access.Organization;
import dev.coffer.core.access.Policies;
import dev.coffer.core.access.Policies.Named;
import dev.coffer.core.access.Policies.OfResource;
import dev.coffer.core.access.Policy;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.Statement;
import dev.coffer.core.access.Subject;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.View;
import dev.coffer.core.vault.VaultName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers what a decision is made by: who asks, the condition keys, the policies of both sides. */
final class Evidence {
    private static final String VAULT = "backup-vault:";
    private static final Named EVERYTHING = new Named(
            "that of administrators",
            new Policy(
                    true,
                    List.of(new Statement(
                            Optional.of("Administrator"),
                            Effect.ALLOW,
                            Optional.empty(),
                            new NameSet(false, List.of("*")),
                            Optional.of(new NameSet(false, List.of("*"))),
                            List.of()))));

    private final InstantSource clock;
    private final Organization organization;

    Evidence(InstantSource clock, Organization organization) {
        this.clock = clock;
        this.organization = organization;
    }

    /** The request with all its condition keys. */
    AccessRequest request(View view, Caller caller, String action, Arn resource, Facts facts) {
        var now = clock.instant();
        var subject = subject(caller);
        var owner = resource.account().isEmpty() ? caller.account().value() : resource.account();
        var all = facts(view, caller, subject)
                .with("aws:CurrentTime", now.toString())
                .with("aws:EpochTime", Long.toString(now.getEpochSecond()))
                .with("aws:RequestedRegion", caller.region().value())
                .with("aws:ViaAWSService", "false")
                .with("aws:ResourceAccount", owner)
                .with(organization.facts(caller.account().value(), owner))
                .with(caller.origin().facts())
                .withResourceTags(view.tags().of(resource))
                .with(facts);
        return new AccessRequest(subject, action, resource.toString(), owner, all);
    }

    private static Facts facts(View view, Caller caller, Subject subject) {
        var facts = Facts.NONE.with("aws:PrincipalAccount", caller.account().value());
        return switch (subject) {
            case Subject.Root(var account) ->
                facts.with("aws:PrincipalType", "Account")
                        .with("aws:PrincipalArn", subject.shown())
                        .with("aws:userid", account.value());
            case Subject.User(var _, var arn) ->
                facts.with("aws:PrincipalType", "User")
                        .with("aws:PrincipalArn", arn.toString())
                        .with("aws:username", name(arn))
                        .with("aws:userid", view.principals().user(arn).map(User::id));
            case Subject.Session(var _, var _, var role) ->
                facts.with("aws:PrincipalType", "AssumedRole")
                        .with("aws:PrincipalArn", role.toString())
                        .with("aws:userid", caller.session().map(AccessSession::userId))
                        .with(
                                "aws:TokenIssueTime",
                                caller.session()
                                        .map(session -> session.createdAt().toString()));
            case Subject.Service(var _) -> facts;
        };
    }

    /** Who asks, as policies name it. */
    static Subject subject(Caller caller) {
        var principal = caller.principal();
        if (principal.resource().equals("root")) {
            return new Subject.Root(caller.account());
        }
        var issuer = caller.session().map(AccessSession::issuer).orElse(principal);
        return issuer.resource().startsWith("role/")
                ? new Subject.Session(caller.account(), principal, issuer)
                : new Subject.User(caller.account(), principal);
    }

    /** The policies of the caller and of the vault that the resource is or lies in. */
    Policies policies(View view, Caller caller, Arn resource) {
        var vaultPolicy = vaultPolicy(view, caller, resource);
        return caller(
                view,
                caller,
                vaultPolicy.<OfResource>map(OfResource.Sufficient::new).orElseGet(OfResource.None::new));
    }

    /** The policies of a role that the service works under, which allows all that they do not deny. */
    Policies service(View view, Caller role, Arn resource) {
        var own = policies(view, role, resource);
        var identity = new ArrayList<>(own.identity());
        identity.add(EVERYTHING);
        return new Policies(identity, own.boundary(), own.session(), own.resource());
    }

    /** The policies of the caller, with those of the resource. */
    Policies caller(View view, Caller caller, OfResource resource) {
        var session = caller.session()
                .flatMap(AccessSession::policy)
                .map(document -> new Named("that of the session", document.policy()));
        if (isAdministrator(caller)) {
            return new Policies(List.of(EVERYTHING), Optional.empty(), session, resource);
        }
        var issuer = caller.session().map(AccessSession::issuer).orElse(caller.principal());
        var boundary = view.principals()
                .user(issuer)
                .flatMap(User::boundary)
                .or(() -> view.principals().role(issuer).flatMap(Role::boundary))
                .map(arn -> new Named(
                        arn.toString(),
                        // A boundary that is gone must not open what it closed.
                        view.principals()
                                .policy(arn)
                                .map(policy -> policy.document().policy())
                                .orElseGet(() -> new Policy(true, List.of()))));
        var identity = new ArrayList<Named>();
        view.principals()
                .inline(issuer)
                .forEach((name, document) -> identity.add(new Named(name + " of " + issuer, document.policy())));
        for (var policy : view.principals().attached(issuer)) {
            identity.add(new Named(policy.arn().toString(), policy.document().policy()));
        }
        return new Policies(identity, boundary, session, resource);
    }

    private static Optional<Named> vaultPolicy(View view, Caller caller, Arn resource) {
        if (resource.resource().startsWith(VAULT) && resource.service().equals("backup")) {
            return VaultName.parse(resource.resource().substring(VAULT.length()))
                    .flatMap(name -> resource.scope().flatMap(scope -> vaultPolicy(view, scope, name)));
        }
        return view.recoveryPoints()
                .find(caller.scope(), resource)
                .flatMap(point -> vaultPolicy(view, caller.scope(), point.vault()));
    }

    private static Optional<Named> vaultPolicy(View view, Scope scope, VaultName vault) {
        return view.vaultPolicies()
                .of(scope, vault)
                .map(document -> new Named("that of " + Arn.ofVault(scope, vault.value()), document.policy()));
    }

    private static boolean isAdministrator(Caller caller) {
        var principal = caller.principal();
        return principal.service().equals("iam")
                && principal.account().equals(caller.account().value())
                && (principal.equals(Gate.administratorOf(caller.account()))
                        || principal.resource().equals("root"));
    }

    private static String name(Arn arn) {
        return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    }
}

package dev.coffer.engine.event;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.event.EventPatterns;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.Outlets;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.event.TargetDraft;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.SecretSealer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The use cases of rules and of the state of their targets. A target gets what happens after it was put; one that is put again goes on where it was. */
public final class EventRuleService {
    private static final int RULES_AT_MOST = 100;

    private final Catalog catalog;
    private final Gate gate;
    private final EventPatterns patterns;
    private final Outlets outlets;
    private final SecretSealer sealer;
    private final InstantSource clock;
    private final Runnable changed;

    /**
     * @param changed is told after each change, so that it takes effect at once
     */
    public EventRuleService(
            Catalog catalog,
            Gate gate,
            EventPatterns patterns,
            Outlets outlets,
            SecretSealer sealer,
            InstantSource clock,
            Runnable changed) {
        this.catalog = catalog;
        this.gate = gate;
        this.patterns = patterns;
        this.outlets = outlets;
        this.sealer = sealer;
        this.clock = clock;
        this.changed = changed;
    }

    /** A rule as somebody has described it, secrets in clear. */
    public record Draft(Scope scope, String name, String pattern, boolean enabled, List<TargetDraft> targets) {
        public Draft {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Adds a rule, or replaces the one with its name; in force when this returns.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for a name, pattern or target that cannot be, or an address that the policy does not allow; LIMIT_EXCEEDED
     */
    public EventRule put(Caller caller, Draft draft) {
        gate.check(caller, "coffer:PutEventRule", EventRule.arn(caller.scope(), draft.name()));
        if (!draft.scope().equals(caller.scope())) {
            throw Gate.hidden();
        }
        var rule = rule(draft, Origin.API);
        catalog.<Boolean>write(tx -> {
            var before = tx.eventRules().find(rule.scope(), rule.name());
            if (before.isEmpty() && tx.eventRules().of(rule.scope()).size() >= RULES_AT_MOST) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        "This account has " + RULES_AT_MOST + " event rules in this Region and cannot have more."));
            }
            replace(tx, before, rule);
            return true;
        });
        changed.run();
        return rule;
    }

    private EventRule rule(Draft draft, Origin origin) {
        patterns.compile(draft.pattern());
        var targets = new ArrayList<EventTarget>();
        for (var target : draft.targets()) {
            outlets.objectionTo(target.spec(), origin).ifPresent(problem -> {
                throw new Refused(problem);
            });
            targets.add(new EventTarget(
                    target.id(),
                    target.spec(),
                    target.secret().map(Secret::value).map(sealer::seal)));
        }
        return new EventRule(
                draft.scope(), draft.name(), draft.pattern(), draft.enabled(), origin, targets, clock.instant());
    }

    /** Puts the rule and sees that exactly its targets are known sinks. */
    private void replace(Transaction tx, Optional<EventRule> before, EventRule rule) {
        before.ifPresent(old -> old.targets().stream()
                .filter(target -> rule.targets().stream().noneMatch(kept -> goesOn(target, kept)))
                .forEach(target -> tx.outbox().forget(old.sinkOf(target))));
        tx.eventRules().put(rule);
        for (var target : rule.targets()) {
            var sink = rule.sinkOf(target);
            if (!rule.enabled()) {
                tx.outbox().forget(sink);
            } else if (tx.outbox().state(sink).isEmpty()) {
                tx.outbox().put(fresh(tx, sink, target.spec(), rule.changedAt()));
            }
        }
    }

    private static boolean goesOn(EventTarget before, EventTarget after) {
        return before.id().equals(after.id())
                && before.spec().type() == after.spec().type();
    }

    private static SinkState fresh(View view, String sink, TargetSpec spec, Instant now) {
        return switch (spec) {
            case TargetSpec.OfEvents _ -> SinkState.at(sink, view.outbox().last());
            case TargetSpec.DailyDigest digest -> DigestLoop.fresh(sink, digest, now);
        };
    }

    /** A rule of the caller's account and Region. */
    public EventRule get(Caller caller, String name) {
        gate.check(caller, "coffer:GetEventRule", EventRule.arn(caller.scope(), name));
        return catalog.read(view -> view.eventRules().find(caller.scope(), name))
                .orElseThrow(() -> unknown(name));
    }

    /** The rules of the caller's account and Region, by name. */
    public List<EventRule> list(Caller caller) {
        gate.check(caller, "coffer:ListEventRules", EventRule.arn(caller.scope(), "*"));
        return catalog.read(view -> view.eventRules().of(caller.scope()));
    }

    /**
     * Removes a rule with its targets; what they have not got yet is not sent.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public void delete(Caller caller, String name) {
        gate.check(caller, "coffer:DeleteEventRule", EventRule.arn(caller.scope(), name));
        catalog.<Boolean>write(tx -> {
            remove(tx, tx.eventRules().find(caller.scope(), name).orElseThrow(() -> unknown(name)));
            return true;
        });
        changed.run();
    }

    private static void remove(Transaction tx, EventRule rule) {
        rule.targets().forEach(target -> tx.outbox().forget(rule.sinkOf(target)));
        tx.eventRules().delete(rule.scope(), rule.name());
    }

    /** Makes the rules of the configuration file what the file says; those that others have put stay, unless the file has their names. */
    public void load(List<Draft> drafts) {
        var rules = drafts.stream().map(draft -> rule(draft, Origin.FILE)).toList();
        catalog.<Boolean>write(tx -> {
            for (var known : tx.eventRules().all()) {
                if (known.origin() == Origin.FILE && rules.stream().noneMatch(rule -> isSame(known, rule))) {
                    remove(tx, known);
                }
            }
            for (var rule : rules) {
                replace(tx, tx.eventRules().find(rule.scope(), rule.name()), rule);
            }
            return true;
        });
        changed.run();
    }

    private static boolean isSame(EventRule one, EventRule other) {
        return one.scope().equals(other.scope()) && one.name().equals(other.name());
    }

    /** Targets of rules, then topics of vaults, of the caller's account and Region. */
    public List<TargetView> targets(Caller caller) {
        gate.check(caller, "coffer:ListEventTargets", EventRule.arn(caller.scope(), "*"));
        var scope = caller.scope();
        return catalog.read(view -> {
            var views = new ArrayList<TargetView>();
            for (var rule : view.eventRules().of(scope)) {
                for (var target : rule.targets()) {
                    views.add(shown(
                            view,
                            scope,
                            rule.sinkOf(target),
                            new TargetView.Of.Rule(rule.name(), target),
                            rule.enabled(),
                            outlets.objectionTo(target.spec(), rule.origin()).map(Problem::message)));
                }
            }
            for (var vault : view.vaultNotifications().of(scope)) {
                views.add(shown(
                        view,
                        scope,
                        vault.sink(),
                        new TargetView.Of.Vault(vault.vault(), vault.topic()),
                        true,
                        outlets.topicObstacle(vault.topic())));
            }
            return List.copyOf(views);
        });
    }

    private static TargetView shown(
            View view, Scope scope, String sink, TargetView.Of of, boolean enabled, Optional<String> obstacle) {
        var state = view.outbox().state(sink);
        long waiting = state.map(known -> view.outbox().countAfter(known.position(), scope))
                .orElse(0L);
        return new TargetView(of, enabled, obstacle, state, waiting);
    }

    private static Refused unknown(String name) {
        return new Refused(Problem.notFound("Event rule " + name + " was not found."));
    }
}

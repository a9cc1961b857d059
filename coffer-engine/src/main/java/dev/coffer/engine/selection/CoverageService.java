package dev.coffer.engine.selection;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.Candidate;
import dev.coffer.core.selection.Matching;
import dev.coffer.core.selection.PlanSelections;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.SelectionPreview;
import dev.coffer.core.selection.SelectionWarning;
import dev.coffer.core.selection.Verdict;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.source.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The use cases that explain selections: what one would choose, what none chooses, and why. They change nothing. */
public final class CoverageService {
    private static final int LEFT_OUT_SHOWN = 5;

    private final Catalog catalog;
    private final LiveSelector selector;
    private final Gate gate;
    private final Function<Scope, List<PlanSelections>> plans;

    /**
     * The use cases.
     *
     * @param plans the plans in force in a scope
     */
    public CoverageService(
            Catalog catalog, LiveSelector selector, Gate gate, Function<Scope, List<PlanSelections>> plans) {
        this.catalog = catalog;
        this.selector = selector;
        this.gate = gate;
        this.plans = plans;
    }

    /**
     * The resources that no plan chooses.
     *
     * @param outages endpoints behind which there may be more
     */
    public record Gaps(int resources, List<Unprotected> unprotected, List<Outage> outages) {
        public Gaps {
            unprotected = List.copyOf(unprotected);
            outages = List.copyOf(outages);
        }
    }

    /** What the selection would do now. */
    public SelectionPreview preview(Caller caller, Selection selection) {
        gate.check(caller, "coffer:PreviewSelection", everything(caller));
        return previewed(caller, selection);
    }

    /**
     * What a selection of a plan does now.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public SelectionPreview previewStored(Caller caller, String planId, String selectionId) {
        gate.check(caller, "coffer:PreviewSelection", everything(caller));
        return previewed(
                caller,
                plans.apply(caller.scope()).stream()
                        .filter(plan -> plan.planId().equals(planId))
                        .flatMap(plan -> plan.selections().stream())
                        .filter(entry -> entry.id().equals(selectionId))
                        .findFirst()
                        .map(PlanSelections.Entry::selection)
                        .orElseThrow(() -> new Refused(Problem.notFound(
                                "There is no selection " + selectionId + " of a backup plan " + planId + "."))));
    }

    /** The resources that no plan chooses, by ARN. */
    public Gaps unprotected(Caller caller) {
        gate.check(caller, "coffer:ListUnprotectedResources", everything(caller));
        var stock = stock(caller);
        var rules = rules(caller.scope(), stock.settings());
        var gaps = new ArrayList<Unprotected>();
        for (var resource : stock.resources()) {
            var leftOutBy = new ArrayList<Judgement>();
            boolean chosen = false;
            for (var rule : rules) {
                var judgement = rule.judge(resource);
                chosen = judgement.verdict().chosen();
                if (chosen) {
                    break;
                }
                if (judgement.verdict() instanceof Verdict.LeftOut && leftOutBy.size() < LEFT_OUT_SHOWN) {
                    leftOutBy.add(judgement);
                }
            }
            if (!chosen) {
                gaps.add(new Unprotected(resource, leftOutBy));
            }
        }
        return new Gaps(stock.resources().size(), gaps, selector.outages(caller.scope()));
    }

    /**
     * What every selection says of a resource, whether it exists or not.
     *
     * @throws Refused INVALID_PARAMETER_VALUE if it is none that can be protected, RESOURCE_NOT_FOUND for one of another Region, ACCESS_DENIED for one of another account
     */
    public Explanation why(Caller caller, String text) {
        var arn = Arn.parse("ResourceArn", text);
        gate.check(caller, "coffer:ExplainResource", arn);
        var type = ResourceType.ofArn(arn)
                .orElseThrow(() -> new Refused(Problem.invalid("Unsupported resource type: " + text)));
        if (!LiveSelector.couldBeIn(caller.scope(), arn)) {
            throw new Refused(
                    Problem.notFound("The resource " + text + " is not in the Region " + caller.region() + "."));
        }
        var stock = stock(caller);
        var existing = stock.resources().stream()
                .filter(resource -> resource.arn().equals(text))
                .findFirst();
        var resource = existing.orElseGet(() -> Candidate.missing(arn, type));
        var judgements = rules(caller.scope(), stock.settings()).stream()
                .map(rule -> rule.judge(resource))
                .toList();
        return new Explanation(
                resource,
                existing.isPresent(),
                stock.settings().optedIn(resource.type()),
                judgements,
                catalog.read(view -> view.resources().findProtected(caller.scope(), arn)),
                selector.outages(caller.scope()).stream()
                        .filter(outage -> outage.type() == type)
                        .toList());
    }

    /** A selection of a plan, ready to judge. */
    private record Rule(PlanSelections plan, PlanSelections.Entry entry, Matching matching) {
        Judgement judge(Candidate resource) {
            return new Judgement(
                    plan.planId(),
                    plan.planName(),
                    entry.id(),
                    entry.selection().name(),
                    matching.judge(resource));
        }
    }

    private List<Rule> rules(Scope scope, RegionSettings settings) {
        var rules = new ArrayList<Rule>();
        for (var plan : plans.apply(scope)) {
            for (var entry : plan.selections()) {
                rules.add(new Rule(plan, entry, Matching.of(entry.selection(), settings)));
            }
        }
        return rules;
    }

    private SelectionPreview previewed(Caller caller, Selection selection) {
        var stock = stock(caller);
        return SelectionPreview.of(selection, stock.settings(), stock.resources())
                .warning(selector.outages(caller.scope()).stream()
                        .map(outage -> new SelectionWarning(
                                SelectionWarning.Kind.DISCOVERY_FAILED, outage.endpoint(), outage.message()))
                        .toList());
    }

    private LiveSelector.Stock stock(Caller caller) {
        return selector.stock(caller.scope());
    }

    private static Arn everything(Caller caller) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "*");
    }
}

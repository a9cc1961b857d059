package dev.coffer.engine.selection;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.Candidate;
import dev.coffer.core.selection.Matching;
import dev.coffer.core.selection.ResourcePattern;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.source.Inventory;
import dev.coffer.engine.source.Outage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chooses from the inventory as it is at the moment of the call, under the opt-in settings of that moment. */
public final class LiveSelector implements ResourceSelector {
    private final Catalog catalog;
    private final Inventory inventory;

    public LiveSelector(Catalog catalog, Inventory inventory) {
        this.catalog = catalog;
        this.inventory = inventory;
    }

    /** What a scope holds at one moment. */
    record Stock(List<Candidate> resources, RegionSettings settings) {}

    @Override
    public List<SelectedResource> select(Scope scope, List<Selection> selections) {
        var stock = stock(scope);
        var candidateByArn = new TreeMap<String, Candidate>();
        selections.forEach(selection -> selection.resources().forEach(text -> addMissing(candidateByArn, scope, text)));
        // What exists replaces what was only named.
        stock.resources().forEach(resource -> candidateByArn.put(resource.arn(), resource));
        var matchings = selections.stream()
                .map(selection -> Matching.of(selection, stock.settings()))
                .toList();
        var selected = new ArrayList<SelectedResource>();
        for (var candidate : candidateByArn.values()) {
            for (int i = 0; i < matchings.size(); i++) {
                if (matchings.get(i).judge(candidate).chosen()) {
                    selected.add(new SelectedResource(
                            Arn.parse("Resources", candidate.arn()),
                            candidate.type(),
                            candidate.name(),
                            selections.get(i).role()));
                    break;
                }
            }
        }
        return selected;
    }

    /** The resources of the scope and its settings, after a look behind its endpoints. */
    Stock stock(Scope scope) {
        inventory.refresh(scope);
        return catalog.read(view -> stock(view, scope));
    }

    /** The endpoints that did not tell what they have. */
    List<Outage> outages(Scope scope) {
        return inventory.outages(scope);
    }

    private Stock stock(View view, Scope scope) {
        return new Stock(
                inventory.resources(view, scope).stream().map(Candidate::of).toList(),
                view.settings().of(scope));
    }

    private static void addMissing(Map<String, Candidate> candidateByArn, Scope scope, String text) {
        if (ResourcePattern.of(text).reach() == ResourcePattern.Reach.ONE) {
            Arn.parse(text)
                    .filter(arn -> couldBeIn(scope, arn))
                    .ifPresent(arn -> ResourceType.ofArn(arn)
                            .ifPresent(type -> candidateByArn.put(arn.toString(), Candidate.missing(arn, type))));
        }
    }

    /** Whether a resource of this ARN would belong to the scope; ARNs of buckets do not say. */
    static boolean couldBeIn(Scope scope, Arn arn) {
        return arn.isIn(scope) || (arn.account().isEmpty() && arn.region().isEmpty());
    }
}

package dev.coffer.core.selection;

import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.Verdict.ByResource;
import dev.coffer.core.selection.Verdict.ByTag;
import dev.coffer.core.selection.Verdict.Chosen;
import dev.coffer.core.selection.Verdict.FailedCondition;
import dev.coffer.core.selection.Verdict.Inclusion;
import dev.coffer.core.selection.Verdict.LeftOut;
import dev.coffer.core.selection.Verdict.NotIncluded;
import dev.coffer.core.selection.Verdict.Objection;
import dev.coffer.core.selection.Verdict.OfRestoreTest;
import dev.coffer.core.selection.Verdict.Operator;
import dev.coffer.core.selection.Verdict.OptedOut;
import dev.coffer.core.selection.Verdict.Subtracted;
import dev.coffer.core.settings.RegionSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A selection, prepared to judge many resources: included by any entry of Resources or any tag of ListOfTags, and then left out if a condition fails, an entry of NotResources matches, its type is
 * opted out where that counts, or a restore test has made it (AWS Backup). Immutable.
 */
public final class Matching {
    private final RegionSettings settings;
    private final Patterns resources;
    private final Patterns notResources;
    private final List<TagCondition> listOfTags;
    private final List<Condition> conditions;

    /** A condition of one of the operators. */
    private record Condition(Operator operator, TagCondition tag, Glob like) {
        static Condition of(Operator operator, TagCondition tag) {
            return new Condition(operator, tag, Glob.ofValues(tag.value()));
        }

        Optional<Objection> objectionTo(Map<String, String> tags) {
            var actual = Optional.ofNullable(tags.get(tag.key()));
            boolean holds = switch (operator) {
                case EQUALS -> actual.filter(tag.value()::equals).isPresent();
                case NOT_EQUALS -> actual.filter(tag.value()::equals).isEmpty();
                case LIKE -> actual.filter(like::matches).isPresent();
                case NOT_LIKE -> actual.filter(like::matches).isEmpty();
            };
            return holds ? Optional.empty() : Optional.of(new FailedCondition(operator, tag, actual));
        }
    }

    /** Entries of Resources or NotResources: whole ARNs are looked up, the few others are tried. */
    private record Patterns(Map<String, ResourcePattern> wholeByArn, List<ResourcePattern> others) {
        static Patterns of(List<String> texts) {
            var whole = new LinkedHashMap<String, ResourcePattern>();
            var others = new ArrayList<ResourcePattern>();
            for (var text : texts) {
                var pattern = ResourcePattern.of(text);
                if (pattern.reach() == ResourcePattern.Reach.ONE) {
                    whole.put(text, pattern);
                } else {
                    others.add(pattern);
                }
            }
            return new Patterns(whole, others);
        }

        Optional<ResourcePattern> whole(String arn) {
            return Optional.ofNullable(wholeByArn.get(arn));
        }

        Optional<ResourcePattern> first(String arn) {
            return whole(arn)
                    .or(() -> others.stream()
                            .filter(pattern -> pattern.matches(arn))
                            .findFirst());
        }
    }

    private Matching(Selection selection, RegionSettings settings) {
        this.settings = settings;
        this.resources = Patterns.of(selection.resources());
        this.notResources = Patterns.of(selection.notResources());
        this.listOfTags = selection.listOfTags();
        var all = new ArrayList<Condition>();
        selection.conditions().equal().forEach(tag -> all.add(Condition.of(Operator.EQUALS, tag)));
        selection.conditions().notEqual().forEach(tag -> all.add(Condition.of(Operator.NOT_EQUALS, tag)));
        selection.conditions().like().forEach(tag -> all.add(Condition.of(Operator.LIKE, tag)));
        selection.conditions().notLike().forEach(tag -> all.add(Condition.of(Operator.NOT_LIKE, tag)));
        this.conditions = List.copyOf(all);
    }

    /** The selection as it works under the settings. */
    public static Matching of(Selection selection, RegionSettings settings) {
        return new Matching(selection, settings);
    }

    /** Whether the resource is chosen, and why. */
    public Verdict judge(Candidate resource) {
        var inclusion = inclusion(resource);
        if (inclusion.isEmpty()) {
            return new NotIncluded();
        }
        var objections = objections(resource, inclusion.get());
        return objections.isEmpty() ? new Chosen(inclusion.get()) : new LeftOut(inclusion.get(), objections);
    }

    /** What includes the resource; if there are several, one for which the opt-in of its type does not count. */
    private Optional<Inclusion> inclusion(Candidate resource) {
        var whole = resources.whole(resource.arn());
        if (whole.isPresent()) {
            return Optional.of(new ByResource(whole.get()));
        }
        Optional<Inclusion> heeding = Optional.empty();
        for (var pattern : resources.others()) {
            if (pattern.matches(resource.arn())) {
                var inclusion = new ByResource(pattern);
                if (!inclusion.heedsOptIn()) {
                    return Optional.of(inclusion);
                }
                heeding = heeding.or(() -> Optional.of(inclusion));
            }
        }
        return heeding.or(() -> listOfTags.stream()
                .filter(tag -> tag.value().equals(resource.tags().get(tag.key())))
                .findFirst()
                .map(ByTag::new));
    }

    private List<Objection> objections(Candidate resource, Inclusion inclusion) {
        var objections = new ArrayList<Objection>();
        conditions.forEach(condition -> condition.objectionTo(resource.tags()).ifPresent(objections::add));
        notResources.first(resource.arn()).map(Subtracted::new).ifPresent(objections::add);
        if (inclusion.heedsOptIn() && isOptedOut(resource.type())) {
            objections.add(new OptedOut(resource.type()));
        }
        if (resource.ofRestoreTest()) {
            objections.add(new OfRestoreTest());
        }
        return objections;
    }

    private boolean isOptedOut(ResourceType type) {
        return !settings.optedIn(type);
    }
}

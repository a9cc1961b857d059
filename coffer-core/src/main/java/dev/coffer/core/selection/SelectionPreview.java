package dev.coffer.core.selection;

import dev.coffer.core.selection.SelectionWarning.Kind;
import dev.coffer.core.selection.Verdict.LeftOut;
import dev.coffer.core.selection.Verdict.Operator;
import dev.coffer.core.selection.Verdict.OptedOut;
import dev.coffer.core.settings.RegionSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a selection does with the resources that exist now.
 *
 * @param judged every resource, in the order given
 */
public record SelectionPreview(List<Judged> judged, List<SelectionWarning> warnings) {
    public SelectionPreview {
        judged = List.copyOf(judged);
        warnings = List.copyOf(warnings);
    }

    /** A resource and what the selection says of it. */
    public record Judged(Candidate resource, Verdict verdict) {}

    /** Judges the resources. */
    public static SelectionPreview of(Selection selection, RegionSettings settings, List<Candidate> resources) {
        var matching = Matching.of(selection, settings);
        var judged = resources.stream()
                .map(resource -> new Judged(resource, matching.judge(resource)))
                .toList();
        var warnings = new ArrayList<SelectionWarning>();
        unitedTags(selection, judged, warnings);
        emptyPatterns("Resources", selection.resources(), resources, warnings);
        emptyPatterns("NotResources", selection.notResources(), resources, warnings);
        unknownTags(selection, resources, warnings);
        optedOut(judged, warnings);
        return new SelectionPreview(judged, warnings);
    }

    /** The same with more warnings before the others. */
    public SelectionPreview warning(List<SelectionWarning> first) {
        return new SelectionPreview(
                judged, Stream.concat(first.stream(), warnings.stream()).toList());
    }

    /** How many resources are chosen. */
    public long chosen() {
        return judged.stream().filter(one -> one.verdict().chosen()).count();
    }

    private static void unitedTags(Selection selection, List<Judged> judged, List<SelectionWarning> warnings) {
        if (selection.listOfTags().isEmpty() || selection.resources().isEmpty()) {
            return;
        }
        long untagged = judged.stream()
                .filter(one -> one.verdict().chosen())
                .filter(one -> selection.listOfTags().stream()
                        .noneMatch(
                                tag -> tag.value().equals(one.resource().tags().get(tag.key()))))
                .count();
        warnings.add(new SelectionWarning(
                Kind.TAGS_AND_RESOURCES_ARE_UNITED,
                "ListOfTags",
                "Resources and ListOfTags are united: a resource that only one of them names is included. " + untagged
                        + " of the chosen resources have no tag of ListOfTags. To require a tag of what Resources names,"
                        + " write it as Conditions, for example StringEquals."));
    }

    private static void emptyPatterns(
            String member, List<String> texts, List<Candidate> resources, List<SelectionWarning> warnings) {
        for (var text : texts) {
            var pattern = ResourcePattern.of(text);
            if (resources.stream().noneMatch(resource -> pattern.matches(resource.arn()))) {
                warnings.add(new SelectionWarning(
                        Kind.PATTERN_MATCHES_NOTHING,
                        text,
                        pattern.reach() == ResourcePattern.Reach.ONE
                                ? member + " names " + text
                                        + ", and there is no such resource in this account and Region. In Resources it"
                                        + " makes a job that fails at every run."
                                : member + " has " + text
                                        + ", which matches no resource of this account and Region. Compare it with the"
                                        + " ARNs; upper and lower case differ."));
            }
        }
    }

    private static void unknownTags(Selection selection, List<Candidate> resources, List<SelectionWarning> warnings) {
        for (var tag : selection.listOfTags()) {
            if (resources.stream()
                    .noneMatch(resource -> tag.value().equals(resource.tags().get(tag.key())))) {
                warnings.add(new SelectionWarning(
                        Kind.TAG_MATCHES_NOTHING,
                        tag.key(),
                        "No resource has the tag " + tag.key() + " = " + tag.value()
                                + " of ListOfTags. Upper and lower case differ."));
            }
        }
        var conditions = selection.conditions();
        var keys = new LinkedHashSet<String>();
        Stream.of(conditions.equal(), conditions.notEqual(), conditions.like(), conditions.notLike())
                .flatMap(List::stream)
                .forEach(condition -> keys.add(condition.key()));
        for (var key : keys) {
            if (resources.stream().noneMatch(resource -> resource.tags().containsKey(key))) {
                warnings.add(new SelectionWarning(
                        Kind.CONDITION_KEY_IS_UNKNOWN,
                        key,
                        "No resource has a tag " + key + ": " + Operator.EQUALS.wireName() + " and "
                                + Operator.LIKE.wireName() + " of it hold for none, " + Operator.NOT_EQUALS.wireName()
                                + " and " + Operator.NOT_LIKE.wireName() + " for all."));
            }
        }
    }

    private static void optedOut(List<Judged> judged, List<SelectionWarning> warnings) {
        var countByType = new TreeMap<String, Integer>();
        for (var one : judged) {
            if (one.verdict() instanceof LeftOut(var _, var objections)) {
                for (var objection : objections) {
                    if (objection instanceof OptedOut(var type)) {
                        countByType.merge(type.wireName(), 1, Integer::sum);
                    }
                }
            }
        }
        countByType.forEach((type, count) -> warnings.add(new SelectionWarning(
                Kind.TYPE_IS_OPTED_OUT,
                type,
                count + " resources of type " + type + " are left out because the type is opted out in this Region. Opt"
                        + " in with UpdateRegionSettings, or name the type by a pattern of its own.")));
    }
}

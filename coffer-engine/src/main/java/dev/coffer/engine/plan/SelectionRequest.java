package dev.coffer.engine.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.engine.access.Roles;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A selection as the caller wrote it; a list may be absent, or there and empty. */
public record SelectionRequest(
        String name,
        String roleArn,
        Optional<List<String>> resources,
        Optional<List<String>> notResources,
        Optional<List<Tag>> listOfTags,
        Optional<Conditions> conditions) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9\\-_.]{1,50}");
    private static final String CONDITION_TYPE = "STRINGEQUALS";
    private static final String KEY_PREFIX = "aws:ResourceTag/";
    private static final int LONGEST = 2048;

    /** An element of ListOfTags. */
    public record Tag(String conditionType, String key, String value) {}

    /** A key, with its prefix, and a value. */
    public record Parameter(Optional<String> key, Optional<String> value) {}

    /** The four operators. */
    public record Conditions(
            List<Parameter> equal, List<Parameter> notEqual, List<Parameter> like, List<Parameter> notLike) {}

    /**
     * The selection.
     *
     * @throws Refused MISSING_PARAMETER_VALUE or INVALID_PARAMETER_VALUE with AWS's texts
     */
    public Selection selection(PlanLimits limits) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(
                    "SelectionName must be 1 to 50 letters, digits, hyphens (-), underscores (_) or periods (.).");
        }
        var role = Roles.parse(roleArn);
        if (resources.isEmpty() && listOfTags.isEmpty() && conditions.isEmpty()) {
            throw new Refused(Problem.missing("Either Resources or Conditions must not be null")
                    .withCode("ERROR_4301"));
        }
        var selection = new Selection(
                name,
                role,
                resources.orElse(List.of()),
                notResources.orElse(List.of()),
                listOfTags.orElse(List.of()).stream().map(SelectionRequest::tag).toList(),
                conditions
                        .map(all -> new Selection.Conditions(
                                keyed(all.equal()), keyed(all.notEqual()), keyed(all.like()), keyed(all.notLike())))
                        .orElse(Selection.Conditions.NONE));
        if (selection.resources().isEmpty() && selection.listOfTags().isEmpty()) {
            throw invalid("Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.");
        }
        checkPatterns("Resources", selection.resources(), limits);
        checkPatterns("NotResources", selection.notResources(), limits);
        checkCount("ListOfTags", selection.listOfTags().size(), limits.tags(), "tags");
        var all = selection.conditions();
        checkCount(
                "Conditions",
                all.equal().size()
                        + all.notEqual().size()
                        + all.like().size()
                        + all.notLike().size(),
                limits.tags(),
                "conditions");
        return selection;
    }

    private static TagCondition tag(Tag tag) {
        if (!tag.conditionType().toUpperCase(Locale.ROOT).equals(CONDITION_TYPE)) {
            throw invalid("ConditionType must be " + CONDITION_TYPE + ", not " + tag.conditionType() + ".");
        }
        return new TagCondition(tag.key(), tag.value());
    }

    private static List<TagCondition> keyed(List<Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> {
                    var key = parameter
                            .key()
                            .filter(text -> text.startsWith(KEY_PREFIX) && text.length() > KEY_PREFIX.length())
                            .orElseThrow(() -> invalid("Each ConditionKey in Conditions must begin with " + KEY_PREFIX
                                    + " and name a tag key."));
                    return new TagCondition(
                            key.substring(KEY_PREFIX.length()),
                            parameter
                                    .value()
                                    .orElseThrow(() ->
                                            new Refused(Problem.missing("ConditionValue of " + key + " is missing."))));
                })
                .toList();
    }

    private static void checkPatterns(String called, List<String> patterns, PlanLimits limits) {
        long wild = patterns.stream().filter(text -> text.contains("*")).count();
        checkCount(called, Math.toIntExact(wild), limits.patterns(), "ARNs with a wildcard");
        checkCount(called, Math.toIntExact(patterns.size() - wild), limits.arns(), "ARNs without a wildcard");
        patterns.forEach(text -> {
            boolean form = text.contains("*")
                    ? (text.equals("*") || text.startsWith("arn:"))
                            && text.length() <= LONGEST
                            && text.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))
                    : Arn.parse(text).isPresent();
            if (!form) {
                throw invalid("Invalid ARN: " + text + " in " + called
                        + " is neither an ARN nor a pattern of ARNs such as arn:aws:ec2:*:*:volume/*.");
            }
        });
    }

    private static void checkCount(String called, int count, int atMost, String of) {
        if (count > atMost) {
            throw invalid(called + " has at most " + atMost + " " + of + ", not " + count + ".");
        }
    }

    private static Refused invalid(String message) {
        return new Refused(Problem.invalid(message));
    }
}

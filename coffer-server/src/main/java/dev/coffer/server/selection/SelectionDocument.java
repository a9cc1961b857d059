package dev.coffer.server.selection;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads a selection document with the member names of BackupSelection. The name and the role may be left out, since nothing is stored and no role is used.
 */
final class SelectionDocument {
    private static final String TAG_KEY = "aws:ResourceTag/";
    private static final String UNNAMED = "preview";
    private static final String NO_ROLE = "unused";
    private static final int ARNS_AT_MOST = 500;
    private static final int PATTERNS_AT_MOST = 30;
    private static final int TAGS_AT_MOST = 30;

    private final Caller caller;

    SelectionDocument(Caller caller) {
        this.caller = caller;
    }

    /** Reads it; a body of CreateBackupSelection, which has it as its member BackupSelection, serves too. */
    Selection read(JsonNode body) {
        var wrapped = present(body, "BackupSelection");
        if (wrapped.isPresent()) {
            allow(body, "BackupSelection", "CreatorRequestId");
            return selection(object(wrapped.get(), "BackupSelection"));
        }
        return selection(body);
    }

    private Selection selection(JsonNode document) {
        allow(document, "SelectionName", "IamRoleArn", "Resources", "NotResources", "ListOfTags", "Conditions");
        var selection = new Selection(
                text(document, "SelectionName").orElse(UNNAMED),
                text(document, "IamRoleArn")
                        .map(role -> Arn.parse("IamRoleArn", role))
                        .orElseGet(() -> Arn.ofRole(caller.account(), NO_ROLE)),
                texts(document, "Resources"),
                texts(document, "NotResources"),
                list(document, "ListOfTags", SelectionDocument::tag),
                present(document, "Conditions")
                        .map(SelectionDocument::conditions)
                        .orElse(Selection.Conditions.NONE));
        if (selection.resources().isEmpty() && selection.listOfTags().isEmpty()) {
            boolean sent = document.has("Resources") || document.has("ListOfTags") || document.has("Conditions");
            throw new Refused(
                    sent
                            ? Problem.invalid(
                                    "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be"
                                            + " non-empty.")
                            : Problem.missing("Either Resources or Conditions must not be null")
                                    .withCode("ERROR_4301"));
        }
        checkSizes(selection);
        return selection;
    }

    /** The bounds that CreateBackupSelection has: what could not be stored is not tried. */
    private static void checkSizes(Selection selection) {
        checkArns("Resources", selection.resources());
        checkArns("NotResources", selection.notResources());
        check("ListOfTags", selection.listOfTags().size(), TAGS_AT_MOST, "tags");
        var conditions = selection.conditions();
        check(
                "Conditions",
                conditions.equal().size()
                        + conditions.notEqual().size()
                        + conditions.like().size()
                        + conditions.notLike().size(),
                TAGS_AT_MOST,
                "conditions");
    }

    private static void checkArns(String member, List<String> texts) {
        long patterns = texts.stream().filter(text -> text.contains("*")).count();
        check(member, patterns, PATTERNS_AT_MOST, "ARNs with a wildcard");
        check(member, texts.size() - patterns, ARNS_AT_MOST, "ARNs without a wildcard");
    }

    private static void check(String member, long count, int atMost, String of) {
        if (count > atMost) {
            throw new Refused(Problem.invalid(member + " has at most " + atMost + " " + of + ", not " + count + "."));
        }
    }

    private static TagCondition tag(JsonNode tag) {
        allow(tag, "ConditionType", "ConditionKey", "ConditionValue");
        var type = required(tag, "ConditionType");
        if (!type.equalsIgnoreCase("STRINGEQUALS")) {
            throw new Refused(Problem.invalid("ConditionType of ListOfTags is STRINGEQUALS, and nothing else. Use"
                    + " Conditions for other comparisons."));
        }
        return new TagCondition(required(tag, "ConditionKey"), required(tag, "ConditionValue"));
    }

    private static Selection.Conditions conditions(JsonNode conditions) {
        object(conditions, "Conditions");
        allow(conditions, "StringEquals", "StringNotEquals", "StringLike", "StringNotLike");
        return new Selection.Conditions(
                list(conditions, "StringEquals", SelectionDocument::condition),
                list(conditions, "StringNotEquals", SelectionDocument::condition),
                list(conditions, "StringLike", SelectionDocument::condition),
                list(conditions, "StringNotLike", SelectionDocument::condition));
    }

    private static TagCondition condition(JsonNode condition) {
        allow(condition, "ConditionKey", "ConditionValue");
        var key = required(condition, "ConditionKey");
        if (!key.startsWith(TAG_KEY) || key.length() == TAG_KEY.length()) {
            throw new Refused(Problem.invalid(
                    "ConditionKey of Conditions begins with " + TAG_KEY + ", which the key of a tag follows."));
        }
        return new TagCondition(key.substring(TAG_KEY.length()), required(condition, "ConditionValue"));
    }

    private static List<String> texts(JsonNode object, String member) {
        var texts = new ArrayList<String>();
        for (var element : elements(object, member)) {
            if (!element.isString()) {
                throw new Refused(Problem.invalid(member + " is not a list of strings."));
            }
            texts.add(element.stringValue());
        }
        return texts;
    }

    private static <T> List<T> list(JsonNode object, String member, Function<JsonNode, T> read) {
        var list = new ArrayList<T>();
        elements(object, member).forEach(element -> list.add(read.apply(object(element, "An element of " + member))));
        return list;
    }

    private static Iterable<JsonNode> elements(JsonNode object, String member) {
        var value = present(object, member);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            throw new Refused(Problem.invalid(member + " is not a list."));
        }
        return value.get();
    }

    private static String required(JsonNode object, String member) {
        return text(object, member).orElseThrow(() -> new Refused(Problem.missing(member + " is missing.")));
    }

    private static Optional<String> text(JsonNode object, String member) {
        return present(object, member).map(value -> {
            if (!value.isString()) {
                throw new Refused(Problem.invalid(member + " is not a string."));
            }
            return value.stringValue();
        });
    }

    private static Optional<JsonNode> present(JsonNode object, String member) {
        return Optional.ofNullable(object.get(member)).filter(value -> !value.isNull());
    }

    private static JsonNode object(JsonNode value, String what) {
        if (!value.isObject()) {
            throw new Refused(Problem.invalid(what + " is not a JSON object."));
        }
        return value;
    }

    /** Refuses members that no one reads, which are most often misspelt. */
    private static void allow(JsonNode object, String... members) {
        var allowed = Set.of(members);
        for (var name : object.propertyNames()) {
            if (!allowed.contains(name)) {
                throw new Refused(
                        Problem.invalid("There is no member " + name + ". Use " + String.join(", ", members) + "."));
            }
        }
    }
}

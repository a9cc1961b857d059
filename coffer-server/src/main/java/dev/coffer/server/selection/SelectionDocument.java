package dev.coffer.server.selection;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.selection.Selection;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.SelectionRequest;
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
    private static final String UNNAMED = "preview";
    private static final String NO_ROLE = "unused";
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
        // What could not be stored is not tried.
        return new SelectionRequest(
                        text(document, "SelectionName").orElse(UNNAMED),
                        text(document, "IamRoleArn")
                                .orElseGet(() ->
                                        Arn.ofRole(caller.account(), NO_ROLE).toString()),
                        present(document, "Resources").map(_ -> texts(document, "Resources")),
                        present(document, "NotResources").map(_ -> texts(document, "NotResources")),
                        present(document, "ListOfTags").map(_ -> list(document, "ListOfTags", SelectionDocument::tag)),
                        present(document, "Conditions").map(SelectionDocument::conditions))
                .selection(PlanLimits.defaults());
    }

    private static SelectionRequest.Tag tag(JsonNode tag) {
        allow(tag, "ConditionType", "ConditionKey", "ConditionValue");
        return new SelectionRequest.Tag(
                required(tag, "ConditionType"), required(tag, "ConditionKey"), required(tag, "ConditionValue"));
    }

    private static SelectionRequest.Conditions conditions(JsonNode conditions) {
        object(conditions, "Conditions");
        allow(conditions, "StringEquals", "StringNotEquals", "StringLike", "StringNotLike");
        return new SelectionRequest.Conditions(
                list(conditions, "StringEquals", SelectionDocument::condition),
                list(conditions, "StringNotEquals", SelectionDocument::condition),
                list(conditions, "StringLike", SelectionDocument::condition),
                list(conditions, "StringNotLike", SelectionDocument::condition));
    }

    private static SelectionRequest.Parameter condition(JsonNode condition) {
        allow(condition, "ConditionKey", "ConditionValue");
        return new SelectionRequest.Parameter(text(condition, "ConditionKey"), text(condition, "ConditionValue"));
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

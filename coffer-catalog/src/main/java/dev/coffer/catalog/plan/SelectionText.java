package dev.coffer.catalog.plan;

import dev.coffer.catalog.sql.JsonFields;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import java.util.List;
import java.util.Map;

/** What a selection chooses as JSON text; its name and role have columns of their own. */
final class SelectionText {
    private SelectionText() {}

    static String of(Selection selection) {
        var conditions = selection.conditions();
        return JsonText.of(Map.of(
                "Resources", selection.resources(),
                "NotResources", selection.notResources(),
                "ListOfTags", texts(selection.listOfTags()),
                "StringEquals", texts(conditions.equal()),
                "StringNotEquals", texts(conditions.notEqual()),
                "StringLike", texts(conditions.like()),
                "StringNotLike", texts(conditions.notLike())));
    }

    private static List<Map<String, String>> texts(List<TagCondition> conditions) {
        return conditions.stream()
                .map(condition -> Map.of("Key", condition.key(), "Value", condition.value()))
                .toList();
    }

    static Selection selection(String name, Arn role, String text) {
        var map = new JsonFields(JsonText.object(text));
        return new Selection(
                name,
                role,
                map.textList("Resources"),
                map.textList("NotResources"),
                conditions(map, "ListOfTags"),
                new Selection.Conditions(
                        conditions(map, "StringEquals"),
                        conditions(map, "StringNotEquals"),
                        conditions(map, "StringLike"),
                        conditions(map, "StringNotLike")));
    }

    private static List<TagCondition> conditions(JsonFields map, String name) {
        return map.objects(name).stream()
                .map(condition -> new TagCondition(condition.text("Key"), condition.text("Value")))
                .toList();
    }
}

package dev.coffer.engine.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.selection.ResourceSelector;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.core.selection.Selection;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Selects among the resources of the configuration, by ARN, by pattern and by list of tags. */
public final class ConfiguredSelector implements ResourceSelector {
    private final List<Source> sources;

    public ConfiguredSelector(List<Source> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public List<SelectedResource> select(Scope scope, List<Selection> selections) {
        var found = new TreeMap<String, SelectedResource>();
        for (var selection : selections) {
            sources.stream()
                    .filter(source -> source.scope().equals(scope) && chooses(selection, source))
                    .forEach(source -> found.putIfAbsent(
                            source.arn().toString(),
                            new SelectedResource(source.arn(), source.type(), source.name(), selection.role())));
            selection.resources().stream()
                    .filter(text -> !text.contains("*"))
                    .flatMap(text -> Arn.parse(text).stream())
                    .forEach(arn -> ResourceType.ofArn(arn)
                            .ifPresent(type -> found.putIfAbsent(
                                    arn.toString(),
                                    new SelectedResource(arn, type, arn.resource(), selection.role()))));
        }
        return List.copyOf(found.values());
    }

    private static boolean chooses(Selection selection, Source source) {
        return (anyMatches(selection.resources(), source)
                        || selection.listOfTags().stream()
                                .anyMatch(
                                        tag -> tag.value().equals(source.tags().get(tag.key()))))
                && !anyMatches(selection.notResources(), source);
    }

    private static boolean anyMatches(List<String> patterns, Source source) {
        return patterns.stream()
                .anyMatch(pattern -> Pattern.compile(pattern.chars()
                                .mapToObj(c -> c == '*' ? "\\S*" : Pattern.quote(Character.toString(c)))
                                .collect(Collectors.joining()))
                        .matcher(source.arn().toString())
                        .matches());
    }
}

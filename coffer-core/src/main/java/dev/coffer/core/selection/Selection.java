package dev.coffer.core.selection;

import dev.coffer.core.arn.Arn;
import java.util.List;

/**
 * What a backup selection says (AWS Backup: selection document).
 *
 * @param role under which its resources are backed up
 * @param resources ARNs or patterns in which {@code *} stands for any text; one that matches is enough
 * @param notResources ARNs or patterns of what is left out
 * @param listOfTags tags of which one is enough to be included, beside {@code resources}
 * @param conditions what must hold in all of what is included
 */
public record Selection(
        String name,
        Arn role,
        List<String> resources,
        List<String> notResources,
        List<TagCondition> listOfTags,
        Conditions conditions) {
    public Selection {
        resources = List.copyOf(resources);
        notResources = List.copyOf(notResources);
        listOfTags = List.copyOf(listOfTags);
    }

    /** Conditions of the four operators, each entry of which must hold. */
    public record Conditions(
            List<TagCondition> equal,
            List<TagCondition> notEqual,
            List<TagCondition> like,
            List<TagCondition> notLike) {
        /** No condition at all. */
        public static final Conditions NONE = new Conditions(List.of(), List.of(), List.of(), List.of());

        public Conditions {
            equal = List.copyOf(equal);
            notEqual = List.copyOf(notEqual);
            like = List.copyOf(like);
            notLike = List.copyOf(notLike);
        }
    }
}

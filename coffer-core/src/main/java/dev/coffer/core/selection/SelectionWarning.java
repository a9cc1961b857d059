package dev.coffer.core.selection;

/**
 * What a selection says and its author most likely did not mean.
 *
 * @param subject the entry, key or type that it is about; a name of a member where it is about the whole
 * @param message what is surprising, and what to write instead
 */
public record SelectionWarning(Kind kind, String subject, String message) {
    /** The sorts of surprise. */
    public enum Kind {
        /** ListOfTags and Resources are united, not intersected. */
        TAGS_AND_RESOURCES_ARE_UNITED,
        /** An entry of Resources or NotResources matches no resource. */
        PATTERN_MATCHES_NOTHING,
        /** No resource has a tag of ListOfTags. */
        TAG_MATCHES_NOTHING,
        /** No resource has a tag of the key of a condition. */
        CONDITION_KEY_IS_UNKNOWN,
        /** Resources are left out because their type is opted out. */
        TYPE_IS_OPTED_OUT,
        /** Resources of a type are missing or out of date, because an endpoint does not tell which there are. */
        DISCOVERY_FAILED
    }
}

package dev.coffer.core.selection;

/** A tag and what its value is compared with. The key is plain, without {@code aws:ResourceTag/}. */
public record TagCondition(String key, String value) {}

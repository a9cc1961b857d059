package dev.coffer.core.access;

import dev.coffer.core.tag.Tags;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What conditions can be about: the condition keys of a request with their values. Keys match in any case. A key that the request does not have is absent, which is something else than empty.
 *
 * @param valuesByKey keys in lower case
 */
public record Facts(Map<String, List<String>> valuesByKey) {
    /** No keys. */
    public static final Facts NONE = new Facts(Map.of());

    public Facts {
        var copy = new LinkedHashMap<String, List<String>>();
        valuesByKey.forEach((key, values) -> copy.put(key.toLowerCase(Locale.ROOT), List.copyOf(values)));
        valuesByKey = Map.copyOf(copy);
    }

    /** These facts and one more. */
    public Facts with(String key, String value) {
        return with(key, List.of(value));
    }

    /** These facts and one with several values. */
    public Facts with(String key, Collection<String> values) {
        var more = new LinkedHashMap<>(valuesByKey);
        more.put(key.toLowerCase(Locale.ROOT), List.copyOf(values));
        return new Facts(more);
    }

    /** These facts and one more if there is a value. */
    public Facts with(String key, Optional<String> value) {
        return value.map(text -> with(key, text)).orElse(this);
    }

    /** These facts and a number if there is one. */
    public Facts with(String key, OptionalLong value) {
        return value.isPresent() ? with(key, Long.toString(value.getAsLong())) : this;
    }

    /** These facts and all of the others, which go before. */
    public Facts with(Facts others) {
        var more = new LinkedHashMap<>(valuesByKey);
        more.putAll(others.valuesByKey);
        return new Facts(more);
    }

    /** These facts and the tags that the request gives: {@code aws:RequestTag/KEY} and {@code aws:TagKeys}. */
    public Facts withRequestTags(Map<String, String> tags) {
        var facts = tags.isEmpty() ? this : with("aws:TagKeys", tags.keySet());
        for (var tag : tags.entrySet()) {
            facts = facts.with("aws:RequestTag/" + tag.getKey(), tag.getValue());
        }
        return facts;
    }

    /** These facts and the tags that the resource has: {@code aws:ResourceTag/KEY}. */
    public Facts withResourceTags(Tags tags) {
        var facts = this;
        for (var tag : tags.valueByKey().entrySet()) {
            facts = facts.with("aws:ResourceTag/" + tag.getKey(), tag.getValue());
        }
        return facts;
    }

    /** The values of a key; empty if the request does not have it. */
    Optional<List<String>> values(String key) {
        return Optional.ofNullable(valuesByKey.get(key.toLowerCase(Locale.ROOT)));
    }

    /** The only value of a key. */
    Optional<String> single(String key) {
        return values(key).filter(values -> values.size() == 1).map(List::getFirst);
    }
}

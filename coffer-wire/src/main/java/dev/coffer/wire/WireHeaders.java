package dev.coffer.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Header fields, immutable. Names are kept in lower case; the values of one name keep the order in which they came. */
public final class WireHeaders {
    private final Map<String, List<String>> valuesByName;

    private WireHeaders(Map<String, List<String>> valuesByName) {
        this.valuesByName = valuesByName;
    }

    /** Copies these headers; names that differ only in case are one name. */
    public static WireHeaders of(Map<String, ? extends List<String>> headers) {
        Map<String, List<String>> copy = new TreeMap<>();
        headers.forEach((name, values) -> copy.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .addAll(values));
        copy.replaceAll((_, values) -> List.copyOf(values));
        return new WireHeaders(Collections.unmodifiableMap(copy));
    }

    public static WireHeaders none() {
        return new WireHeaders(Map.of());
    }

    /** All values of the name, in order; empty when the header is absent. */
    public List<String> all(String name) {
        return valuesByName.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The first value of the name. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Lower-case name to values, sorted by name. */
    public Map<String, List<String>> asMap() {
        return valuesByName;
    }

    /** Names only: values carry signatures and session tokens. */
    @Override
    public String toString() {
        return "WireHeaders" + valuesByName.keySet();
    }
}

package dev.coffer.wire.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** A type of the service model with its constraints. References to other shapes are by name, as shapes may be cyclic. */
public sealed interface Shape {
    String name();

    /** Whether values of this shape must not be repeated in a message. */
    default boolean sensitive() {
        return false;
    }

    /** The bounds of a length or a number, both inclusive. */
    record Bounds(OptionalLong atLeast, OptionalLong atMost) {
        public boolean allow(long value) {
            return value >= atLeast.orElse(Long.MIN_VALUE) && value <= atMost.orElse(Long.MAX_VALUE);
        }

        /** "from 1 to 1000", "at least 1" or "at most 5"; "any" when there is no bound. */
        public String inWords() {
            if (atLeast.isPresent() && atMost.isPresent()) {
                return "from " + atLeast.getAsLong() + " to " + atMost.getAsLong();
            }
            if (atLeast.isPresent()) {
                return "at least " + atLeast.getAsLong();
            }
            return atMost.isPresent() ? "at most " + atMost.getAsLong() : "any";
        }
    }

    /** Where the value of a member travels. */
    enum Place {
        BODY,
        URI,
        QUERY,
        HEADER
    }

    /**
     * A member of a structure.
     *
     * @param name the name in the model and in the SDK
     * @param shape the name of its shape
     * @param place where it travels
     * @param wireName its label, query key, header or JSON member name
     * @param token whether SDKs fill it with a fresh UUID when the caller sets nothing
     */
    record Member(String name, String shape, Place place, String wireName, boolean token) {}

    /**
     * @param members by model name
     * @param required model names of members that must be present
     * @param union whether exactly one member must be present
     */
    record Structure(String name, Map<String, Member> members, Set<String> required, boolean error, boolean union)
            implements Shape {}

    record ListOf(String name, String of, Bounds length, boolean sensitive) implements Shape {}

    record MapOf(String name, String key, String of, boolean sensitive) implements Shape {}

    /**
     * @param length in Unicode code points
     * @param pattern to be matched by the whole value
     * @param choices the allowed values; empty when any text is allowed
     */
    record Text(String name, Bounds length, Optional<Pattern> pattern, List<String> choices, boolean sensitive)
            implements Shape {}

    /** @param bits 32 or 64 */
    record WholeNumber(String name, int bits, Bounds range) implements Shape {}

    record Truth(String name) implements Shape {}

    record Moment(String name) implements Shape {}
}

package dev.coffer.core.access;

/** Reads JSON, so that the rules of policies need no library. Safe for many threads. */
@FunctionalInterface
public interface PolicyJson {
    /**
     * What the text says, as {@code Map<String, Object>} in the order of the text, {@code List<Object>}, {@code String}, {@code Boolean}, {@code BigDecimal}.
     *
     * @throws dev.coffer.core.problem.Refused INVALID_PARAMETER_VALUE with line and column for a text that is not one JSON value, for a name that an object has twice, for null, and for nesting too deep for a policy
     */
    Object read(String text);
}

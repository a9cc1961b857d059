package dev.coffer.core.access;

import java.util.List;

/**
 * One condition of a statement.
 *
 * @param ifExists whether it holds without its key
 * @param key the condition key
 * @param values one of them has to fit; for a negated operator none may
 */
public record Condition(Operator operator, Quantifier quantifier, boolean ifExists, String key, List<String> values) {
    /** What becomes of a key with several values. */
    public enum Quantifier {
        /** The key has one value. Of several, one is enough. */
        NONE,
        /** Every value has to fit; no value is as good as all. */
        FOR_ALL_VALUES,
        /** One value has to fit. */
        FOR_ANY_VALUE
    }

    public Condition {
        values = List.copyOf(values);
    }

    /** Whether it holds for the request. */
    boolean holds(Facts facts, boolean variables) {
        var given = facts.values(key);
        if (operator == Operator.NULL) {
            return values.stream().anyMatch(value -> Boolean.parseBoolean(value) == given.isEmpty());
        }
        if (given.isEmpty()) {
            return ifExists
                    || quantifier == Quantifier.FOR_ALL_VALUES
                    || (operator.negated() && quantifier == Quantifier.NONE);
        }
        return switch (quantifier) {
            case NONE -> operator.negated() != given.get().stream().anyMatch(value -> isNamed(value, facts, variables));
            case FOR_ALL_VALUES -> given.get().stream().allMatch(value -> fits(value, facts, variables));
            case FOR_ANY_VALUE -> given.get().stream().anyMatch(value -> fits(value, facts, variables));
        };
    }

    /** Whether it leaves out what a variable stands for, and the variable stands for nothing. */
    boolean isUnclear(Facts facts, boolean variables) {
        return operator.negated()
                && variables
                && values.stream()
                        .anyMatch(value -> value.contains("${")
                                && Glob.withVariables(value, facts).isEmpty());
    }

    private boolean fits(String given, Facts facts, boolean variables) {
        return operator.negated() != isNamed(given, facts, variables);
    }

    private boolean isNamed(String given, Facts facts, boolean variables) {
        return values.stream().anyMatch(value -> operator.compares(value, given, facts, variables));
    }
}

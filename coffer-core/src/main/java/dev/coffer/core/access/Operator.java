package dev.coffer.core.access;

import java.util.Arrays;
import java.util.Optional;

/** The operators of conditions. A negated one holds where the plain one does not, and for a key that is absent. */
public enum Operator {
    STRING_EQUALS("StringEquals", Kind.TEXT, false),
    STRING_NOT_EQUALS("StringNotEquals", Kind.TEXT, true),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Kind.TEXT_ANY_CASE, false),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Kind.TEXT_ANY_CASE, true),
    STRING_LIKE("StringLike", Kind.PATTERN, false),
    STRING_NOT_LIKE("StringNotLike", Kind.PATTERN, true),
    NUMERIC_EQUALS("NumericEquals", Kind.NUMBER, false, Order.EQUAL),
    NUMERIC_NOT_EQUALS("NumericNotEquals", Kind.NUMBER, true, Order.EQUAL),
    NUMERIC_LESS_THAN("NumericLessThan", Kind.NUMBER, false, Order.BEFORE),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Kind.NUMBER, false, Order.NOT_AFTER),
    NUMERIC_GREATER_THAN("NumericGreaterThan", Kind.NUMBER, false, Order.AFTER),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Kind.NUMBER, false, Order.NOT_BEFORE),
    DATE_EQUALS("DateEquals", Kind.DATE, false, Order.EQUAL),
    DATE_NOT_EQUALS("DateNotEquals", Kind.DATE, true, Order.EQUAL),
    DATE_LESS_THAN("DateLessThan", Kind.DATE, false, Order.BEFORE),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", Kind.DATE, false, Order.NOT_AFTER),
    DATE_GREATER_THAN("DateGreaterThan", Kind.DATE, false, Order.AFTER),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", Kind.DATE, false, Order.NOT_BEFORE),
    BOOL("Bool", Kind.YES_NO, false),
    BINARY_EQUALS("BinaryEquals", Kind.BINARY, false),
    IP_ADDRESS("IpAddress", Kind.ADDRESS, false),
    NOT_IP_ADDRESS("NotIpAddress", Kind.ADDRESS, true),
    ARN_EQUALS("ArnEquals", Kind.ARN, false),
    ARN_NOT_EQUALS("ArnNotEquals", Kind.ARN, true),
    ARN_LIKE("ArnLike", Kind.ARN, false),
    ARN_NOT_LIKE("ArnNotLike", Kind.ARN, true),
    NULL("Null", Kind.YES_NO, false);

    /** What an operator compares. */
    enum Kind {
        TEXT,
        TEXT_ANY_CASE,
        PATTERN,
        NUMBER,
        DATE,
        YES_NO,
        BINARY,
        ADDRESS,
        ARN
    }

    /** What the comparison of two values has to give. */
    enum Order {
        EQUAL,
        BEFORE,
        NOT_AFTER,
        AFTER,
        NOT_BEFORE;

        boolean holds(int comparison) {
            return switch (this) {
                case EQUAL -> comparison == 0;
                case BEFORE -> comparison < 0;
                case NOT_AFTER -> comparison <= 0;
                case AFTER -> comparison > 0;
                case NOT_BEFORE -> comparison >= 0;
            };
        }
    }

    private final String documentName;
    private final Kind kind;
    private final boolean negated;
    private final Order order;

    Operator(String documentName, Kind kind, boolean negated) {
        this(documentName, kind, negated, Order.EQUAL);
    }

    Operator(String documentName, Kind kind, boolean negated, Order order) {
        this.documentName = documentName;
        this.kind = kind;
        this.negated = negated;
        this.order = order;
    }

    /** The operator that documents call so; the names are case-sensitive. */
    static Optional<Operator> named(String name) {
        return Arrays.stream(values())
                .filter(operator -> operator.documentName.equals(name))
                .findFirst();
    }

    Kind kind() {
        return kind;
    }

    boolean negated() {
        return negated;
    }

    /** Whether the request's value compares with the document's as the plain operator says. A value that is not of the operator's kind never does. */
    boolean compares(String wanted, String given, Facts facts, boolean variables) {
        return switch (kind) {
            case TEXT ->
                replaced(wanted, facts, variables, false)
                        .map(glob -> glob.matches(given))
                        .orElse(false);
            case TEXT_ANY_CASE ->
                replaced(wanted, facts, variables, false)
                        .map(glob -> glob.matchesAnyCase(given))
                        .orElse(false);
            case PATTERN ->
                replaced(wanted, facts, variables, true)
                        .map(glob -> glob.matches(given))
                        .orElse(false);
            case ARN ->
                replaced(wanted, facts, variables, true)
                        .map(glob -> Values.arnMatches(glob, given))
                        .orElse(false);
            case NUMBER -> Values.order(Values.number(given), Values.number(wanted), order);
            case DATE -> Values.order(Values.date(given), Values.date(wanted), order);
            case YES_NO -> wanted.equalsIgnoreCase(given);
            case BINARY -> wanted.equals(given) || Values.sameBytes(wanted, given);
            case ADDRESS -> Values.isWithin(wanted, given);
        };
    }

    private static Optional<Glob> replaced(String wanted, Facts facts, boolean variables, boolean wildcards) {
        if (variables && wanted.contains("${")) {
            return wildcards ? Glob.withVariables(wanted, facts) : Glob.literalWithVariables(wanted, facts);
        }
        return Optional.of(wildcards ? Glob.ofText(wanted) : Glob.literal(wanted));
    }
}

package dev.coffer.core.access;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * A text in which {@code *} stands for any characters and {@code ?} for one. Matching takes at most the length of the text times the length of the pattern, since it returns to the last star alone.
 */
final class Glob {
    private static final int ANY = -1;
    private static final int ONE = -2;

    private final int[] pattern;

    private Glob(int[] pattern) {
        this.pattern = pattern;
    }

    /** A pattern without variables. */
    static Glob ofText(String text) {
        return new Glob(
                text.codePoints().map(c -> c == '*' ? ANY : c == '?' ? ONE : c).toArray());
    }

    /** A text that stands for itself. */
    static Glob literal(String text) {
        return new Glob(text.codePoints().toArray());
    }

    /**
     * A pattern whose variables are replaced; what they stand for is taken literally. {@code ${*}}, {@code ${?}} and {@code ${$}} stand for the character, {@code ${key, 'text'}} for the text if the key is absent.
     *
     * @return empty if a variable stands for nothing
     */
    static Optional<Glob> withVariables(String text, Facts facts) {
        return replaced(text, facts, Glob::ofText);
    }

    /** As {@link #withVariables}, but stars and question marks stand for themselves. */
    static Optional<Glob> literalWithVariables(String text, Facts facts) {
        return replaced(text, facts, Glob::literal);
    }

    private static Optional<Glob> replaced(String text, Facts facts, Function<String, Glob> plain) {
        var pattern = literal("");
        int at = 0;
        for (int open = text.indexOf("${"); open >= 0; open = text.indexOf("${", at)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                break;
            }
            var value = value(text.substring(open + 2, close), facts);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            pattern = pattern.then(plain.apply(text.substring(at, open))).then(literal(value.get()));
            at = close + 1;
        }
        return Optional.of(pattern.then(plain.apply(text.substring(at))));
    }

    private static Optional<String> value(String variable, Facts facts) {
        if (variable.equals("*") || variable.equals("?") || variable.equals("$")) {
            return Optional.of(variable);
        }
        int comma = variable.indexOf(',');
        var key = comma < 0 ? variable : variable.substring(0, comma);
        return facts.single(key.strip()).or(() -> comma < 0 ? Optional.empty() : quoted(variable.substring(comma + 1)));
    }

    private static Optional<String> quoted(String text) {
        var inner = text.strip();
        return inner.length() >= 2 && inner.startsWith("'") && inner.endsWith("'")
                ? Optional.of(inner.substring(1, inner.length() - 1))
                : Optional.empty();
    }

    private Glob then(Glob next) {
        var both = Arrays.copyOf(pattern, pattern.length + next.pattern.length);
        System.arraycopy(next.pattern, 0, both, pattern.length, next.pattern.length);
        return new Glob(both);
    }

    /** The parts between colons, at most so many; the last one keeps its colons. A star does not reach over a colon that parts are divided at. */
    Glob[] parts(int atMost) {
        var parts = new Glob[atMost];
        int count = 0;
        int from = 0;
        for (int at = 0; at < pattern.length && count < atMost - 1; at++) {
            if (pattern[at] == ':') {
                parts[count++] = new Glob(Arrays.copyOfRange(pattern, from, at));
                from = at + 1;
            }
        }
        parts[count++] = new Glob(Arrays.copyOfRange(pattern, from, pattern.length));
        return Arrays.copyOf(parts, count);
    }

    boolean matches(String text) {
        return matches(text.codePoints().toArray());
    }

    boolean matchesAnyCase(String text) {
        var folded = new Glob(Arrays.stream(pattern).map(Glob::folded).toArray());
        return folded.matches(text.codePoints().map(Glob::folded).toArray());
    }

    private static int folded(int c) {
        return c < 0 ? c : Character.toLowerCase(Character.toUpperCase(c));
    }

    private boolean matches(int[] text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int retry = 0;
        while (at < text.length) {
            if (in < pattern.length && pattern[in] == ANY) {
                star = in++;
                retry = at;
            } else if (in < pattern.length && (pattern[in] == ONE || pattern[in] == text[at])) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (in < pattern.length && pattern[in] == ANY) {
            in++;
        }
        return in == pattern.length;
    }
}

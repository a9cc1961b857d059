package dev.coffer.core.selection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text in which {@code *} stands for any text, anywhere; every other character stands for itself, {@code ?} too. Upper and lower case differ. A match costs time in proportion to the two
 * lengths, whatever the pattern. Immutable.
 */
public final class Glob {
    private static final int NONE = -1;

    private final String text;
    private final boolean spansWhiteSpace;
    private final List<Piece> pieces;

    /** Text between two asterisks, with the table of Knuth, Morris and Pratt: for each length of a prefix, its longest proper border. */
    private static final class Piece {
        final String text;
        private final int[] borders;

        Piece(String text) {
            this.text = text;
            this.borders = new int[text.length() + 1];
            for (int end = 1, border = 0; end < text.length(); end++) {
                while (border > 0 && text.charAt(end) != text.charAt(border)) {
                    border = borders[border];
                }
                if (text.charAt(end) == text.charAt(border)) {
                    border++;
                }
                borders[end + 1] = border;
            }
        }

        /** Where the piece begins first at or after a place, before an end; or -1. */
        int firstIn(String whole, int from, int end) {
            if (text.isEmpty()) {
                return from;
            }
            int matched = 0;
            for (int at = from; at < end; at++) {
                while (matched > 0 && whole.charAt(at) != text.charAt(matched)) {
                    matched = borders[matched];
                }
                if (whole.charAt(at) == text.charAt(matched)) {
                    matched++;
                }
                if (matched == text.length()) {
                    return at + 1 - matched;
                }
            }
            return NONE;
        }
    }

    private Glob(String text, boolean spansWhiteSpace) {
        this.text = text;
        this.spansWhiteSpace = spansWhiteSpace;
        var all = new ArrayList<Piece>();
        for (var part : text.split("\\*", -1)) {
            all.add(new Piece(part));
        }
        this.pieces = List.copyOf(all);
    }

    /** A pattern of ARNs: {@code *} spans no white space. */
    public static Glob ofArns(String text) {
        return new Glob(text, false);
    }

    /** A pattern of tag values: {@code *} spans every character, since alone it means any value. */
    public static Glob ofValues(String text) {
        return new Glob(text, true);
    }

    /** Whether the pattern is just a text. */
    public boolean isPlain() {
        return pieces.size() == 1;
    }

    /** Whether the whole text fits. */
    public boolean matches(String whole) {
        if (isPlain()) {
            return whole.equals(text);
        }
        var first = pieces.getFirst().text;
        var last = pieces.getLast().text;
        int end = whole.length() - last.length();
        if (end < first.length() || !whole.startsWith(first) || !whole.endsWith(last)) {
            return false;
        }
        // The first place of each piece is the best one: what a later place would spare the next asterisk, this one has
        // to span, and it is free of white space or the pieces are.
        int at = first.length();
        for (var piece : pieces.subList(1, pieces.size() - 1)) {
            int found = piece.firstIn(whole, at, end);
            if (found == NONE || !isSpanned(whole, at, found)) {
                return false;
            }
            at = found + piece.text.length();
        }
        return isSpanned(whole, at, end);
    }

    private boolean isSpanned(String whole, int from, int to) {
        return spansWhiteSpace || whole.substring(from, to).chars().noneMatch(Character::isWhitespace);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Glob glob && text.equals(glob.text) && spansWhiteSpace == glob.spansWhiteSpace;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}

package dev.coffer.wire.codec;

/** Java text may hold halves of surrogate pairs; UTF-8 may not. */
final class Surrogates {
    private Surrogates() {}

    static boolean allPaired(String text) {
        return firstUnpaired(text) < 0;
    }

    /** The text with each unpaired half replaced by U+FFFD. */
    static String replaced(String text) {
        if (allPaired(text)) {
            return text;
        }
        var whole = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }

    private static int firstUnpaired(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(at))) {
                    return at;
                }
                at++;
            }
        }
        return -1;
    }
}

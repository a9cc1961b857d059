package dev.coffer.aws.s3;

/** Texts from an endpoint, as a person may see them. */
final class Shown {
    private static final int LONGEST = 300;

    private Shown() {}

    /** A key in quotes. */
    static String key(String key) {
        return "'" + text(key) + "'";
    }

    /** The text without what a terminal or a log would obey, and not too much of it. */
    static String text(String text) {
        var shown = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST ? shown + "..." : shown.toString();
    }
}

package dev.coffer.wire;

/** A caller's own text, made safe to repeat in a message or a log. */
public final class Echo {
    /** No echo is longer than this, escapes included. */
    public static final int CHARACTERS_AT_MOST = 128;

    private static final String CUT = "...";

    private Echo() {}

    /**
     * Printable ASCII stays, everything else is written as a Java escape, and what would pass
     * {@link #CHARACTERS_AT_MOST} characters is cut with three dots.
     */
    public static String of(String text) {
        var safe = new StringBuilder();
        int cutAt = 0;
        for (int at = 0; at < text.length(); at++) {
            safe.append(escaped(text.charAt(at)));
            if (safe.length() > CHARACTERS_AT_MOST) {
                safe.setLength(cutAt);
                return safe.append(CUT).toString();
            }
            if (safe.length() <= CHARACTERS_AT_MOST - CUT.length()) {
                cutAt = safe.length();
            }
        }
        return safe.toString();
    }

    private static String escaped(char c) {
        if (c == '"' || c == '\\') {
            return "\\" + c;
        }
        return c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c);
    }

    /** {@link #of} between double quotes. */
    public static String quoted(String text) {
        return "\"" + of(text) + "\"";
    }
}

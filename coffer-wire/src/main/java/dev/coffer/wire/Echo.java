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
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            String next = c == '"' || c == '\\'
                    ? "\\" + c
                    : c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("\\u%04x", (int) c);
            boolean last = at + 1 == text.length();
            if (safe.length() + next.length() > (last ? CHARACTERS_AT_MOST : CHARACTERS_AT_MOST - CUT.length())) {
                return safe.append(CUT).toString();
            }
            safe.append(next);
        }
        return safe.toString();
    }

    /** {@link #of} between double quotes. */
    public static String quoted(String text) {
        return "\"" + of(text) + "\"";
    }
}

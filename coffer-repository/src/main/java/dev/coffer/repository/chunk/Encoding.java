package dev.coffer.repository.chunk;

/** How a chunk's bytes are kept. The codes are part of the format. */
public enum Encoding {
    RAW(0),
    ZSTD(1);

    private final int code;

    Encoding(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Whether a code is one of these. */
    public static boolean isKnown(int code) {
        return code == RAW.code || code == ZSTD.code;
    }

    /** The encoding with the code. */
    public static Encoding ofCode(int code) {
        for (var encoding : values()) {
            if (encoding.code == code) {
                return encoding;
            }
        }
        throw new IllegalArgumentException("no encoding has code " + code);
    }
}

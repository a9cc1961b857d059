package dev.coffer.engine.access;

import java.util.random.RandomGenerator;

/** Makes the ids and secrets of principals, keys and sessions, in AWS's forms. */
public final class Credentials {
    private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int ID_RANDOM = 16;
    private static final int SECRET_LENGTH = 40;
    private static final int TOKEN_LENGTH = 120;

    private final RandomGenerator random;

    /**
     * A maker.
     *
     * @param random must be a cryptographic source
     */
    public Credentials(RandomGenerator random) {
        this.random = random;
    }

    /** An id with the prefix: {@code AKIA} for keys, {@code ASIA} for sessions, {@code AIDA} for users, {@code AROA} for roles. */
    String id(String prefix) {
        return prefix + letters(ID_LETTERS, ID_RANDOM);
    }

    String secret() {
        return letters(SECRET_LETTERS, SECRET_LENGTH);
    }

    String token() {
        return letters(SECRET_LETTERS, TOKEN_LENGTH);
    }

    private String letters(String from, int count) {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }
}

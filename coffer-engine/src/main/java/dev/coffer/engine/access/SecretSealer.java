package dev.coffer.engine.access;

/** Encrypts secrets for the catalog under a key that is not in it. */
public interface SecretSealer {
    /** Encrypts and authenticates; the result is text. */
    String seal(String secret);

    /** Gives back what was sealed; an exception for anything else. */
    String unseal(String sealed);
}

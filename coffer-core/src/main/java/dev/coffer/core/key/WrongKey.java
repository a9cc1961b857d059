package dev.coffer.core.key;

/** A data key was wrapped by another key than the one at hand, or for another vault. Names the key that is expected. */
public final class WrongKey extends RuntimeException {
    public WrongKey(String expected, String have) {
        super("the vault's data key is wrapped by key " + expected + ", and the key at hand is " + have
                + ". Start with the key that is expected, or name it under 'formerKeys' in the configuration.");
    }

    public WrongKey(String message) {
        super(message);
    }
}

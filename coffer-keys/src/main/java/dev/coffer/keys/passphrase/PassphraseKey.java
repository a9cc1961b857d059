package dev.coffer.keys.passphrase;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import java.util.regex.Pattern;

/**
 * Wraps data keys under a passphrase, as {@link PassphraseSeal} does. The passphrase is known by a name that the operator chooses, so that its id tells nothing about it: nobody can test
 * guesses against an id.
 */
public final class PassphraseKey implements KeyProvider {
    /** The name of a passphrase that was given none. */
    public static final String DEFAULT_NAME = "default";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final String name;
    private final PassphraseSeal seal;

    /**
     * @throws IllegalArgumentException if {@link #isName} says no
     */
    public PassphraseKey(String name, PassphraseSeal seal) {
        if (!isName(name)) {
            throw new IllegalArgumentException("no name of a passphrase: " + name);
        }
        this.name = name;
        this.seal = seal;
    }

    /** Whether a passphrase can be called so: 1 to 64 letters, digits, dots, underscores and hyphens. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    @Override
    public String keyId() {
        return "passphrase:" + name;
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        return seal.seal(dataKey, context);
    }

    @Override
    public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
        if (!wrappedBy.equals(keyId())) {
            throw new WrongKey(wrappedBy, keyId());
        }
        try {
            return seal.open(wrapped, context);
        } catch (DoesNotOpen closed) {
            throw switch (closed.why()) {
                case MALFORMED ->
                    new WrongKey(
                            "the vault's data key is said to be wrapped by " + keyId()
                                    + ", and its bytes are not what a passphrase makes: they were changed. Put the vault's key blob back from a copy.");
                case ANOTHER_KEY ->
                    new WrongKey("the vault's data key does not open under the passphrase that " + keyId()
                            + " stands for: the passphrase is another one, or the key was wrapped for another vault, or its bytes were changed. "
                            + "Give the passphrase that was in use when the vault was wrapped.");
            };
        }
    }

    /** Names the key, and does not show it. */
    @Override
    public String toString() {
        return "PassphraseKey " + keyId();
    }
}

package dev.coffer.keys.token;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Wraps data keys by an AES key that never leaves a PKCS#11 token: the token itself encrypts (mechanism CKM_AES_GCM). The id is the token and key label as in a PKCS#11 URI (RFC 7512).
 *
 * <p>Wrapped bytes are version 1 (1 byte), a nonce (12) and the AES-256-GCM ciphertext with its tag of 16 bytes; the context is the associated data. Safe for several threads. After a failure
 * of the token it is opened anew at the next call; but a PIN that was once refused is not tried again, because tokens lock after a few attempts.
 */
public final class Pkcs11Key implements KeyProvider {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int KEY_BITS = 256;
    private static final List<String> UNSUITABLE =
            List.of("CKR_KEY_FUNCTION_NOT_PERMITTED", "CKR_KEY_TYPE_INCONSISTENT", "CKR_KEY_SIZE_RANGE");
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final TokenSettings settings;
    private final SecureRandom random;

    // Both are guarded by this.
    private Optional<Opened> opened = Optional.empty();
    private boolean pinRefused;

    /** A key in a session that is logged in. */
    private record Opened(Provider provider, SecretKey key) {}

    /** A key that is looked for at the first call. */
    Pkcs11Key(TokenSettings settings, SecureRandom random) {
        this.settings = settings;
        this.random = random;
    }

    /**
     * Logs in to the token and finds the key.
     *
     * @throws KeyServiceException if there is no such library, token or key, the PIN is wrong, or the key is not one for AES
     */
    public static Pkcs11Key open(TokenSettings settings, SecureRandom random) {
        var key = new Pkcs11Key(settings, random);
        key.ready();
        return key;
    }

    /**
     * Like {@link #open}, and makes the key on the token if there is none of that label: AES of 256 bits, private, sensitive, not extractable. Two processes that do so at the same moment may
     * make two; then opening says that the label is taken twice.
     */
    public static Pkcs11Key createIfMissing(TokenSettings settings, SecureRandom random) {
        var key = new Pkcs11Key(settings, random);
        var provider = key.provider();
        var store = key.login(provider);
        try {
            if (!store.containsAlias(settings.key())) {
                var generator = KeyGenerator.getInstance("AES", provider);
                generator.init(KEY_BITS);
                store.setEntry(settings.key(), new KeyStore.SecretKeyEntry(generator.generateKey()), null);
            }
        } catch (GeneralSecurityException | ProviderException failed) {
            throw new KeyServiceException(
                    "the key '" + settings.key() + "' cannot be made on token '" + settings.token() + "' ("
                            + root(failed) + "). Make an AES key of 256 bits of that label with the token's own tools.",
                    false,
                    failed);
        }
        key.ready();
        return key;
    }

    private synchronized Opened ready() {
        if (opened.isEmpty()) {
            if (pinRefused) {
                throw pinRefused(Optional.empty());
            }
            var provider = provider();
            opened = Optional.of(new Opened(provider, find(login(provider))));
        }
        return opened.get();
    }

    private synchronized void forget() {
        opened = Optional.empty();
    }

    private Provider provider() {
        long slot = TokenSlots.slotOf(settings.library(), settings.token());
        // The provider reads slot numbers as int.
        if (slot < 0 || slot > Integer.MAX_VALUE) {
            throw new KeyServiceException(
                    "the token '" + settings.token() + "' is in slot " + slot
                            + ", a number that Java cannot use. Configure the token's software to number its slots below 2^31.",
                    false);
        }
        var configuration = "--name=coffer-" + slot + "\nlibrary=\""
                + settings.library().toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"\nslot=" + slot
                + "\nattributes(*,CKO_SECRET_KEY,CKK_AES) = {\n"
                + "CKA_PRIVATE = true\nCKA_SENSITIVE = true\nCKA_EXTRACTABLE = false\n"
                + "CKA_ENCRYPT = true\nCKA_DECRYPT = true\n}\n";
        var base = Security.getProvider("SunPKCS11");
        if (base == null) {
            throw new KeyServiceException(
                    "this Java has no module jdk.crypto.cryptoki, so it cannot use tokens. Run Coffer on a full JDK.",
                    false);
        }
        try {
            return base.configure(configuration);
        } catch (ProviderException | IllegalArgumentException failed) {
            throw new KeyServiceException(
                    "the PKCS#11 library " + settings.library() + " does not work with token '" + settings.token()
                            + "' (" + root(failed) + "). Check the token and its software.",
                    true,
                    failed);
        }
    }

    private synchronized KeyStore login(Provider provider) {
        var pin = settings.pin().characters();
        try {
            var store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            return store;
        } catch (IOException refused) {
            if (refused.getCause() instanceof UnrecoverableKeyException) {
                pinRefused = true;
                throw pinRefused(Optional.of(refused));
            }
            throw new KeyServiceException(
                    "the objects of token '" + settings.token() + "' cannot be read (" + root(refused)
                            + "). If a label stands there twice, rename or remove one of the two.",
                    false,
                    refused);
        } catch (GeneralSecurityException | ProviderException failed) {
            throw unavailable("log in", failed);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    private KeyServiceException pinRefused(Optional<IOException> cause) {
        var message = "token '" + settings.token() + "' does not accept the PIN from "
                + settings.pin().source()
                + cause.map(refused -> " (" + root(refused) + ")").orElse(", which it has refused before")
                + ". It is not tried again, because tokens lock after a few attempts. Correct the PIN and start again.";
        return cause.map(refused -> new KeyServiceException(message, false, refused))
                .orElseGet(() -> new KeyServiceException(message, false));
    }

    private SecretKey find(KeyStore store) {
        try {
            if (!(store.getKey(settings.key(), null) instanceof SecretKey key)) {
                throw new KeyServiceException(
                        "token '" + settings.token() + "' has no secret key '" + settings.key()
                                + "'. Make one with the token's own tools, or correct 'key'.",
                        false);
            }
            if (!key.getAlgorithm().equals("AES")) {
                throw new KeyServiceException(
                        "the key '" + settings.key() + "' on token '" + settings.token() + "' is one for "
                                + key.getAlgorithm() + ". Use an AES key of " + KEY_BITS + " bits.",
                        false);
            }
            return key;
        } catch (GeneralSecurityException | ProviderException failed) {
            throw unavailable("find key '" + settings.key() + "'", failed);
        }
    }

    private static String encoded(String label) {
        return URLEncoder.encode(label, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** For example {@code pkcs11:token=backup%20hsm;object=coffer}. */
    @Override
    public String keyId() {
        return "pkcs11:token=" + encoded(settings.token()) + ";object=" + encoded(settings.key());
    }

    /**
     * @throws KeyServiceException if the token does not do its work
     */
    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var ciphertext =
                    cipher(ready(), Cipher.ENCRYPT_MODE, nonce, context).doFinal(dataKey);
            var wrapped = new byte[1 + NONCE_BYTES + ciphertext.length];
            wrapped[0] = VERSION;
            System.arraycopy(nonce, 0, wrapped, 1, NONCE_BYTES);
            System.arraycopy(ciphertext, 0, wrapped, 1 + NONCE_BYTES, ciphertext.length);
            return wrapped;
        } catch (GeneralSecurityException | ProviderException failed) {
            throw unavailable("encrypt", failed);
        }
    }

    /**
     * @throws KeyServiceException if the token does not do its work
     */
    @Override
    public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
        if (!wrappedBy.equals(keyId())) {
            throw new WrongKey(wrappedBy, keyId());
        }
        if (wrapped.length < 1 + NONCE_BYTES + TAG_BYTES || wrapped[0] != VERSION) {
            throw new WrongKey(
                    "the vault's data key is said to be wrapped by " + keyId()
                            + ", and its bytes are not what a token makes: they were changed. Put the vault's key blob back from a copy.");
        }
        var nonce = Arrays.copyOfRange(wrapped, 1, 1 + NONCE_BYTES);
        try {
            return cipher(ready(), Cipher.DECRYPT_MODE, nonce, context)
                    .doFinal(wrapped, 1 + NONCE_BYTES, wrapped.length - 1 - NONCE_BYTES);
        } catch (AEADBadTagException forged) {
            throw new WrongKey("the vault's data key does not open under " + keyId()
                    + ": the key on the token is another one of the same label, or the data key was wrapped for another vault, or its bytes were changed. "
                    + "Plug in the token that wrapped it, or put the vault's key blob back from a copy.");
        } catch (GeneralSecurityException | ProviderException failed) {
            throw unavailable("decrypt", failed);
        }
    }

    private Cipher cipher(Opened at, int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        try {
            var cipher = Cipher.getInstance(CIPHER, at.provider());
            cipher.init(mode, at.key(), new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(context);
            return cipher;
        } catch (NoSuchAlgorithmException lacking) {
            throw new KeyServiceException(
                    "token '" + settings.token()
                            + "' has no CKM_AES_GCM, which Coffer needs. Use a token that has it, or another kind of key.",
                    false,
                    lacking);
        } catch (InvalidKeyException invalid) {
            if (UNSUITABLE.stream().noneMatch(root(invalid)::contains)) {
                // The handle is of another session of the token, or the token is away.
                throw unavailable("use key '" + settings.key() + "'", invalid);
            }
            throw new KeyServiceException(
                    "the key '" + settings.key() + "' on token '" + settings.token() + "' cannot be used ("
                            + root(invalid) + "). It must be an AES key that may encrypt and decrypt.",
                    false,
                    invalid);
        }
    }

    private KeyServiceException unavailable(String action, Exception failed) {
        forget();
        return new KeyServiceException(
                "token '" + settings.token() + "' did not " + action + " (" + root(failed)
                        + "). Check that it is plugged in and its software runs; the call can be repeated.",
                true,
                failed);
    }

    private static String root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** Names the token and the key. */
    @Override
    public String toString() {
        return "Pkcs11Key " + keyId();
    }
}

package dev.coffer.keys.passphrase;

import dev.coffer.keys.secret.Secret;
import dev.coffer.keys.secret.UnusableSecret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * A secret that is long enough to make a key of. It counts in UTF-8 after Unicode normalization (NFC), so that it is the same on every keyboard and system.
 * Making one of a secret with fewer than {@value #SHORTEST} characters throws {@link UnusableSecret}.
 */
public record Passphrase(Secret secret) {
    /** How many characters it has at least. */
    public static final int SHORTEST = 12;

    private static final int MOST_BYTES_OF_A_CHARACTER = 3;

    public Passphrase {
        if (secret.length() < SHORTEST) {
            throw new UnusableSecret(
                    "the passphrase in " + secret.source() + " has fewer than " + SHORTEST
                            + " characters, so it could be found by trying. Choose a longer one, for example six random words.");
        }
        var text = secret.characters();
        try {
            if (CharBuffer.wrap(text).chars().allMatch(Character::isWhitespace)) {
                throw new UnusableSecret("the passphrase in " + secret.source()
                        + " is nothing but blanks. Choose one, for example six random words.");
            }
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    /** What the key is derived from; for the caller to wipe. */
    byte[] bytes() {
        var text = secret.characters();
        // The normalizer makes a String that cannot be wiped; plain ASCII, the usual case, does without.
        boolean ascii = CharBuffer.wrap(text).chars().allMatch(c -> c < 0x80);
        var normal = ascii
                ? CharBuffer.wrap(text)
                : CharBuffer.wrap(Normalizer.normalize(CharBuffer.wrap(text), Normalizer.Form.NFC));
        var encoded = ByteBuffer.allocate(normal.remaining() * MOST_BYTES_OF_A_CHARACTER);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(normal, encoded, true);
        var bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(text, '\0');
        return bytes;
    }

    /** Says where it came from, and does not show it. */
    @Override
    public String toString() {
        return "Passphrase from " + secret.source();
    }
}

package dev.coffer.keys.secret;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** A line of text that nobody may see, and where it came from. It is held as characters of its own and shown by nothing. */
public final class Secret {
    private static final int LONGEST_FILE = 4096;

    private final String source;
    private final char[] text;

    private Secret(String source, char[] text) {
        this.source = source;
        this.text = text;
    }

    /**
     * A secret that the caller has; copies it, so that the caller may wipe its own.
     *
     * @param source says in messages where it came from, for example {@code the passphrase that was typed}
     * @throws UnusableSecret if it is empty or not one line
     */
    public static Secret of(String source, char[] text) {
        return checked(source, text.clone(), text.length);
    }

    /**
     * The one line of a file in UTF-8. Line ends after it do not count.
     *
     * @throws UnusableSecret if the file cannot be read, is empty, or holds more than one line
     */
    public static Secret ofFile(Path file) {
        var source = "the file " + file;
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST_FILE + 1);
        } catch (NoSuchFileException absent) {
            throw new UnusableSecret(source + " does not exist. Write the secret into it, mode 0600.", absent);
        } catch (IOException unreadable) {
            throw new UnusableSecret(
                    source + " cannot be read (" + unreadable.getMessage()
                            + "). Check that it is a file and whose it is.",
                    unreadable);
        }
        if (bytes.length > LONGEST_FILE) {
            throw new UnusableSecret(source + " is longer than " + LONGEST_FILE
                    + " bytes, so it is not a secret of one line. Name the right file.");
        }
        CharBuffer decoded;
        try {
            decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException notText) {
            // Without the cause: nothing of the content shall be quoted.
            throw new UnusableSecret(source + " is not text in UTF-8. Write it with an editor that saves UTF-8.");
        }
        var all = new char[decoded.remaining()];
        decoded.get(all);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(decoded.array(), '\0');
        int end = all.length;
        while (end > 0 && (all[end - 1] == '\n' || all[end - 1] == '\r')) {
            end--;
        }
        return checked(source, all, end);
    }

    /**
     * The value of an environment variable.
     *
     * @throws UnusableSecret if it is not set, is empty, or holds more than one line
     */
    public static Secret ofEnvironment(String name, Function<String, Optional<String>> environment) {
        var source = "the environment variable " + name;
        var value = environment
                .apply(name)
                .orElseThrow(() -> new UnusableSecret(source + " is not set. Set it, or name a file instead."))
                .toCharArray();
        return checked(source, value, value.length);
    }

    private static Secret checked(String source, char[] all, int length) {
        var text = Arrays.copyOf(all, length);
        Arrays.fill(all, '\0');
        if (length == 0) {
            throw new UnusableSecret(source + " is empty. Write the secret into it.");
        }
        for (char c : text) {
            if (c == '\n' || c == '\r' || c == '\0') {
                throw new UnusableSecret(source + " holds more than one line. A secret is one line of text.");
            }
        }
        return new Secret(source, text);
    }

    /** Where it came from, for messages. */
    public String source() {
        return source;
    }

    /** A copy of its characters, for the caller to wipe. */
    public char[] characters() {
        return text.clone();
    }

    /** How many characters (code points) it has. */
    public int length() {
        return Character.codePointCount(text, 0, text.length);
    }

    /** Says where it came from, and does not show it. */
    @Override
    public String toString() {
        return "Secret from " + source;
    }
}

package dev.coffer.keys.escrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.coffer.keys.passphrase.DoesNotOpen;
import dev.coffer.keys.passphrase.PassphraseSeal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The data key of one vault under a passphrase, in a file that can be printed and typed in again. It opens the vault when the wrapping key is lost. Five lines of ASCII:
 *
 * <pre>
 * coffer-escrow-v1
 * vault ID
 * context BASE64
 * key BASE64
 * checksum HEX
 * </pre>
 *
 * <p>{@code context} is what the vault binds its wrapped keys to; it is not secret. {@code key} is sealed as {@link PassphraseSeal} says, bound to the first two lines (each ended by a line
 * feed) followed by the context. {@code checksum} is the SHA-256 of the four lines before it, each ended by a line feed; it tells damage from a wrong passphrase, and protects nothing.
 */
public final class EscrowFile {
    private static final String FIRST_LINE = "coffer-escrow-v1";
    private static final int LONGEST = 64 << 10;
    private static final Pattern VAULT = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Path file;
    private final String vault;
    private final byte[] context;
    private final byte[] sealed;

    private EscrowFile(Path file, String vault, byte[] context, byte[] sealed) {
        this.file = file;
        this.vault = vault;
        this.context = context;
        this.sealed = sealed;
    }

    /**
     * Writes a file of mode 0600 into a folder that exists, reads it back, and is durable on return. Never overwrites.
     *
     * @param vault the vault's id as text
     * @param context what the vault binds its wrapped keys to
     * @param random names the temporary file
     * @throws EscrowException.AlreadyExists if the name is taken
     * @throws EscrowException.Inaccessible if the file cannot be written
     */
    public static EscrowFile write(
            Path file, String vault, byte[] context, byte[] dataKey, PassphraseSeal seal, SecureRandom random) {
        if (!VAULT.matcher(vault).matches()) {
            throw new IllegalArgumentException("a vault's id is visible ASCII of one line");
        }
        var base64 = Base64.getEncoder();
        var lines = FIRST_LINE + "\nvault " + vault + "\ncontext " + base64.encodeToString(context) + "\nkey "
                + base64.encodeToString(seal.seal(dataKey, bound(vault, context))) + "\n";
        var text = lines + "checksum " + checksum(lines) + "\n";
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("the context is too long for an escrow file");
        }
        var folder = file.toAbsolutePath().getParent();
        if (folder == null || file.getFileName() == null) {
            throw new IllegalArgumentException(file + " is no name of a file");
        }
        try {
            store(folder, file.toAbsolutePath(), text, random);
        } catch (FileAlreadyExistsException taken) {
            throw new EscrowException.AlreadyExists(
                    "the file " + file + " exists, and an escrow file never overwrites one. Choose another name.",
                    taken);
        } catch (IOException failed) {
            throw new EscrowException.Inaccessible(
                    "the escrow file " + file + " cannot be written (" + failed
                            + "). Check that its folder exists and may be written.",
                    failed);
        }
        var written = read(file);
        if (!Arrays.equals(written.open(seal, vault, context), dataKey)) {
            throw new IllegalStateException("the escrow file " + file + " holds another key than was written");
        }
        return written;
    }

    private static void store(Path folder, Path file, String text, SecureRandom random) throws IOException {
        var suffix = new byte[8];
        random.nextBytes(suffix);
        var temporary =
                folder.resolve("." + file.getFileName() + "." + HexFormat.of().formatHex(suffix));
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            try (var channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
                var bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            // A link, unlike a rename, does not take the place of a file that is there.
            Files.createLink(file, temporary);
        } finally {
            Files.deleteIfExists(temporary);
        }
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /**
     * Reads a file without opening its key.
     *
     * @throws EscrowException.Inaccessible if it cannot be read
     * @throws EscrowException.Damaged if it is no escrow file, or its checksum is another
     */
    public static EscrowFile read(Path file) {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (IOException unreadable) {
            throw new EscrowException.Inaccessible(
                    "the escrow file " + file + " cannot be read (" + unreadable + "). Check its name and whose it is.",
                    unreadable);
        }
        // Editors change line ends and add lines to the end; neither changes a key.
        var lines = new String(bytes, StandardCharsets.ISO_8859_1).strip().split("\r?\n", -1);
        if (bytes.length > LONGEST || !lines[0].equals(FIRST_LINE)) {
            throw damaged(
                    file, "does not begin with the line " + FIRST_LINE + ", so it is no escrow file of this version");
        }
        if (lines.length != 5) {
            throw damaged(file, "has " + lines.length + " lines, not 5");
        }
        var vault = value(file, lines[1], "vault");
        var context = value(file, lines[2], "context");
        var key = value(file, lines[3], "key");
        var before = lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n" + lines[3] + "\n";
        if (!value(file, lines[4], "checksum").equals(checksum(before))) {
            throw damaged(file, "does not match its checksum: a character was changed");
        }
        if (!VAULT.matcher(vault).matches()) {
            throw damaged(file, "names no vault");
        }
        try {
            var base64 = Base64.getDecoder();
            return new EscrowFile(file, vault, base64.decode(context), base64.decode(key));
        } catch (IllegalArgumentException notBase64) {
            throw damaged(file, "holds a line that is not Base64");
        }
    }

    private static String value(Path file, String line, String name) {
        if (!line.startsWith(name + " ")) {
            throw damaged(file, "lacks the line that begins with '" + name + "'");
        }
        return line.substring(name.length() + 1);
    }

    private static EscrowException.Damaged damaged(Path file, String what) {
        return new EscrowException.Damaged("the file " + file + " " + what + ". Use another copy of the escrow file.");
    }

    private static byte[] bound(String vault, byte[] context) {
        var lines = (FIRST_LINE + "\nvault " + vault + "\n").getBytes(US_ASCII);
        return ByteBuffer.allocate(lines.length + context.length)
                .put(lines)
                .put(context)
                .array();
    }

    private static String checksum(String lines) {
        try {
            // What is not ASCII is never equal to what was written, and must not become equal on the way.
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The vault whose data key it is. */
    public String vault() {
        return vault;
    }

    /** What that vault binds its wrapped keys to, as it was when the file was written. */
    public byte[] context() {
        return context.clone();
    }

    /**
     * The data key, whatever the vault.
     *
     * @param seal with the passphrase that the file was written with; its cost does not matter
     * @throws EscrowException.WrongPassphrase if the passphrase is another one
     * @throws EscrowException.Damaged if the sealed bytes are none
     */
    public byte[] open(PassphraseSeal seal) {
        try {
            return seal.open(sealed, bound(vault, context));
        } catch (DoesNotOpen closed) {
            throw switch (closed.why()) {
                case MALFORMED ->
                    damaged(file, "holds no sealed key, though its checksum is right: it was made by something else");
                case ANOTHER_KEY ->
                    new EscrowException.WrongPassphrase(
                            "the escrow file " + file
                                    + " does not open: the passphrase is not the one that it was written with. Give that passphrase.");
            };
        }
    }

    /**
     * The data key of one vault.
     *
     * @throws EscrowException.OtherVault if the file is of another vault, or the vault binds its keys to something else than when the file was written
     * @throws EscrowException.WrongPassphrase if the passphrase is another one
     */
    public byte[] open(PassphraseSeal seal, String expectedVault, byte[] expectedContext) {
        if (!vault.equals(expectedVault)) {
            throw new EscrowException.OtherVault("the escrow file " + file + " is of vault " + vault + ", and vault "
                    + expectedVault + " is to be opened. Use the file that was written for it.");
        }
        if (!Arrays.equals(context, expectedContext)) {
            throw new EscrowException.OtherVault(
                    "the escrow file " + file + " is of vault " + vault
                            + " with another format blob than the vault has now. Put the vault's format blob back, or use the file that was written for this one.");
        }
        return open(seal);
    }

    /** Names the file and the vault, and does not show the key. */
    @Override
    public String toString() {
        return "EscrowFile " + file + " of vault " + vault;
    }
}

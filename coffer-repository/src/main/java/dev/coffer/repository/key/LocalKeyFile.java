package dev.coffer.repository.key;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.WrongKey;
import dev.coffer.repository.format.Digests;
import dev.coffer.repository.format.FieldWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps data keys by AES-256-GCM under a key that lies in a file. The file is text of three lines: {@code coffer-key-v1}, the fingerprint, the key in hexadecimal digits. It must be kept
 * apart from the vaults: without it they cannot be read by anybody.
 */
public final class LocalKeyFile implements KeyProvider {
    /** The name of the file in its folder. */
    public static final String NAME = "coffer.key";

    private static final String FIRST_LINE = "coffer-key-v1";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int LONGEST = 4096;

    private final SecretKeySpec key;
    private final String fingerprint;
    private final SecureRandom random;

    private LocalKeyFile(byte[] key, SecureRandom random) {
        this.key = new SecretKeySpec(key, "AES");
        this.fingerprint = fingerprint(key);
        this.random = random;
    }

    private static String fingerprint(byte[] key) {
        var named = new FieldWriter(64)
                .raw("coffer key fingerprint".getBytes(StandardCharsets.US_ASCII))
                .raw(key);
        return Digests.sha256(named.array(), 0, named.length()).toString().substring(0, 32);
    }

    /**
     * The key of the folder's key file; makes the file (mode 0600), durable on return, if there is none.
     *
     * @throws BrokenKeyFile if there is a file and it holds no key
     */
    public static LocalKeyFile openOrCreate(Path folder, SecureRandom random) throws IOException {
        var file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            create(folder, file, random);
        }
        settle(folder.toAbsolutePath());
        return open(folder, random);
    }

    private static void create(Path folder, Path file, SecureRandom random) throws IOException {
        Files.createDirectories(folder);
        var key = new byte[KEY_BYTES];
        random.nextBytes(key);
        var hex = HexFormat.of().formatHex(key);
        var text = FIRST_LINE + "\nfingerprint " + fingerprint(key) + "\nkey " + hex + "\n";
        var suffix = new byte[8];
        random.nextBytes(suffix);
        var temporary = folder.resolve("." + NAME + "." + HexFormat.of().formatHex(suffix));
        var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            try (var channel = FileChannel.open(
                    temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException first) {
            // Another process made the key in the meantime; its key is the one.
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Syncs the folder and those above it. They may just have been made, here, by another process, or by an attempt whose sync failed; and a key that is durable in a folder that is not would be
     * lost with all that it has sealed.
     */
    private static void settle(Path folder) throws IOException {
        for (var path = Optional.of(folder); path.isPresent(); path = path.map(Path::getParent)) {
            try {
                sync(path.get());
            } catch (IOException failure) {
                // Who may not read a folder has not made it, and the other is the answer of a medium that nobody
                // writes.
                if (!(failure instanceof AccessDeniedException) && !"Invalid argument".equals(failure.getMessage())) {
                    throw failure;
                }
            }
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /**
     * The key of the folder's key file.
     *
     * @throws BrokenKeyFile if there is no file, or it holds no key
     */
    public static LocalKeyFile open(Path folder, SecureRandom random) throws IOException {
        var file = folder.resolve(NAME);
        if (Files.isDirectory(file)) {
            throw new BrokenKeyFile("the key file " + file + " is a folder");
        }
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (NoSuchFileException absent) {
            throw new BrokenKeyFile("there is no key file " + file, absent);
        }
        return new LocalKeyFile(parse(file, new String(bytes, StandardCharsets.ISO_8859_1)), random);
    }

    private static byte[] parse(Path file, String text) {
        if (text.isBlank()) {
            throw new BrokenKeyFile("the key file " + file + " is empty");
        }
        if (text.length() > LONGEST) {
            throw new BrokenKeyFile("the key file " + file + " is too long to be one");
        }
        // Editors change line ends and add lines to the end; neither changes a key.
        var lines = text.strip().split("\r?\n", -1);
        if (!lines[0].equals(FIRST_LINE)) {
            throw new BrokenKeyFile("the key file " + file + " does not begin with the line " + FIRST_LINE);
        }
        if (lines.length != 3 || !lines[1].startsWith("fingerprint ") || !lines[2].startsWith("key ")) {
            throw new BrokenKeyFile(
                    "the key file " + file + " does not consist of the lines " + FIRST_LINE + ", fingerprint and key");
        }
        var digits = lines[2].substring("key ".length());
        if (digits.length() != 2 * KEY_BYTES) {
            throw new BrokenKeyFile("the key in " + file + " has " + digits.length() + " digits, not " + 2 * KEY_BYTES);
        }
        byte[] key;
        try {
            key = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException notHex) {
            throw new BrokenKeyFile("the key in " + file + " holds a character that is no hexadecimal digit");
        }
        if (!lines[1].equals("fingerprint " + fingerprint(key))) {
            throw new BrokenKeyFile("the key in " + file + " does not match its fingerprint: one of them was changed");
        }
        return key;
    }

    @Override
    public String keyId() {
        return "local:" + fingerprint;
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(dataKey);
            var wrapped = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, wrapped, NONCE_BYTES, sealed.length);
            return wrapped;
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("wrapping failed", bug);
        }
    }

    @Override
    public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
        if (!wrappedBy.equals(keyId())) {
            throw new WrongKey(wrappedBy, keyId());
        }
        if (wrapped.length < NONCE_BYTES + TAG_BYTES) {
            throw new WrongKey("the vault's wrapped data key is too short to be one");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, NONCE_BYTES), context)
                    .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
        } catch (AEADBadTagException forged) {
            throw new WrongKey(
                    "the vault's data key does not open under key " + keyId()
                            + ", which its format file names: it was wrapped for another vault, or the format file was changed.");
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("unwrapping failed", bug);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    /** Names the key, and does not show it. */
    @Override
    public String toString() {
        return "LocalKeyFile " + keyId();
    }
}

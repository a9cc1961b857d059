package dev.coffer.server.node;

import dev.coffer.repository.key.BrokenKeyFile;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The key file that wraps the data keys of this node's vaults. */
public final class VaultKey {
    private VaultKey() {}

    /**
     * Opens the key, or makes one for a node without vaults.
     *
     * @throws NodeException if the file is broken, or missing while there are vaults that only it can open
     */
    public static LocalKeyFile open(Path keys, Path vaults, SecureRandom random) {
        var file = keys.resolve(LocalKeyFile.NAME);
        try {
            // A new key beside old vaults would open none of them, and would hide that the right one is missing.
            if (Files.notExists(file) && hasFolders(vaults)) {
                throw NodeException.ofKey(
                        "the key file " + file
                                + " is missing, and there are vaults that only it can open. Put it back from where you keep its copy.");
            }
            return LocalKeyFile.openOrCreate(keys, random);
        } catch (BrokenKeyFile broken) {
            throw NodeException.ofKey(
                    broken.getMessage() + ". Put the right file back; without it no vault can be read.");
        } catch (IOException unreadable) {
            throw new NodeException("the key file " + file + " cannot be read (" + unreadable + ").", unreadable);
        }
    }

    private static boolean hasFolders(Path vaults) throws IOException {
        try (var folders = Files.newDirectoryStream(vaults, Files::isDirectory)) {
            return folders.iterator().hasNext();
        }
    }
}

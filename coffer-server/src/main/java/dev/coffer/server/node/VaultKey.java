package dev.coffer.server.node;

import dev.coffer.repository.key.BrokenKeyFile;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** The key file that wraps the data keys of this node's vaults. */
public final class VaultKey {
    private VaultKey() {}

    /**
     * Opens the key, or makes one for a node without vaults.
     *
     * @throws NodeException if the file is broken, or missing while there are vaults that only it can open
     */
    public static LocalKeyFile open(Path keys, List<Path> vaults, SecureRandom random) {
        var file = keys.resolve(LocalKeyFile.NAME);
        return opened(file, () -> {
            // A new key beside old vaults would open none of them, and would hide that the right one is missing.
            if (Files.notExists(file) && anyHoldsVaults(vaults)) {
                throw NodeException.ofKey(
                        "the key file " + file
                                + " is missing, and there are vaults that only it can open. Put it back from where you keep its copy.");
            }
            return LocalKeyFile.openOrCreate(keys, random);
        });
    }

    /**
     * Opens the key, or makes one, also for a node whose vaults are still wrapped by other keys.
     *
     * @throws NodeException if the file is broken
     */
    public static LocalKeyFile openOrCreate(Path keys, SecureRandom random) {
        return opened(keys.resolve(LocalKeyFile.NAME), () -> LocalKeyFile.openOrCreate(keys, random));
    }

    /**
     * Opens the key, and makes none.
     *
     * @throws NodeException if there is no file, or it is broken
     */
    public static LocalKeyFile openExisting(Path keys, SecureRandom random) {
        return opened(keys.resolve(LocalKeyFile.NAME), () -> LocalKeyFile.open(keys, random));
    }

    private interface Opening {
        LocalKeyFile run() throws IOException;
    }

    private static LocalKeyFile opened(Path file, Opening opening) {
        try {
            return opening.run();
        } catch (BrokenKeyFile broken) {
            throw NodeException.ofKey(
                    broken.getMessage() + ". Put the right file back; without it no vault can be read.");
        } catch (IOException unreadable) {
            throw new NodeException("the key file " + file + " cannot be read (" + unreadable + ").", unreadable);
        }
    }

    private static boolean anyHoldsVaults(List<Path> folders) throws IOException {
        for (var folder : folders) {
            if (VaultFolders.holdsVaults(folder)) {
                return true;
            }
        }
        return false;
    }
}

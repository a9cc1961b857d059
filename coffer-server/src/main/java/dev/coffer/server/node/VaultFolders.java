package dev.coffer.server.node;

import dev.coffer.core.arn.Region;
import dev.coffer.repository.VaultFolder;
import dev.coffer.server.config.Config;
import dev.coffer.server.config.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders that the vaults of this node's Regions are in. */
public final class VaultFolders {
    private static final Logger LOG = LoggerFactory.getLogger(VaultFolders.class);

    private final Path own;
    private final Storage storage;
    private final Optional<Path> cold;
    private final List<Region> regions;

    private VaultFolders(Path own, Storage storage, Optional<Path> cold, List<Region> regions) {
        this.own = own;
        this.storage = storage;
        this.cold = cold;
        this.regions = regions;
    }

    /**
     * The folders that the configuration names, or else the data folder's.
     *
     * @throws NodeException if a named one is not there, or that of cold storage cannot be made
     */
    public static VaultFolders of(Config config, DataFolder folder) {
        config.storage()
                .named()
                .filter(path -> !Files.isDirectory(path))
                .findFirst()
                .ifPresent(missing -> {
                    throw new NodeException("the folder of vaults " + missing
                            + ", which 'storage' names, is not there. Mount it, or make it for a new installation.");
                });
        config.coldStorage()
                .filter(path -> !Files.isDirectory(path))
                .ifPresent(
                        path -> LOG.atWarn()
                                .addKeyValue("path", path)
                                .log(
                                        "the folder of cold storage is not there. Nothing moves to cold storage, and what is there cannot be restored, until it is"));
        var folders =
                new VaultFolders(folder.folder("vaults"), config.storage(), config.coldStorage(), config.regions());
        if (config.coldStorage().isEmpty()) {
            config.regions().forEach(region -> make(folders.coldOf(region)));
        }
        return folders;
    }

    private static void make(Path coldFolder) {
        try {
            Files.createDirectories(coldFolder);
        } catch (IOException cannot) {
            throw new NodeException(
                    "the folder of cold storage " + coldFolder + " cannot be made (" + cannot
                            + "). Let the user that the server runs as own the folder that it is in.",
                    cannot);
        }
    }

    /** The folder of a Region's vaults. */
    public Path of(Region region) {
        return storage.of(region, own);
    }

    /** The folder of the cold parts of a Region's vaults: where the configuration has it, or else beside the data folder's vaults, or inside the folder that is named for vaults. */
    public Path coldOf(Region region) {
        var vaults = of(region);
        return cold.orElseGet(
                () -> vaults.equals(own) ? own.resolveSibling(VaultFolder.COLD) : vaults.resolve(VaultFolder.COLD));
    }

    /** All of them; the first is that of the first Region. */
    public List<Path> all() {
        return storage.all(regions, own);
    }

    /** The Regions whose vaults are in the folder. */
    public boolean isOf(Path folder, Region region) {
        return of(region).equals(folder);
    }

    /**
     * Writes a file in each and removes it.
     *
     * @throws IOException if one of them cannot be written
     */
    public void tryToWrite() throws IOException {
        for (var folder : all()) {
            Files.delete(Files.createTempFile(folder, ".ready-", ""));
        }
    }

    /**
     * Sees that a folder with vaults is not taken for an empty one.
     *
     * @param regionsOfVaults the Regions of which the catalog lists vaults
     * @throws NodeException if there is nothing where vaults should be
     */
    public void mustHoldVaults(List<Region> regionsOfVaults) {
        for (var region : regionsOfVaults) {
            var folder = of(region);
            try {
                if (!holdsVaults(folder)) {
                    throw new NodeException(
                            "the folder of vaults " + folder + " is empty, and the catalog lists vaults of " + region
                                    + ". Mount it, or correct 'storage' in the configuration.");
                }
            } catch (IOException unreadable) {
                throw new NodeException(
                        "the folder of vaults " + folder + " cannot be read (" + unreadable + ").", unreadable);
            }
        }
    }

    /**
     * Whether a folder of vaults has any, which are in folders of accounts.
     *
     * @throws IOException if it cannot be read
     */
    static boolean holdsVaults(Path folder) throws IOException {
        try (var accounts = Files.newDirectoryStream(
                folder, inside -> Files.isDirectory(inside) && !inside.endsWith(VaultFolder.COLD))) {
            return accounts.iterator().hasNext();
        }
    }
}

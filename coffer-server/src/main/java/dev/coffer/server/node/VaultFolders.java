package dev.coffer.server.node;

import dev.coffer.core.arn.Region;
import dev.coffer.server.config.Config;
import dev.coffer.server.config.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folders that the vaults of this node's Regions are in. */
public final class VaultFolders {
    private final Path own;
    private final Storage storage;
    private final List<Region> regions;

    private VaultFolders(Path own, Storage storage, List<Region> regions) {
        this.own = own;
        this.storage = storage;
        this.regions = regions;
    }

    /**
     * The folders that the configuration names, or else the data folder's.
     *
     * @throws NodeException if a named one is not there
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
        return new VaultFolders(folder.folder("vaults"), config.storage(), config.regions());
    }

    /** The folder of a Region's vaults. */
    public Path of(Region region) {
        return storage.of(region, own);
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
            try (var inside = Files.newDirectoryStream(folder, Files::isDirectory)) {
                if (!inside.iterator().hasNext()) {
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
}

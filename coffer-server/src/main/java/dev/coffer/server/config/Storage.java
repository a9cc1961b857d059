package dev.coffer.server.config;

import dev.coffer.core.arn.Region;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders of vaults that are not the data folder's own, which nodes that share a catalog share too.
 *
 * @param folder of the Regions that have none of their own here; empty for the data folder's
 */
public record Storage(Optional<Path> folder, Map<Region, Path> folderByRegion) {
    /** The data folder's own. */
    public static final Storage OWN = new Storage(Optional.empty(), Map.of());

    public Storage {
        folderByRegion = Map.copyOf(folderByRegion);
    }

    /** Where the vaults of the Region are. */
    public Path of(Region region, Path own) {
        return folderByRegion.getOrDefault(region, folder.orElse(own));
    }

    /** All folders of the Regions. */
    public List<Path> all(List<Region> regions, Path own) {
        return regions.stream().map(region -> of(region, own)).distinct().toList();
    }

    /** The folders that the configuration names, which must be there. */
    public Stream<Path> named() {
        return Stream.concat(folder.stream(), folderByRegion.values().stream()).distinct();
    }
}

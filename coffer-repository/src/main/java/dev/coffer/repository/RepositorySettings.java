package dev.coffer.repository;

import dev.coffer.core.arn.Region;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.store.Reserve;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How repositories work.
 *
 * @param newVaults the format parameters of vaults that are made; existing vaults keep theirs
 * @param zstdLevel how hard chunks are compressed
 * @param workers how many processors there are for a session: so many threads compress and seal, and one more, since who stores a pack waits
 * @param threads makes them
 * @param readCacheBytes memory for pieces of packs, for all vaults together
 * @param around put around each vault's store
 * @param owner names this installation among those that share vaults: letters, digits and hyphens. One process at most runs under it at a time. Empty for one that never comes back
 * @param reserve space for deletions on a full disk
 * @param cold where cold storage is; empty for none
 * @param unusedAtMost a sweep rewrites partly needed packs until no more than this share of what is needed is dead
 */
public record RepositorySettings(
        FormatParameters newVaults,
        int zstdLevel,
        int workers,
        ThreadFactory threads,
        long readCacheBytes,
        UnaryOperator<BlobStore> around,
        Optional<String> owner,
        Reserve reserve,
        Optional<Cold> cold,
        double unusedAtMost) {
    private static final Pattern OWNER = Pattern.compile("[a-zA-Z0-9-]{1,64}");
    private static final int WORKERS_AT_MOST = 8;

    /**
     * Cold storage.
     *
     * @param folder the folder of the cold parts of a Region's vaults: {@code ACCOUNT/REGION/NAME} below it
     * @param zstdLevel how hard chunks are compressed there
     * @param around put around the store of each cold part
     */
    public record Cold(Function<Region, Path> folder, int zstdLevel, UnaryOperator<BlobStore> around) {
        /** Compressed hard, since what lies there is written once and read seldom. */
        public static Cold in(Function<Region, Path> folder) {
            return new Cold(folder, 9, UnaryOperator.identity());
        }
    }

    public RepositorySettings {
        if (owner.isPresent() && !OWNER.matcher(owner.get()).matches()) {
            throw new IllegalArgumentException("no name of an owner: " + owner.get());
        }
        if (unusedAtMost < 0
                || unusedAtMost > 1
                || workers < 1
                || zstdLevel < 1
                || zstdLevel > 19
                || readCacheBytes < 0) {
            throw new IllegalArgumentException("settings of the repository are out of their bounds");
        }
    }

    /** What fits most machines: a worker for each processor, zstd level 3, 64 MiB of cache. */
    public static RepositorySettings standard(int processors) {
        return new RepositorySettings(
                FormatParameters.STANDARD,
                3,
                Math.clamp(processors, 2, WORKERS_AT_MOST),
                Thread.ofPlatform().daemon().name("seal-", 1).factory(),
                64L << 20,
                UnaryOperator.identity(),
                Optional.empty(),
                Reserve.NONE,
                Optional.empty(),
                0.02);
    }

    public RepositorySettings withNewVaults(FormatParameters parameters) {
        return new RepositorySettings(
                parameters, zstdLevel, workers, threads, readCacheBytes, around, owner, reserve, cold, unusedAtMost);
    }

    public RepositorySettings withStores(UnaryOperator<BlobStore> wrapping) {
        return new RepositorySettings(
                newVaults, zstdLevel, workers, threads, readCacheBytes, wrapping, owner, reserve, cold, unusedAtMost);
    }

    public RepositorySettings withOwner(String name) {
        return new RepositorySettings(
                newVaults,
                zstdLevel,
                workers,
                threads,
                readCacheBytes,
                around,
                Optional.of(name),
                reserve,
                cold,
                unusedAtMost);
    }

    public RepositorySettings withReserve(Reserve kept) {
        return new RepositorySettings(
                newVaults, zstdLevel, workers, threads, readCacheBytes, around, owner, kept, cold, unusedAtMost);
    }

    public RepositorySettings withCold(Cold storage) {
        return new RepositorySettings(
                newVaults,
                zstdLevel,
                workers,
                threads,
                readCacheBytes,
                around,
                owner,
                reserve,
                Optional.of(storage),
                unusedAtMost);
    }
}

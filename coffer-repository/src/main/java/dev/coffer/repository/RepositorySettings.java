package dev.coffer.repository;

import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.FormatParameters;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;

/**
 * How repositories work.
 *
 * @param newVaults the format parameters of vaults that are made; existing vaults keep theirs
 * @param zstdLevel how hard chunks are compressed
 * @param workers how many threads of one session compress and seal
 * @param threads makes them
 * @param readCacheBytes memory for pieces of packs, for all vaults together
 * @param around put around each vault's store
 */
public record RepositorySettings(
        FormatParameters newVaults,
        int zstdLevel,
        int workers,
        ThreadFactory threads,
        long readCacheBytes,
        UnaryOperator<BlobStore> around) {
    private static final int WORKERS_AT_MOST = 8;

    public RepositorySettings {
        if (workers < 1 || zstdLevel < 1 || zstdLevel > 19 || readCacheBytes < 0) {
            throw new IllegalArgumentException("settings of the repository are out of their bounds");
        }
    }

    /** What fits most machines: a worker for each processor, zstd level 1, 64 MiB of cache. */
    public static RepositorySettings standard(int processors) {
        return new RepositorySettings(
                FormatParameters.STANDARD,
                1,
                Math.clamp(processors, 2, WORKERS_AT_MOST),
                Thread.ofPlatform().daemon().name("seal-", 1).factory(),
                64L << 20,
                UnaryOperator.identity());
    }

    public RepositorySettings withNewVaults(FormatParameters parameters) {
        return new RepositorySettings(parameters, zstdLevel, workers, threads, readCacheBytes, around);
    }

    public RepositorySettings withStores(UnaryOperator<BlobStore> wrapping) {
        return new RepositorySettings(newVaults, zstdLevel, workers, threads, readCacheBytes, wrapping);
    }
}

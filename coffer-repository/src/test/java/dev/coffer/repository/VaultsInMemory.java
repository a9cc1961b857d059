package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.key.LocalKeyFile;
import dev.coffer.repository.store.FsBlobStore;
import dev.coffer.testkit.fs.CrashFileSystem;
import dev.coffer.testkit.fs.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Vaults on crash file systems, with a key and caches in a folder of the machine. */
final class VaultsInMemory {
    private static final String VAULTS = "vaults";

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final LocalKeyFile key;
    private int caches;

    VaultsInMemory(Path folder) throws IOException {
        this.folder = folder;
        this.key = LocalKeyFile.openOrCreate(folder.resolve("key"), random);
    }

    static CrashFileSystem disk() {
        // Every process has started later than this, so leftovers of one that has ended are known by their age.
        return new CrashFileSystem(InstantSource.fixed(Instant.EPOCH));
    }

    Path emptyCache() {
        caches++;
        return folder.resolve("cache" + caches);
    }

    /** A cache with what the other one holds. */
    Path copy(Path cache) throws IOException {
        var copy = emptyCache();
        try (var paths = Files.walk(cache)) {
            for (var path : paths.toList()) {
                Files.copy(path, copy.resolve(cache.relativize(path).toString()));
            }
        }
        return copy;
    }

    private FileRepositories start(CrashFileSystem disk, Path cache, RepositorySettings settings) {
        return new FileRepositories(
                disk.root().resolve(VAULTS), cache, key, random, settings.withNewVaults(Installation.SMALL));
    }

    /** A new process, while others of this machine may run. */
    FileRepositories start(CrashFileSystem disk, Path cache, UnaryOperator<BlobStore> stores) {
        return start(disk, cache, RepositorySettings.standard(2).withStores(stores));
    }

    /** The next process of the server. */
    FileRepositories start(CrashFileSystem disk, Path cache) {
        return start(disk, cache, RepositorySettings.standard(2).withOwner("server"));
    }

    static Manifest write(Repository vault, SessionId id, List<SessionId> parents, SampleTree tree)
            throws InterruptedException {
        return vault.write(
                id,
                SampleTree.description(),
                parents.stream().findFirst(),
                tree.incremental(new java.util.concurrent.atomic.AtomicInteger()),
                () -> {});
    }

    static Set<SessionId> listed(Repository vault) throws InterruptedException {
        var ids = new HashSet<SessionId>();
        vault.points(manifest -> ids.add(manifest.id()));
        return ids;
    }

    /** What the message of a fault names. */
    static String cause(Errno errno) {
        return switch (errno) {
            case ENOSPC -> "storage full";
            case EDQUOT -> "storage full: the quota is used up";
            case EROFS -> "the file system is read-only";
            case EIO -> "Input/output error";
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Looks whether every blob that is named by its bytes has those bytes. */
    static void assertNothingIsHalfWritten(CrashFileSystem disk) throws IOException, InterruptedException {
        var store =
                new FsBlobStore(disk.root().resolve(VAULTS).resolve("111122223333/eu-west-1/Default"), new Random(1));
        var blobs = new ArrayList<BlobInfo>();
        store.list("", blobs::add);
        for (var blob : blobs) {
            var name = blob.key().value();
            if (name.startsWith(BlobNames.PACKS) || name.startsWith(BlobNames.INDEX) || name.startsWith("keys/")) {
                try (var in = store.open(blob.key(), new ByteRange(0, blob.size()))) {
                    assertThat(sha256(in.readAllBytes()))
                            .as("%s in %s", blob, disk)
                            .isEqualTo(name.substring(name.lastIndexOf('/') + 1));
                }
            }
        }
    }

    /** Names the blobs of a disk and what is in them. */
    static String digest(CrashFileSystem disk) {
        var text = new StringBuilder();
        try (var paths = Files.walk(disk.root())) {
            for (var path : paths.sorted().toList()) {
                if (Files.isRegularFile(path) && !path.toString().contains("/.")) {
                    text.append(path)
                            .append(' ')
                            .append(sha256(Files.readAllBytes(path)))
                            .append('\n');
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}

package dev.coffer.repository.store;

import dev.coffer.core.store.BlobStore;
import dev.coffer.testkit.fs.CrashFileSystem;
import dev.coffer.testkit.store.BlobStoreContract;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Random;

/** The crash file system is as good a place for blobs as a real one, also if each write takes some of the bytes only. */
final class FsBlobStoreInMemoryTest implements BlobStoreContract {
    private final CrashFileSystem system = new CrashFileSystem(InstantSource.system());

    FsBlobStoreInMemoryTest() {
        system.writeShort(new Random(1));
    }

    @Override
    public BlobStore store() {
        return new FsBlobStore(system.root().resolve("made/with/the/first"), new SecureRandom());
    }
}

package dev.coffer.repository.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Capability;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.store.BlobStoreContract;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsBlobStoreTest implements BlobStoreContract {
    private static final BlobKey KEY = new BlobKey("packs/ab/cd");

    @TempDir
    private Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void folders() throws IOException {
        root = folder.resolve("made/with/the/first");
        outside = Files.createDirectory(folder.resolve("outside"));
    }

    @Override
    public BlobStore store() {
        return new FsBlobStore(root, new SecureRandom());
    }

    private static Payload text(String text) {
        return Payload.of(text.getBytes(UTF_8));
    }

    private static Payload failing(IOException failure) {
        return new Payload() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw failure;
            }
        };
    }

    private List<String> listed(String prefix) throws InterruptedException {
        var keys = new ArrayList<String>();
        store().list(prefix, info -> keys.add(info.key().value()));
        return keys;
    }

    private static List<Path> children(Path directory) throws IOException {
        try (var paths = Files.list(directory)) {
            return paths.toList();
        }
    }

    private void assertAbsent(BlobKey key) {
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> store().open(key, new ByteRange(0, 0)).close());
    }

    @Test
    void aTakenKeyIsRefusedToEveryProcessAndNothingIsRetained() {
        assertThat(store().capabilities()).containsExactly(Capability.CONDITIONAL_CREATE);
    }

    @Test
    void aBlobIsTheFileThatItsKeySpellsAndTheOwnersAlone() throws Exception {
        store().create(KEY, text("x"));
        assertThat(root.resolve("packs/ab/cd")).hasContent("x");
        assertThat(Files.getPosixFilePermissions(root.resolve("packs/ab/cd")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        for (var made : List.of(root, root.resolve("packs"), root.resolve("packs/ab"), root.resolve(".tmp"))) {
            assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void largeBlobsOfAnySizeAreKeptToTheByte() throws Exception {
        var random = new Random(1);
        int large = FileFiller.LARGE_BYTES;
        for (int size :
                new int[] {large - 1, large, large + 1, large + 4095, 4 << 20, (4 << 20) + 4097, (9 << 20) + 1, 12 << 20
                }) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            var key = new BlobKey("large/" + size);
            store().create(key, Payload.of(bytes));
            try (var in = store().open(key, new ByteRange(0, size))) {
                assertThat(in.readAllBytes()).isEqualTo(bytes);
            }
            assertThat(store().size(key)).hasValue(size);
        }
    }

    @Test
    void whatCannotBeWrittenPastTheCacheGoesThroughIt() throws Exception {
        var bytes = new byte[(9 << 20) + 1];
        new Random(1).nextBytes(bytes);
        var path = folder.resolve("filled");
        var refusing =
                FileChannel.open(folder.resolve("other"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        refusing.close();
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThat(FileFiller.fill(file, Optional.of(refusing), new ByteArrayInputStream(bytes), bytes.length))
                    .isEqualTo(bytes.length);
        }
        assertThat(Files.readAllBytes(path)).isEqualTo(bytes);
    }

    @Test
    void noCreateLeavesATemporaryFile() throws Exception {
        store().create(KEY, text("x"));
        assertThatExceptionOfType(StoreException.AlreadyExists.class).isThrownBy(() -> store().create(KEY, text("y")));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store().create(new BlobKey("z"), failing(new IOException("broke"))));
        assertThat(children(root.resolve(".tmp"))).isEmpty();
    }

    @Test
    void leftoversOfUnfinishedCreatesAreNeverShownAndTheOldOnesAreRemoved() throws Exception {
        store().create(KEY, text("x"));
        var old = Files.writeString(root.resolve(".tmp/old"), "left by a process that has ended");
        var young = Files.writeString(root.resolve(".tmp/young"), "being written by another process");
        Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2100-01-01T00:00:00Z")));

        assertThat(listed("")).containsExactly("packs/ab/cd");
        assertThat(listed(".tmp/")).isEmpty();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void aLinkInPlaceOfTheTemporaryFolderIsNotFollowed() throws Exception {
        store().create(KEY, text("x"));
        Files.delete(root.resolve(".tmp"));
        Files.createSymbolicLink(root.resolve(".tmp"), outside);
        var precious = Files.writeString(outside.resolve("precious"), "old");
        Files.setLastModifiedTime(precious, FileTime.from(Instant.EPOCH));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store().create(new BlobKey("new"), text("payload")));
        assertThat(children(outside)).containsExactly(precious);
        assertAbsent(new BlobKey("new"));
    }

    @Test
    void linkedFoldersAreNotFollowedOutOfTheStore() throws Exception {
        store().create(new BlobKey("points/one"), text("x"));
        var secret =
                Files.writeString(Files.createDirectory(outside.resolve("ab")).resolve("cd"), "secret");
        Files.createSymbolicLink(root.resolve("packs"), outside);

        assertAbsent(KEY);
        for (var prefix : List.of("packs", "packs/", "packs/ab/", "packs/ab/c")) {
            assertThat(listed(prefix)).isEmpty();
        }
        assertThat(listed("")).containsExactly("points/one");
        store().delete(KEY);
        assertThat(secret).hasContent("secret");
        for (var key : List.of("packs/ab/cd", "packs/ab/new", "packs/new")) {
            assertThatExceptionOfType(StoreException.Denied.class)
                    .isThrownBy(() -> store().create(new BlobKey(key), text("x")))
                    .withMessageContaining(key)
                    .withMessageContaining(root.resolve("packs").toString());
        }
        assertThat(children(outside)).containsExactly(outside.resolve("ab"));
        assertThat(children(outside.resolve("ab"))).containsExactly(secret);
    }

    @Test
    void aLinkedFileIsNoBlobAndItsKeyCannotBeMade() throws Exception {
        store().create(new BlobKey("a/b"), text("x"));
        var secret = Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("a/link"), secret);
        Files.createSymbolicLink(root.resolve("a/dangling"), outside.resolve("nothing"));

        assertThat(listed("")).containsExactly("a/b");
        for (var name : List.of("a/link", "a/dangling")) {
            var key = new BlobKey(name);
            assertAbsent(key);
            assertThatExceptionOfType(StoreException.Denied.class).isThrownBy(() -> store().create(key, text("y")));
            store().delete(key);
        }
        assertThat(children(outside)).containsExactly(secret);
        assertThat(secret).hasContent("secret");
    }

    @Test
    void theFolderOfTheStoreMayItselfBeReachedByALink() throws Exception {
        root = Files.createSymbolicLink(folder.resolve("link"), outside);
        store().create(KEY, text("x"));
        assertThat(listed("")).containsExactly("packs/ab/cd");
        assertThat(outside.resolve("packs/ab/cd")).hasContent("x");
    }

    @Test
    void aKeyBeneathAnotherBlobIsRefusedAndNotCalledTaken() throws Exception {
        store().create(new BlobKey("a/b"), text("x"));
        for (var key : List.of("a/b/c", "a/b/c/d", "a")) {
            assertThatExceptionOfType(StoreException.Denied.class)
                    .isThrownBy(() -> store().create(new BlobKey(key), text("y")))
                    .withMessageContaining("in its way");
            assertAbsent(new BlobKey(key));
        }
        assertThat(listed("")).containsExactly("a/b");
    }

    @Test
    void filesWithNamesThatAreNoKeysAreNotShown() throws Exception {
        store().create(new BlobKey("a/b"), text("x"));
        Files.writeString(Files.createDirectory(root.resolve("lost+found")).resolve("x"), "x");
        for (var name : List.of("with space", "backup~", "a/.hidden", "a/ü", "#1")) {
            Files.writeString(root.resolve(name), "x");
        }
        assertThat(listed("")).containsExactly("a/b");
        assertThat(listed("a/")).containsExactly("a/b");
    }

    @Test
    void aFileInPlaceOfTheStoresFolderIsAFault() throws Exception {
        root = Files.writeString(folder.resolve("file"), "x");
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store().create(KEY, text("y")))
                .withMessageContaining("is not a folder");
        assertThat(listed("")).isEmpty();
        assertThat(root).hasContent("x");
    }

    @Test
    void aNameThatTheFileSystemRefusesIsAFault() {
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store().create(new BlobKey("n".repeat(300)), text("x")));
    }

    @Test
    void aFullOrReadOnlyFileSystemIsUnavailableAndSaysSo() {
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store().create(KEY, failing(new IOException("No space left on device"))))
                .withMessageContaining("storage full")
                .withMessageContaining("packs/ab/cd")
                .matches(StoreException::retryable);
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(
                        () -> store().create(KEY, failing(new FileSystemException("f", null, "Disk quota exceeded"))))
                .withMessageContaining("quota");
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(
                        () -> store().create(KEY, failing(new FileSystemException("f", null, "Read-only file system"))))
                .withMessageContaining("the file system is read-only");
    }

    @Test
    void missingPermissionsAreDenied() {
        for (var failure : List.of(
                new AccessDeniedException("f"), new FileSystemException("f", null, "Operation not permitted"))) {
            assertThatExceptionOfType(StoreException.Denied.class)
                    .isThrownBy(() -> store().create(KEY, failing(failure)))
                    .withMessageContaining("permission denied")
                    .matches(denied -> !denied.retryable());
        }
    }

    @Test
    void aFileThatBecomesShorterWhileItIsReadIsAFaultAndNotAShortRead() throws Exception {
        store().create(KEY, text("0123456789"));
        try (var in = store().open(KEY, new ByteRange(2, 8))) {
            assertThat(in.read()).isEqualTo('2');
            Files.writeString(root.resolve("packs/ab/cd"), "012");
            assertThatExceptionOfType(EOFException.class).isThrownBy(in::readAllBytes);
        }
    }
}

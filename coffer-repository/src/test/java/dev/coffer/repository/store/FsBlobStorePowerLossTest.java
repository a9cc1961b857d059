package dev.coffer.repository.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.store.ByteRange;
import dev.coffer.core.store.Payload;
import dev.coffer.core.store.StoreException;
import dev.coffer.testkit.fs.CrashFileSystem;
import dev.coffer.testkit.fs.Errno;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cuts the power at every effect of a few calls, with and without a fault before, and looks what the disk may hold then. */
final class FsBlobStorePowerLossTest {
    private static final int IMAGES = 24;
    private static final long SEED = 20260102;
    private static final int ATTEMPTS = 3;
    private static final String FOLDER = "vaults/one";

    /** One call, and what becomes of the key by it. */
    private record Step(BlobKey key, Optional<String> content) {
        static Step create(String key, int length) {
            return new Step(
                    new BlobKey(key),
                    Optional.of(key.substring(key.length() - 1).repeat(length)));
        }

        static Step delete(String key) {
            return new Step(new BlobKey(key), Optional.empty());
        }

        void run(BlobStore store) throws InterruptedException {
            if (content.isPresent()) {
                store.create(key, Payload.of(content.get().getBytes(US_ASCII)));
            } else {
                store.delete(key);
            }
        }
    }

    private static final List<Step> STEPS = List.of(
            Step.create("packs/ab/x", 1300),
            Step.create("packs/ab/y", 10),
            Step.create("format", 100),
            Step.create("packs/cd/z", 512),
            Step.delete("packs/ab/y"),
            Step.delete("packs/cd/z"),
            Step.create("packs/ab/y", 700),
            Step.delete("format"));

    /** A step, the number of effects before it began, and that when it was known to have succeeded. */
    private record Done(Step step, int from, int to) {}

    private static FsBlobStore store(CrashFileSystem system) {
        return new FsBlobStore(system.root().resolve(FOLDER), new Random(SEED));
    }

    private static CrashFileSystem empty() {
        return new CrashFileSystem(InstantSource.fixed(Instant.EPOCH));
    }

    /** Runs the steps, each again while it fails. */
    private static List<Done> run(CrashFileSystem system, Errno expected) throws InterruptedException {
        var store = store(system);
        var done = new ArrayList<Done>();
        for (var step : STEPS) {
            int from = system.effects();
            boolean failed = false;
            for (int attempt = 1; ; attempt++) {
                try {
                    step.run(store);
                    break;
                } catch (StoreException.AlreadyExists own) {
                    assertThat(failed).as("%s was there before", step).isTrue();
                    break;
                } catch (StoreException failure) {
                    assertThat(attempt).isLessThan(ATTEMPTS);
                    assertThat(failure)
                            .isInstanceOf(StoreException.Unavailable.class)
                            .hasMessageContaining(cause(expected))
                            .hasMessageContaining(step.key().value());
                    failed = true;
                }
            }
            done.add(new Done(step, from, system.effects()));
        }
        return done;
    }

    private static String cause(Errno errno) {
        return switch (errno) {
            case ENOSPC -> "storage full";
            case EDQUOT -> "storage full: the quota is used up";
            case EROFS -> "the file system is read-only";
            case EIO -> "Input/output error";
        };
    }

    private static Map<BlobKey, String> blobs(CrashFileSystem image) throws Exception {
        var store = store(image);
        var infos = new ArrayList<BlobInfo>();
        store.list("", infos::add);
        var blobs = new TreeMap<BlobKey, String>();
        for (var info : infos) {
            try (var in = store.open(info.key(), new ByteRange(0, info.size()))) {
                blobs.put(info.key(), new String(in.readAllBytes(), US_ASCII));
            }
        }
        return blobs;
    }

    /** What a key may hold when there have been so many effects. */
    private static List<Optional<String>> allowed(List<Done> done, BlobKey key, int effects) {
        var allowed = new ArrayList<Optional<String>>(List.of(Optional.empty()));
        for (var one : done) {
            if (one.step().key().equals(key) && one.from() < effects) {
                if (one.to() <= effects) {
                    allowed.clear();
                }
                allowed.add(one.step().content());
            }
        }
        return allowed;
    }

    private static int check(CrashFileSystem system, List<Done> done, int effects, int most) throws Exception {
        var images = system.images(effects, most, SEED).toList();
        for (var image : images) {
            var found = blobs(image);
            for (var step : STEPS) {
                assertThat(Optional.ofNullable(found.get(step.key())))
                        .as("%s in %s", step.key(), image)
                        .isIn(allowed(done, step.key(), effects));
            }
            assertThat(STEPS).extracting(Step::key).as("%s", image).containsAll(found.keySet());
        }
        return images.size();
    }

    @Test
    void afterAPowerCutAtAnyMomentFinishedCallsHaveHappenedAndOthersWhollyOrNot() throws Exception {
        var system = empty();
        var done = run(system, Errno.EIO);
        int images = 0;
        for (int effects = 0; effects <= system.effects(); effects++) {
            images += check(system, done, effects, 4 * IMAGES);
        }
        assertThat(images).isGreaterThan(2000);
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatSucceedsAfterAFaultIsAsDurableAsAnyOther(Errno errno) throws Exception {
        for (int operation = 1; ; operation++) {
            var system = empty();
            system.failAt(operation, errno);
            var done = run(system, errno);
            if (system.struck() == 0) {
                assertThat(operation).isGreaterThan(20);
                return;
            }
            for (var one : done) {
                check(system, done, one.to(), IMAGES);
            }
        }
    }

    @Test
    void afterAPowerCutTheStoreGoesOnAndClearsUp() throws Exception {
        var system = empty();
        run(system, Errno.EIO);
        var key = new BlobKey("packs/ab/new");
        for (int effects = 0; effects <= system.effects(); effects++) {
            for (var image : system.images(effects, 4, SEED).toList()) {
                var store = store(image);
                store.create(key, Payload.of(new byte[600]));
                try (var left = Files.list(image.root().resolve(FOLDER).resolve(".tmp"))) {
                    assertThat(left).as("%s", image).isEmpty();
                }
                assertThat(image.images(IMAGES, SEED))
                        .allSatisfy(again -> assertThat(blobs(again)).containsKey(key));
            }
        }
    }

    @Test
    void aBlobInAFolderThatAnotherProcessHasJustMadeIsDurable() throws Exception {
        var system = empty();
        Files.createDirectories(system.root().resolve(FOLDER).resolve("packs/ab"));
        var key = new BlobKey("packs/ab/x");
        store(system).create(key, Payload.of(new byte[600]));
        assertThat(system.images(4 * IMAGES, SEED))
                .allSatisfy(image -> assertThat(blobs(image)).containsOnlyKeys(key));
    }

    @Test
    void aBlobThatAnotherProcessHasJustMadeIsDurableWhenItsKeyIsSaidToBeTaken() throws Exception {
        var system = empty();
        var file = system.root().resolve(FOLDER).resolve("packs/ab/x");
        Files.createDirectories(system.root().resolve(FOLDER).resolve("packs/ab"));
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        var key = new BlobKey("packs/ab/x");
        assertThatExceptionOfType(StoreException.AlreadyExists.class)
                .isThrownBy(() -> store(system).create(key, Payload.of(new byte[600])));
        assertThat(system.images(4 * IMAGES, SEED))
                .allSatisfy(image -> assertThat(blobs(image)).containsOnlyKeys(key));
    }

    @Test
    void aBlobThatCannotBeLookedAtIsNotCalledAbsent() throws Exception {
        var system = empty();
        var store = store(system);
        var key = new BlobKey("packs/ab/x");
        store.create(key, Payload.of(new byte[600]));
        for (int operation = 1; ; operation++) {
            system.failAt(operation, Errno.EIO);
            var trouble = trouble(() -> store.open(key, new ByteRange(0, 600)).close());
            if (system.struck() == 0) {
                assertThat(operation).isGreaterThan(1);
                break;
            }
            assertThat(trouble).get().isInstanceOf(StoreException.Unavailable.class);
        }
        for (int operation = 1; ; operation++) {
            system.failAt(operation, Errno.EIO);
            var trouble = trouble(() -> store.delete(key));
            if (system.struck() == 0) {
                break;
            }
            assertThat(trouble).get().isInstanceOf(StoreException.Unavailable.class);
        }
        assertThat(blobs(system)).isEmpty();
    }

    private interface Call {
        void run() throws InterruptedException, IOException;
    }

    private static Optional<StoreException> trouble(Call call) throws InterruptedException, IOException {
        try {
            call.run();
            return Optional.empty();
        } catch (StoreException failure) {
            return Optional.of(failure);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ENOSPC", "EDQUOT", "EROFS"})
    void aFullOrReadOnlyDiskStillGivesWhatItHoldsAndTakesMoreWhenItCan(Errno errno) throws Exception {
        var system = empty();
        var store = store(system);
        store.create(new BlobKey("packs/ab/x"), Payload.of(new byte[600]));
        system.failFrom(1, errno);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            assertThatThrownBy(() -> store.create(new BlobKey("packs/ab/y"), Payload.of(new byte[10])))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining(cause(errno));
        }
        assertThat(blobs(system)).containsOnlyKeys(new BlobKey("packs/ab/x"));
        system.heal();
        store.create(new BlobKey("packs/ab/y"), Payload.of(new byte[10]));
        assertThat(blobs(system)).hasSize(2);
    }
}

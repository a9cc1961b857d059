package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.ByteRange;
import dev.coffer.testkit.format.BrokenVault;
import dev.coffer.testkit.format.PlainVault;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the product writes is what the pages of the format say: a reader that was written from them finds every item and byte. */
final class SecondReaderTest {
    private static final SessionId ONE = new SessionId("one");
    private static final SessionId TWO = new SessionId("two");
    private static final SessionId GONE = new SessionId("gone");

    @TempDir
    Path folder;

    private static void nothing() {}

    private static Map<String, String> asProductReads(Repository vault, SessionId id) throws Exception {
        var items = new TreeMap<String, String>();
        try (var point = vault.open(id)) {
            var all = new ArrayList<Item>();
            point.items(ItemPath.ROOT, all::add);
            for (var item : all) {
                var attributes = new TreeMap<String, String>();
                item.attributes()
                        .forEach((name, value) ->
                                attributes.put(name, HexFormat.of().formatHex(value)));
                try (var in = point.open(item, new ByteRange(0, item.size()))) {
                    items.put(
                            HexFormat.of().formatHex(item.path().toBytes()),
                            item.kind().code() + " " + attributes + " " + sha(in.readAllBytes()));
                }
            }
        }
        return items;
    }

    private static Map<String, String> asThePagesSay(PlainVault vault, PlainVault.PlainPoint point) {
        var items = new TreeMap<String, String>();
        vault.walk(point, (path, kind, attributes) -> {
            var shown = new TreeMap<String, String>();
            attributes.forEach((name, value) -> shown.put(name, HexFormat.of().formatHex(value)));
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    items.put(HexFormat.of().formatHex(path), kind + " " + shown + " " + sha(toByteArray()));
                }
            };
        });
        return items;
    }

    private static String sha(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Test
    void everyItemAndByteIsFoundByThePagesAlone() throws Exception {
        var installation = new Installation(folder);
        Map<String, String> one;
        Map<String, String> two;
        try (var repositories = installation.start()) {
            var vault = Installation.vault(repositories);
            var tree = SampleTree.random(7, 120, 60_000);
            vault.write(ONE, SampleTree.description(), Optional.empty(), tree.capture(1), SecondReaderTest::nothing);
            vault.write(
                    TWO,
                    SampleTree.description(),
                    Optional.of(ONE),
                    SampleTree.random(8, 120, 60_000).capture(2),
                    SecondReaderTest::nothing);
            vault.write(GONE, SampleTree.description(), Optional.empty(), tree.capture(3), SecondReaderTest::nothing);
            vault.forget(GONE);
            vault.sweep();
            one = asProductReads(vault, ONE);
            two = asProductReads(vault, TWO);
        }
        var plain = PlainVault.open(installation.vaultFolder(), folder.resolve("key/coffer.key"));
        var points = plain.points();
        assertThat(points).extracting(PlainVault.PlainPoint::id).containsExactly("one", "two");
        assertThat(points.getFirst().recoveryPointArn())
                .isEqualTo(SampleTree.description().recoveryPointArn());
        assertThat(asThePagesSay(plain, points.get(0))).isEqualTo(one).isNotEmpty();
        assertThat(asThePagesSay(plain, points.get(1))).isEqualTo(two);
        assertThat(PlainVault.misnamed(installation.vaultFolder())).isEmpty();
    }

    @Test
    void theGoldenVaultIsReadByThePagesAlone() throws Exception {
        var golden = Path.of(URI.create(String.valueOf(SecondReaderTest.class.getResource("/golden/v1"))));
        var plain = PlainVault.open(
                golden.resolve("vaults/111122223333/eu-west-1/Default"), golden.resolve("key/coffer.key"));
        var points = plain.points();
        assertThat(points).extracting(PlainVault.PlainPoint::id).containsExactly("first", "second");
        var copy = folder.resolve("golden");
        try (var files = Files.walk(golden)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(golden.relativize(file).toString()));
            }
        }
        try (var repositories = new Installation(copy).start()) {
            var vault = repositories.open(Installation.SCOPE, Installation.NAME, Installation.ID);
            for (var point : points) {
                assertThat(asThePagesSay(plain, point))
                        .isEqualTo(asProductReads(vault, new SessionId(point.id())))
                        .isNotEmpty();
            }
        }
    }

    @Test
    void aChangedBitIsRefusedAndNeverReadAsData() throws Exception {
        var installation = new Installation(folder);
        Map<String, String> expected;
        try (var repositories = installation.start()) {
            var vault = Installation.vault(repositories);
            vault.write(
                    ONE,
                    SampleTree.description(),
                    Optional.empty(),
                    SampleTree.random(3, 15, 5_000).capture(1),
                    SecondReaderTest::nothing);
            expected = asProductReads(vault, ONE);
        }
        List<Path> files;
        try (var all = Files.walk(installation.vaultFolder())) {
            files = all.filter(Files::isRegularFile).toList();
        }
        var random = new Random(1);
        int refused = 0;
        for (var file : files) {
            var sound = Files.readAllBytes(file);
            for (int i = 0; i < 12; i++) {
                var changed = sound.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, changed);
                if (file.toString().contains("/packs/")) {
                    assertThat(PlainVault.misnamed(installation.vaultFolder()))
                            .containsExactly(
                                    installation.vaultFolder().relativize(file).toString());
                }
                try {
                    var plain = PlainVault.open(installation.vaultFolder(), folder.resolve("key/coffer.key"));
                    for (var point : plain.points()) {
                        assertThat(asThePagesSay(plain, point)).isEqualTo(expected);
                    }
                    // Index blobs are not needed to read.
                    if (!file.toString().contains("/index/")) {
                        fail("%s was changed and nobody noticed", file);
                    }
                } catch (BrokenVault noticed) {
                    refused++;
                }
            }
            Files.write(file, sound);
        }
        assertThat(refused).isGreaterThan(30);
    }
}

package dev.coffer.repository.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.VaultId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.tree.TreeRoot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ManifestCodecTest {
    private static final SessionId ID = new SessionId("job-1");
    private static final Bytes32 SALT = new Bytes32(1, 2, 3, 4);
    private static final int SEGMENT_BYTES = 1024;

    private final ManifestCodec codec = new ManifestCodec(keys(1, 0), SEGMENT_BYTES);

    private static VaultKeys keys(long vault, int key) {
        var dataKey = new byte[VaultKeys.DATA_KEY_BYTES];
        dataKey[0] = (byte) key;
        return new VaultKeys(new VaultId(new UUID(0, vault)), dataKey);
    }

    private static PointManifest point(List<CaptureSummary.Skipped> skipped, Map<String, String> tags) {
        var described = new PointDescription(
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:1",
                "arn:coffer:fs:eu-west-1:111122223333:folder/\u00e4",
                "FileSystem",
                "na\u00efve name",
                Instant.parse("2026-01-02T03:04:05.678901234Z"),
                Map.of("b", "2", "a", "1", "", ""),
                tags);
        var summary = new CaptureSummary(Instant.parse("1969-12-31T23:59:59.5Z"), skipped.size() + 7L, skipped);
        return new PointManifest(
                new Manifest(
                        VaultFormat.VERSION,
                        ID,
                        described,
                        summary,
                        Optional.of(new SessionId("job-0")),
                        Long.MAX_VALUE,
                        4,
                        3,
                        0),
                new TreeRoot(new Bytes32(9, 8, 7, 6), 3, Long.MAX_VALUE));
    }

    private static PointManifest point() {
        return point(
                List.of(new CaptureSummary.Skipped(ItemPath.of(new byte[] {(byte) 0xfe, '/', 'x'}), "denied")),
                Map.of("team", "blue"));
    }

    @Test
    void aManifestComesBackAsItWas() {
        assertThat(codec.decode(ID, codec.encode(point(), SALT))).isEqualTo(point());
        var plain = point(List.of(), Map.of());
        assertThat(codec.decode(ID, codec.encode(plain, SALT))).isEqualTo(plain);
    }

    @Test
    void anyChangedByteAndAnyOtherLengthIsRefused() {
        var blob = codec.encode(point(), SALT);
        for (int i = 0; i < blob.length; i++) {
            var flipped = blob.clone();
            flipped[i] ^= 1;
            assertThatThrownBy(() -> codec.decode(ID, flipped)).isInstanceOf(RepositoryException.class);
            var cut = Arrays.copyOf(blob, i);
            assertThatThrownBy(() -> codec.decode(ID, cut)).isInstanceOf(RepositoryException.Corrupt.class);
        }
        var longer = Arrays.copyOf(blob, blob.length + 1);
        assertThatThrownBy(() -> codec.decode(ID, longer)).isInstanceOf(RepositoryException.Corrupt.class);
    }

    @Test
    void aManifestUnderAnotherNameInAnotherVaultOrUnderAnotherKeyIsCorrupt() {
        var blob = codec.encode(point(), SALT);
        assertThatThrownBy(() -> codec.decode(new SessionId("job-2"), blob))
                .isInstanceOf(RepositoryException.Corrupt.class);
        for (var other : List.of(keys(2, 0), keys(1, 1))) {
            assertThatThrownBy(() -> new ManifestCodec(other, SEGMENT_BYTES).decode(ID, blob))
                    .isInstanceOf(RepositoryException.Corrupt.class);
        }
    }

    @Test
    void aManifestOfALaterFormatIsNotMistakenForDamage() {
        var blob = codec.encode(point(), SALT);
        blob[9] = 2;
        assertThatThrownBy(() -> codec.decode(ID, blob)).isInstanceOf(RepositoryException.UnknownFormat.class);
    }

    @Test
    void aManifestThatCouldNotBeReadBackIsNotMade() {
        var tooMuch = point(List.of(), Map.of("k", "x".repeat(ManifestCodec.LONGEST)));
        assertThatThrownBy(() -> codec.encode(tooMuch, SALT)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesOfSkippedItemsThatNeedTooMuchSpaceAreLeftOutAndCounted() {
        var skipped = new ArrayList<CaptureSummary.Skipped>();
        for (int i = 0; i < 1000; i++) {
            skipped.add(new CaptureSummary.Skipped(ItemPath.of("n".repeat(65_000)), "number " + i));
        }
        var large = point(skipped, Map.of());
        var blob = codec.encode(large, SALT);
        assertThat(blob.length).isLessThan(ManifestCodec.LONGEST);
        var summary = codec.decode(ID, blob).manifest().summary();
        assertThat(summary.skippedItems()).isEqualTo(1007);
        assertThat(summary.skipped())
                .isNotEmpty()
                .isEqualTo(skipped.subList(0, summary.skipped().size()));
    }
}

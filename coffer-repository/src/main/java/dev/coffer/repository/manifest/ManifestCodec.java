package dev.coffer.repository.manifest;

import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.SessionId;
import dev.coffer.repository.format.Bytes32;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import dev.coffer.repository.format.VaultFormat;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.repository.seal.BlobHeader;
import dev.coffer.repository.seal.SealedBlob;
import dev.coffer.repository.tree.TreeRoot;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Manifests as sealed blobs. A manifest is bound to its vault and to its name, so that one that was copied elsewhere is not authentic. */
public final class ManifestCodec {
    /** No manifest is longer. */
    public static final int LONGEST = 16 << 20;

    /** The skipped items that are named take no more bytes; those behind them are only counted. */
    static final int SKIPPED_BYTES = 4 << 20;

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private final VaultKeys keys;
    private final int segmentBytes;

    public ManifestCodec(VaultKeys keys, int segmentBytes) {
        this.keys = keys;
        this.segmentBytes = segmentBytes;
    }

    /**
     * The bytes of the blob. Names of skipped items that would make it too long are left out.
     *
     * @param salt fresh random bytes
     * @throws IllegalArgumentException if the rest of it is too long
     */
    public byte[] encode(PointManifest point, Bytes32 salt) {
        var body = new FieldWriter(4096);
        write(body, point);
        if (SealedBlob.length(body.length(), segmentBytes) > LONGEST) {
            throw new IllegalArgumentException("the description of the recovery point is too long");
        }
        var header = new BlobHeader(BlobHeader.Kind.POINT, segmentBytes, keys.vault(), salt);
        return SealedBlob.seal(
                header, keys.manifestKey(salt), name(point.manifest().id()), body.array(), body.length());
    }

    /** Reads a blob; Corrupt if it is not the manifest with this id in this vault. */
    public PointManifest decode(SessionId id, byte[] blob) {
        var what = "the manifest " + id;
        var body = SealedBlob.open(
                blob, BlobHeader.Kind.POINT, keys.vault(), segmentBytes, keys::manifestKey, name(id), what);
        var in = new FieldReader(body, what);
        var point = read(in, id);
        in.end();
        return point;
    }

    private static byte[] name(SessionId id) {
        return id.value().getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(FieldWriter out, PointManifest whole) {
        var manifest = whole.manifest();
        var point = manifest.point();
        out.text(point.recoveryPointArn())
                .text(point.resourceArn())
                .text(point.resourceType())
                .text(point.resourceName());
        writeInstant(out, point.createdAt());
        writeMap(out, point.restoreMetadata());
        writeMap(out, point.resourceTags());
        writeMap(out, point.facts());
        writeInstant(out, manifest.summary().consistentAt());
        out.varint(manifest.summary().skippedItems());
        writeSkipped(out, manifest.summary().skipped());
        out.text(manifest.parent().map(SessionId::value).orElse(""));
        out.varint(manifest.items())
                .varint(manifest.logicalBytes())
                .varint(manifest.newBytes())
                .varint(manifest.storedBytes());
        out.hash(whole.tree().node())
                .u8(whole.tree().height())
                .varint(whole.tree().items());
    }

    private static void writeSkipped(FieldWriter out, List<Skipped> skipped) {
        var named = new FieldWriter(256);
        int count = 0;
        int end = 0;
        for (var item : skipped) {
            named.sized(item.path().toBytes()).text(item.reason());
            if (named.length() > SKIPPED_BYTES) {
                break;
            }
            count++;
            end = named.length();
        }
        out.varint(count).raw(named.array(), 0, end);
    }

    private static PointManifest read(FieldReader in, SessionId id) {
        var arn = in.text();
        var resourceArn = in.text();
        var type = in.text();
        var name = in.text();
        var createdAt = readInstant(in);
        var point =
                new PointDescription(arn, resourceArn, type, name, createdAt, readMap(in), readMap(in), readMap(in));
        var consistentAt = readInstant(in);
        long skippedItems = in.varint();
        int named = in.varint(in.remaining());
        var skipped = new ArrayList<Skipped>();
        for (int i = 0; i < named; i++) {
            skipped.add(new Skipped(path(in), in.text()));
        }
        var parent = in.text();
        var manifest = new Manifest(
                VaultFormat.VERSION,
                id,
                point,
                new CaptureSummary(consistentAt, skippedItems, skipped),
                parent.isEmpty() ? Optional.empty() : Optional.of(session(in, parent)),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint());
        return new PointManifest(manifest, root(in));
    }

    private static TreeRoot root(FieldReader in) {
        try {
            return new TreeRoot(in.hash(), in.u8(), in.varint());
        } catch (IllegalArgumentException impossible) {
            throw in.broken("no tree has such a root");
        }
    }

    private static ItemPath path(FieldReader in) {
        try {
            return ItemPath.of(in.sized());
        } catch (IllegalArgumentException impossible) {
            throw in.broken("a path that no item can have");
        }
    }

    private static SessionId session(FieldReader in, String text) {
        try {
            return new SessionId(text);
        } catch (IllegalArgumentException impossible) {
            throw in.broken("a parent that no recovery point can be");
        }
    }

    private static void writeInstant(FieldWriter out, Instant instant) {
        out.i64(instant.getEpochSecond()).u32(instant.getNano());
    }

    private static Instant readInstant(FieldReader in) {
        long seconds = in.i64();
        int nanos = in.size32();
        if (nanos >= NANOS_PER_SECOND) {
            throw in.broken("a second has no so many nanoseconds");
        }
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException impossible) {
            throw in.broken("a time that no clock shows");
        }
    }

    private static void writeMap(FieldWriter out, Map<String, String> map) {
        out.varint(map.size());
        new TreeMap<>(map).forEach((key, value) -> out.text(key).text(value));
    }

    private static Map<String, String> readMap(FieldReader in) {
        int count = in.varint(in.remaining());
        var map = new TreeMap<String, String>();
        for (int i = 0; i < count; i++) {
            map.put(in.text(), in.text());
        }
        if (map.size() != count) {
            throw in.broken("a key stands twice");
        }
        return map;
    }
}

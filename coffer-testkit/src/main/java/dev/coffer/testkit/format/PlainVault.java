package dev.coffer.testkit.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A vault in a folder, read as docs/format/repository-v1.md says. It finds chunks by the directories of all packs, and keeps their places in memory: for tests, not for large vaults. Whatever
 * breaks a rule is BrokenVault.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public final class PlainVault {
    private static final int HEADER = 64;
    private static final int FOOTER = 48;
    private static final int ENTRY = 45;

    private final Path folder;
    private final UUID vault;
    private final int segmentBytes;
    private final byte[] dataKey;
    private final byte[] chunkIdKey;
    private final Map<String, Place> placeById = new HashMap<>();

    private record Place(Path pack, byte[] key, int offset, int sealed, int plain, int encoding) {}

    /** What a manifest says, as far as tests compare it. */
    public record PlainPoint(
            String id,
            String recoveryPointArn,
            String resourceArn,
            String resourceType,
            String resourceName,
            Instant createdAt,
            Map<String, String> facts,
            long items,
            long bytes,
            String root,
            int height) {}

    /** Is shown items in their order. */
    public interface Visitor {
        /** @return where the content goes */
        OutputStream item(byte[] path, int kind, Map<String, byte[]> attributes);
    }

    private PlainVault(Path folder, UUID vault, int segmentBytes, byte[] dataKey) {
        this.folder = folder;
        this.vault = vault;
        this.segmentBytes = segmentBytes;
        this.dataKey = dataKey;
        this.chunkIdKey = derive("chunk-id", new byte[0], 32);
    }

    /** Opens the vault with the key of a key file. */
    public static PlainVault open(Path folder, Path keyFile) throws IOException {
        var format = Files.readAllBytes(folder.resolve("format"));
        checkEnd(format, "format");
        var in = new PlainFields(Arrays.copyOf(format, format.length - PlainFields.HASH), "format");
        magic(in, "CofferVt");
        if (in.u16() != 1) {
            throw in.broken("another version");
        }
        var vault = in.uuid();
        int segmentBytes = (int) in.u32();
        for (int i = 0; i < 4; i++) {
            in.u32();
        }
        var check = in.hash();
        in.end();
        var context = Arrays.copyOf(format, format.length - 2 * PlainFields.HASH);
        var key = key(keyFile);
        for (var blob : files(folder.resolve("keys"))) {
            var found = dataKey(blob, vault, key, context);
            if (found.isPresent()
                    && PlainCrypto.hex(PlainCrypto.derive(found.get(), vault, "key-check", new byte[0], 32))
                            .equals(check)) {
                var opened = new PlainVault(folder, vault, segmentBytes, found.get());
                opened.readDirectories();
                return opened;
            }
        }
        throw new BrokenVault("no key blob opens under the key file");
    }

    private static Optional<byte[]> dataKey(Path blob, UUID vault, KeyFile key, byte[] context) throws IOException {
        var bytes = Files.readAllBytes(blob);
        checkName(blob, bytes);
        checkEnd(bytes, "key blob");
        var in = new PlainFields(Arrays.copyOf(bytes, bytes.length - PlainFields.HASH), "key blob");
        magic(in, "CofferVk");
        if (in.u16() != 1 || !in.uuid().equals(vault)) {
            throw in.broken("another version, or another vault");
        }
        var id = in.text();
        var wrapped = in.sized();
        in.end();
        if (!id.equals("local:" + key.fingerprint)) {
            return Optional.empty();
        }
        return Optional.of(PlainCrypto.gcm(
                key.key, Arrays.copyOf(wrapped, 12), context, Arrays.copyOfRange(wrapped, 12, wrapped.length), "key"));
    }

    private record KeyFile(String fingerprint, byte[] key) {}

    private static KeyFile key(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        if (lines.size() != 3 || !lines.getFirst().equals("coffer-key-v1")) {
            throw new BrokenVault("no key file");
        }
        var key = HexFormat.of().parseHex(lines.get(2).substring("key ".length()));
        var fingerprint = PlainCrypto.hex(
                        PlainCrypto.sha256("coffer key fingerprint".getBytes(StandardCharsets.US_ASCII), key))
                .substring(0, 32);
        if (!lines.get(1).equals("fingerprint " + fingerprint)) {
            throw new BrokenVault("the key does not match its fingerprint");
        }
        return new KeyFile(fingerprint, key);
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void checkEnd(byte[] blob, String what) {
        int end = blob.length - PlainFields.HASH;
        if (end < 0
                || !Arrays.equals(
                        PlainCrypto.sha256(Arrays.copyOf(blob, end)), Arrays.copyOfRange(blob, end, blob.length))) {
            throw new BrokenVault(what + ": the hash at its end is another one");
        }
    }

    private static void checkName(Path file, byte[] bytes) {
        if (!PlainCrypto.hex(PlainCrypto.sha256(bytes)).equals(String.valueOf(file.getFileName()))) {
            throw new BrokenVault(file.getFileName() + " is not named by its bytes");
        }
    }

    private static void magic(PlainFields in, String magic) {
        if (!Arrays.equals(in.raw(magic.length()), magic.getBytes(StandardCharsets.US_ASCII))) {
            throw in.broken("it does not begin with " + magic);
        }
    }

    private byte[] derive(String purpose, byte[] salt, int length) {
        return PlainCrypto.derive(dataKey, vault, purpose, salt, length);
    }

    /** Checks a header, and returns its salt. */
    private byte[] salt(byte[] blob, String magic, String what) {
        var in = new PlainFields(Arrays.copyOf(blob, HEADER), what);
        magic(in, magic);
        boolean ours = in.u16() == 1
                && in.u16() == 0
                && in.u32() == segmentBytes
                && in.uuid().equals(vault);
        if (!ours) {
            throw in.broken("its header is not this vault's");
        }
        return in.raw(PlainFields.HASH);
    }

    private void readDirectories() throws IOException {
        for (var file : files(folder.resolve("packs"))) {
            var bytes = Files.readAllBytes(file);
            var what = "pack " + file.getFileName();
            checkName(file, bytes);
            var salt = salt(bytes, "CofferPk", what);
            var footer = new PlainFields(Arrays.copyOfRange(bytes, bytes.length - FOOTER, bytes.length), what);
            long at = footer.u32();
            long sealed = footer.u32();
            if (!Arrays.equals(footer.raw(PlainFields.HASH), salt) || at + sealed + FOOTER != bytes.length) {
                throw footer.broken("its footer is wrong");
            }
            magic(footer, "CofferPe");
            var key = derive("pack", salt, 32);
            var context = ByteBuffer.allocate(1 + HEADER)
                    .put((byte) 2)
                    .put(bytes, 0, HEADER)
                    .array();
            var plain = PlainCrypto.open(key, context, bytes, (int) at, (int) sealed, segmentBytes, what);
            var in = new PlainFields(plain, what);
            if (plain.length % ENTRY != 0) {
                throw in.broken("its directory is cut off");
            }
            while (in.left() > 0) {
                var id = in.hash();
                placeById.putIfAbsent(
                        id, new Place(file, key, (int) in.u32(), (int) in.u32(), (int) in.u32(), in.u8()));
            }
        }
    }

    private byte[] chunk(String id) {
        var place = Optional.ofNullable(placeById.get(id))
                .orElseThrow(() -> new BrokenVault("chunk " + id + " is in no pack"));
        byte[] pack;
        try {
            pack = Files.readAllBytes(place.pack);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        var context = ByteBuffer.allocate(6)
                .put((byte) 1)
                .putInt(place.plain)
                .put((byte) place.encoding)
                .array();
        var what = "chunk " + id;
        var encoded = PlainCrypto.open(place.key, context, pack, place.offset, place.sealed, segmentBytes, what);
        byte[] plain;
        try {
            plain = switch (place.encoding) {
                case 0 -> encoded;
                case 1 -> Zstd.decompress(encoded, place.plain);
                default -> throw new BrokenVault(what + " has an unknown encoding");
            };
        } catch (ZstdException broken) {
            throw new BrokenVault(what + " is no zstd frame", broken);
        }
        if (plain.length != place.plain
                || !PlainCrypto.hex(PlainCrypto.hmac(chunkIdKey, plain)).equals(id)) {
            throw new BrokenVault(what + " is not what its id stands for");
        }
        return plain;
    }

    /** The locks and lifecycles that count, and the holds in force. */
    public PlainFacts facts() throws IOException {
        return PlainFacts.read(folder, this::fact);
    }

    private PlainFields fact(String key, byte[] blob) {
        checkEnd(blob, key);
        var salt = salt(blob, "CofferFt", key);
        var context = ByteBuffer.allocate(HEADER + key.length())
                .put(blob, 0, HEADER)
                .put(key.getBytes(StandardCharsets.US_ASCII))
                .array();
        int sealed = blob.length - HEADER - PlainFields.HASH;
        return new PlainFields(
                PlainCrypto.open(derive("fact", salt, 32), context, blob, HEADER, sealed, segmentBytes, key), key);
    }

    /** The recovery points, in the order of their ids. */
    public List<PlainPoint> points() throws IOException {
        var points = new ArrayList<PlainPoint>();
        for (var file : files(folder.resolve("points"))) {
            var id = String.valueOf(file.getFileName());
            if (Files.exists(folder.resolve("forgotten").resolve(id))) {
                continue;
            }
            points.add(point(id, Files.readAllBytes(file)));
        }
        return points;
    }

    private PlainPoint point(String id, byte[] blob) {
        var what = "manifest " + id;
        checkEnd(blob, what);
        var salt = salt(blob, "CofferPt", what);
        var context = ByteBuffer.allocate(HEADER + id.length())
                .put(blob, 0, HEADER)
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .array();
        var body = PlainCrypto.open(
                derive("manifest", salt, 32),
                context,
                blob,
                HEADER,
                blob.length - HEADER - PlainFields.HASH,
                segmentBytes,
                what);
        var in = new PlainFields(body, what);
        var arn = in.text();
        var resource = in.text();
        var type = in.text();
        var name = in.text();
        var created = in.time();
        in.map();
        in.map();
        var facts = in.map();
        in.time();
        in.varint();
        int named = in.count();
        for (int i = 0; i < named; i++) {
            in.sized();
            in.text();
        }
        in.text();
        long items = in.varint();
        long bytes = in.varint();
        in.varint();
        in.varint();
        var root = in.hash();
        int height = in.u8();
        if (in.varint() != items) {
            throw in.broken("the tree has another number of items");
        }
        in.end();
        return new PlainPoint(id, arn, resource, type, name, created, facts, items, bytes, root, height);
    }

    /** Shows all items of a point with their contents. */
    public void walk(PlainPoint point, Visitor visitor) {
        long items = node(point.root, point.height - 1, visitor);
        if (items != point.items) {
            throw new BrokenVault("the tree has " + items + " items, not " + point.items);
        }
    }

    private long node(String id, int level, Visitor visitor) {
        var in = new PlainFields(chunk(id), "node " + id);
        if (in.u8() != 1 || in.u8() != level) {
            throw in.broken("it is no node of level " + level);
        }
        int count = in.count();
        var key = new byte[0];
        long items = 0;
        for (int i = 0; i < count; i++) {
            int shared = (int) in.varint();
            int rest = in.count();
            if (shared > key.length) {
                throw in.broken("a key shares more than there is");
            }
            key = Arrays.copyOf(key, shared + rest);
            System.arraycopy(in.raw(rest), 0, key, shared, rest);
            if (level == 0) {
                item(key, in, visitor);
                items++;
            } else {
                var child = in.hash();
                long expected = in.varint();
                long found = node(child, level - 1, visitor);
                if (found != expected) {
                    throw in.broken("a child has " + found + " items, not " + expected);
                }
                items += found;
            }
        }
        in.end();
        return items;
    }

    private void item(byte[] path, PlainFields in, Visitor visitor) {
        int kind = in.u8();
        int count = in.count();
        var attributes = new TreeMap<String, byte[]>();
        for (int i = 0; i < count; i++) {
            attributes.put(in.text(), in.sized());
        }
        try (var out = visitor.item(path, kind, attributes)) {
            int form = in.u8();
            if (form == 255) {
                var root = in.hash();
                int height = in.u8();
                long segments = in.varint();
                long bytes = in.varint();
                var got = list(root, height - 1, out);
                if (got[0] != segments || got[1] != bytes) {
                    throw in.broken("a list has another length");
                }
            } else if (form <= 16) {
                for (int i = 0; i < form; i++) {
                    segment(in, out);
                }
            } else {
                throw in.broken("content of unknown form " + form);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes what is below a node; returns how many segments and bytes that was. */
    private long[] list(String id, int level, OutputStream out) throws IOException {
        var in = new PlainFields(chunk(id), "list " + id);
        if (in.u8() != 2 || in.u8() != level) {
            throw in.broken("it is no list of level " + level);
        }
        int count = in.count();
        long segments = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (level == 0) {
                segments++;
                bytes += segment(in, out);
            } else {
                var child = in.hash();
                long expectedBytes = in.varint();
                long expected = in.varint();
                var got = list(child, level - 1, out);
                if (got[0] != expected || got[1] != expectedBytes) {
                    throw in.broken("a child has another length");
                }
                segments += got[0];
                bytes += got[1];
            }
        }
        in.end();
        return new long[] {segments, bytes};
    }

    private long segment(PlainFields in, OutputStream out) throws IOException {
        long number = in.varint();
        long length = number >>> 1;
        if ((number & 1) == 1) {
            for (long i = 0; i < length; i++) {
                out.write(0);
            }
        } else {
            var bytes = chunk(in.hash());
            if (bytes.length != length) {
                throw in.broken("a chunk has another length than its segment");
            }
            out.write(bytes);
        }
        return length;
    }

    /** The names of the packs, index blobs and key blobs that are not named by their bytes; needs no keys. */
    public static List<String> misnamed(Path folder) throws IOException {
        var wrong = new ArrayList<String>();
        for (var kind : List.of("packs", "index", "keys")) {
            for (var file : files(folder.resolve(kind))) {
                if (!PlainCrypto.hex(PlainCrypto.sha256(Files.readAllBytes(file)))
                        .equals(String.valueOf(file.getFileName()))) {
                    wrong.add(folder.relativize(file).toString());
                }
            }
        }
        return wrong;
    }
}

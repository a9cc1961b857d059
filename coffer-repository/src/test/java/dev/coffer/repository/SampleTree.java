package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/** A small tree of files that a test writes and compares. */
final class SampleTree {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /** Bytes, or a hole if there are none. */
    record Part(ByteBuffer bytes, long hole) {
        long length() {
            return bytes.remaining() + hole;
        }
    }

    record Entry(ItemKind kind, Attributes attributes, List<Part> parts) {
        long size() {
            return parts.stream().mapToLong(Part::length).sum();
        }

        byte[] plain() {
            var plain = new byte[(int) size()];
            int at = 0;
            for (var part : parts) {
                part.bytes().duplicate().get(plain, at, part.bytes().remaining());
                at += (int) part.length();
            }
            return plain;
        }
    }

    private final TreeMap<ItemPath, Entry> entries = new TreeMap<>();

    /** A tree of folders, links and files of up to {@code largest} bytes; the seed decides it. */
    static SampleTree random(long seed, int files, int largest) {
        var random = new Random(seed);
        var tree = new SampleTree();
        tree.entries.put(ItemPath.ROOT, new Entry(ItemKind.DIRECTORY, Attributes.NONE, List.of()));
        var folders = new ArrayList<>(List.of(ItemPath.ROOT));
        for (int i = 0; i < files; i++) {
            var folder = folders.get(random.nextInt(folders.size()));
            var path = folder.child(name(random, i));
            var attributes = Attributes.builder()
                    .number("mtime", random.nextLong())
                    .text("owner", "user" + random.nextInt(3))
                    .build();
            switch (random.nextInt(8)) {
                case 0 -> {
                    folders.add(path);
                    tree.entries.put(path, new Entry(ItemKind.DIRECTORY, attributes, List.of()));
                }
                case 1 -> tree.entries.put(path, new Entry(ItemKind.SYMLINK, attributes, List.of()));
                default -> tree.entries.put(path, new Entry(ItemKind.FILE, attributes, parts(random, largest)));
            }
        }
        return tree;
    }

    private static byte[] name(Random random, int number) {
        var name = ("f" + number).getBytes(StandardCharsets.US_ASCII);
        // Not every name is text.
        name[0] = (byte) (random.nextBoolean() ? 'f' : 0xff);
        return name;
    }

    private static List<Part> parts(Random random, int largest) {
        var parts = new ArrayList<Part>();
        for (int i = random.nextInt(4); i > 0; i--) {
            if (random.nextInt(4) == 0) {
                parts.add(new Part(ByteBuffer.allocate(0), 1L + random.nextInt(largest)));
            } else {
                parts.add(new Part(bytes(random, random.nextInt(largest)), 0));
            }
        }
        return parts;
    }

    /** Bytes that compress, or do not. */
    static ByteBuffer bytes(Random random, int length) {
        var bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(4));
            }
        }
        return ByteBuffer.wrap(bytes);
    }

    /** A tree with one file of these bytes. */
    static SampleTree of(String path, byte[] bytes) {
        var tree = new SampleTree();
        var parts = List.of(new Part(ByteBuffer.wrap(bytes), 0));
        tree.entries.put(ItemPath.of(path), new Entry(ItemKind.FILE, Attributes.NONE, parts));
        return tree;
    }

    private Entry entry(ItemPath path) {
        return Objects.requireNonNull(entries.get(path));
    }

    long size() {
        return entries.values().stream().mapToLong(Entry::size).sum();
    }

    int items() {
        return entries.size();
    }

    static PointDescription description() {
        return new PointDescription(
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:1",
                "arn:aws:s3:::sample",
                "S3",
                "sample",
                NOW,
                Map.of("BackupACLs", "true"),
                Map.of("team", "data"));
    }

    /** Puts all, in an order that the seed decides. */
    Capture capture(long seed) {
        return session -> {
            var order = new ArrayList<>(entries.keySet());
            Collections.shuffle(order, new Random(seed));
            for (var path : order) {
                put(session, path);
            }
            return summary();
        };
    }

    static CaptureSummary summary() {
        return new CaptureSummary(NOW, 0, List.of());
    }

    void put(WriteSession session, ItemPath path) throws InterruptedException {
        var entry = entry(path);
        if (entry.kind() != ItemKind.FILE) {
            session.put(path, entry.kind(), entry.attributes());
            return;
        }
        try (var content = session.open(path, entry.kind())) {
            for (var part : entry.parts()) {
                if (part.hole() > 0) {
                    content.hole(part.hole());
                } else {
                    content.write(part.bytes().duplicate());
                }
            }
            assertThat(content.finish(entry.attributes()).size()).isEqualTo(entry.size());
        }
    }

    /** Puts all that the parent does not have in the same way, and keeps the rest; counts what was kept. */
    Capture incremental(java.util.concurrent.atomic.AtomicInteger kept) {
        return session -> {
            for (var path : entries.keySet()) {
                var entry = entry(path);
                var inherited = session.inherited(path);
                if (entry.kind() == ItemKind.FILE
                        && inherited.isPresent()
                        && inherited.get().attributes().equals(entry.attributes())) {
                    session.keep(inherited.get(), entry.attributes());
                    kept.incrementAndGet();
                } else {
                    put(session, path);
                }
            }
            return summary();
        };
    }

    /** Looks whether the point holds exactly this, read in every way there is, and closes it. */
    void assertIsIn(RecoveryPointReader reader) throws IOException, InterruptedException {
        try (reader) {
            assertHolds(reader);
        }
    }

    private void assertHolds(RecoveryPointReader reader) throws IOException, InterruptedException {
        assertThat(reader.manifest().items()).isEqualTo(entries.size());
        assertThat(reader.manifest().logicalBytes()).isEqualTo(size());
        var found = new ArrayList<Item>();
        reader.items(ItemPath.ROOT, found::add);
        assertThat(found).extracting(Item::path).containsExactlyElementsOf(entries.keySet());
        for (var item : found) {
            var entry = entry(item.path());
            assertThat(item.kind()).isEqualTo(entry.kind());
            assertThat(item.attributes()).isEqualTo(entry.attributes());
            assertThat(item.size()).isEqualTo(entry.size());
            assertThat(reader.find(item.path()))
                    .hasValueSatisfying(same -> assertThat(same).isEqualTo(item));
            var plain = entry.plain();
            assertThat(content(reader, item)).isEqualTo(plain);
            var random = new Random(item.size());
            int from = random.nextInt(plain.length + 1);
            int length = random.nextInt(plain.length - from + 1);
            try (var in = reader.open(item, new ByteRange(from, length))) {
                assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(plain, from, from + length));
            }
        }
    }

    /** The whole content of an item, holes as zeros. */
    static byte[] content(RecoveryPointReader reader, Item item) throws IOException, InterruptedException {
        var content = new byte[(int) item.size()];
        var sink = new ContentSink() {
            private long at;

            @Override
            public void data(long offset, ByteBuffer bytes) {
                assertThat(offset).isEqualTo(at);
                at += bytes.remaining();
                bytes.get(content, (int) offset, bytes.remaining());
            }

            @Override
            public void hole(long offset, long length) {
                assertThat(offset).isEqualTo(at);
                at += length;
            }
        };
        reader.read(item, sink);
        assertThat(sink.at).isEqualTo(item.size());
        return content;
    }
}

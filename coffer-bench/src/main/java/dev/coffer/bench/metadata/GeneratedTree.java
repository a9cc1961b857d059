package dev.coffer.bench.metadata;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * Files of eight bytes of their own, a thousand in each folder, fifty folders in each folder above. What a file has besides is what a file of a host has.
 *
 * @param changed so many files, evenly spread, have another time than in a tree without changes
 */
record GeneratedTree(long files, int changed) {
    static final int FILES_IN_FOLDER = 1000;
    private static final int FOLDERS_IN_FOLDER = 50;
    private static final long BIRTH = 1_700_000_000_000_000_000L;

    ItemPath folder(long number) {
        return ItemPath.of("volume-%04d/folder-%06d".formatted(number / FOLDERS_IN_FOLDER, number));
    }

    ItemPath file(long number) {
        return folder(number / FILES_IN_FOLDER)
                .child("report-%08d.pdf".formatted(number).getBytes(StandardCharsets.US_ASCII));
    }

    private Attributes attributes(long number, long mode, boolean isChanged) {
        long modified = BIRTH + number * 7_919_333_111L % 1_000_000_007L * 1_000_000 + (isChanged ? 1 : 0);
        return Attributes.builder()
                .number("mode", mode)
                .number("uid", 1000 + number / 5_000 % 40)
                .number("gid", 1000)
                .number("mtime", modified)
                .number("inode", 10_000_000 + number)
                .build();
    }

    private Attributes ofFile(long number) {
        return attributes(number, 0x81a4, changed > 0 && number % (files / changed) == 7);
    }

    /** Writes all files without looking at a parent. */
    Capture full() {
        return session -> {
            folders(session);
            var content = ByteBuffer.allocate(Long.BYTES);
            for (long i = 0; i < files; i++) {
                write(session, i, content);
            }
            return summary();
        };
    }

    /** Looks every file up in the parent, and keeps the content where the attributes are the same. */
    Capture next() {
        return session -> {
            folders(session);
            var content = ByteBuffer.allocate(Long.BYTES);
            for (long i = 0; i < files; i++) {
                var attributes = ofFile(i);
                var inherited = session.inherited(file(i));
                if (inherited.map(Item::attributes).filter(attributes::equals).isPresent()) {
                    session.keep(inherited.get(), attributes);
                } else {
                    write(session, i, content);
                }
            }
            return summary();
        };
    }

    private void write(WriteSession session, long number, ByteBuffer content) throws InterruptedException {
        try (var out = session.open(file(number), ItemKind.FILE)) {
            out.write(content.clear().putLong(number).flip());
            out.finish(ofFile(number));
        }
    }

    private void folders(WriteSession session) throws InterruptedException {
        session.put(ItemPath.ROOT, ItemKind.DIRECTORY, attributes(0, 0x41ed, false));
        for (long i = 0; i < files / FILES_IN_FOLDER; i++) {
            var folder = folder(i);
            if (i % FOLDERS_IN_FOLDER == 0) {
                session.put(folder.parent(), ItemKind.DIRECTORY, attributes(i, 0x41ed, false));
            }
            session.put(folder, ItemKind.DIRECTORY, attributes(i, 0x41ed, false));
        }
    }

    private static CaptureSummary summary() {
        return new CaptureSummary(Instant.EPOCH, 0, List.of());
    }
}

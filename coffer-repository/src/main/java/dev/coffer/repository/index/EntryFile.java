package dev.coffer.repository.index;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Reads places of a file, from any number of threads, without mapping it and without a channel: what is mapped counts as resident, and an interrupted thread closes a channel for all. Its handles
 * go with it.
 */
final class EntryFile {
    private final Path file;
    private final ConcurrentLinkedDeque<RandomAccessFile> free = new ConcurrentLinkedDeque<>();

    EntryFile(Path file) throws IOException {
        this.file = file;
        // Opened now, so that the file may be removed while there are readers.
        free.push(new RandomAccessFile(file.toFile(), "r"));
    }

    /** Fills the start of the array. */
    void read(long at, byte[] into, int length) {
        try {
            var handle = handle();
            try {
                handle.seek(at);
                handle.readFully(into, 0, length);
            } finally {
                free.push(handle);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the index cache " + file + " cannot be read", failure);
        }
    }

    private RandomAccessFile handle() throws IOException {
        while (true) {
            var idle = Optional.ofNullable(free.poll());
            if (idle.isPresent()) {
                return idle.get();
            }
            try {
                return new RandomAccessFile(file.toFile(), "r");
            } catch (java.io.FileNotFoundException removed) {
                // Another thread has the only handle, for a moment.
                Thread.onSpinWait();
            }
        }
    }
}

package dev.coffer.core.repository;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives the content of an item from front to back. */
public interface ContentSink {
    /** Bytes at an offset. The buffer is the sink's until this returns. */
    void data(long offset, ByteBuffer bytes) throws IOException, InterruptedException;

    /** A stretch that reads as zeros and was a hole in the source. */
    void hole(long offset, long length) throws IOException, InterruptedException;
}

package dev.coffer.repository.format;

/**
 * What is fixed for a vault when it is made. All in bytes.
 *
 * @param segmentBytes how much plaintext one authentication tag covers
 * @param chunkMin content is not cut before
 * @param chunkAverage a power of two; the cut is looked for around it
 * @param chunkMax content is cut here at the latest
 * @param packBytes a pack is closed before it grows beyond
 */
public record FormatParameters(int segmentBytes, int chunkMin, int chunkAverage, int chunkMax, int packBytes) {
    private static final int LARGEST_CHUNK = 8 << 20;
    private static final int LARGEST_NODE = 2 << 20;
    private static final int LARGEST_PACK = 1 << 30;

    /** What new vaults get. */
    public static final FormatParameters STANDARD =
            new FormatParameters(64 << 10, 128 << 10, 512 << 10, 2 << 20, 32 << 20);

    public FormatParameters {
        boolean valid = segmentBytes >= 1024
                && segmentBytes <= 64 << 10
                && chunkMin >= 64
                && chunkMin < chunkAverage
                && Integer.bitCount(chunkAverage) == 1
                && chunkAverage >= 1024
                && chunkAverage < chunkMax
                && chunkMax <= LARGEST_CHUNK
                && packBytes >= 64 << 10
                && packBytes <= LARGEST_PACK;
        if (!valid) {
            throw new IllegalArgumentException("the parameters of the format are out of their bounds");
        }
    }

    /** No chunk is larger: neither one of content nor a node of a tree, which does not heed {@code chunkMax}. */
    public int largestChunk() {
        return Math.max(chunkMax, LARGEST_NODE);
    }

    void write(FieldWriter out) {
        out.u32(segmentBytes).u32(chunkMin).u32(chunkAverage).u32(chunkMax).u32(packBytes);
    }

    static FormatParameters read(FieldReader in) {
        try {
            return new FormatParameters(in.size32(), in.size32(), in.size32(), in.size32(), in.size32());
        } catch (IllegalArgumentException outOfBounds) {
            throw in.broken("the parameters of the format are out of their bounds");
        }
    }
}

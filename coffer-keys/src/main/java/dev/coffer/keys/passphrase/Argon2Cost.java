package dev.coffer.keys.passphrase;

/**
 * What one derivation by Argon2id costs (RFC 9106).
 *
 * @param memoryKiB memory in KiB
 * @param iterations passes over the memory
 * @param parallelism lanes
 */
public record Argon2Cost(int memoryKiB, int iterations, int parallelism) {
    /** 64 MiB, 3 passes, 1 lane. */
    public static final Argon2Cost STANDARD = new Argon2Cost(64 << 10, 3, 1);

    private static final int LEAST_MEMORY_KIB = 1 << 10;
    private static final int MOST_MEMORY_KIB = 256 << 10;
    private static final int MOST_ITERATIONS = 16;
    private static final int MOST_LANES = 8;

    public Argon2Cost {
        if (!isBearable(memoryKiB, iterations, parallelism)) {
            throw new IllegalArgumentException("Argon2id with " + memoryKiB + " KiB, " + iterations + " passes and "
                    + parallelism + " lanes is outside of the bounds");
        }
    }

    /**
     * Whether a derivation with these numbers is one that Coffer makes or reads. The numbers come from stored bytes, and what is stored may be hostile: nobody may make a server take all its
     * memory or compute for minutes.
     */
    static boolean isBearable(long memoryKiB, int iterations, int parallelism) {
        return memoryKiB >= LEAST_MEMORY_KIB
                && memoryKiB <= MOST_MEMORY_KIB
                && iterations >= 1
                && iterations <= MOST_ITERATIONS
                && parallelism >= 1
                && parallelism <= MOST_LANES;
    }
}

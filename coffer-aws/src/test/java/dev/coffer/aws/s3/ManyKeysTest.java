package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ManyKeysTest {
    private static final int KEYS = 30_000;

    /** Two pages and one that is asked for while the second is visited, and the works that are handed out. */
    private static final int HELD_AT_MOST = 3 * 1000 + Calls.AT_MOST;

    @Test
    void aCaptureHoldsAFewPagesHoweverManyKeysThereAre() throws InterruptedException {
        try (var keys = new ManyKeys(KEYS, 10)) {
            keys.capture();

            assertThat(keys.done).hasValue(KEYS);
            assertThat(keys.read).hasValue(KEYS / 10);
            assertThat(keys.heldAtMost.get()).isBetween(1000L, (long) HELD_AT_MOST);
        }
    }
}

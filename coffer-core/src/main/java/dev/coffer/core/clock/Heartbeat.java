package dev.coffer.core.clock;

import java.util.Optional;

/**
 * One line of the record of the vault clock. Each carries the seal of the one before, so that none can be changed or taken out unseen.
 *
 * @param sequence one more than that of the line before
 * @param boot the process that wrote it
 * @param monotonic nanoseconds of the process's monotonic clock
 * @param evidence what a person who vouched for the clock said; empty for a line that the process wrote by itself
 * @param previous the seal of the line before; empty text for the first
 * @param seal authenticates all of it
 */
public record Heartbeat(
        long sequence,
        String boot,
        long monotonic,
        VaultClock clock,
        Optional<String> evidence,
        String previous,
        String seal) {}

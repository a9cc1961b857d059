package dev.coffer.core.clock;

import java.time.Instant;

/**
 * What a source outside this host says the time is.
 *
 * @param source its name, for people
 * @param at its time at the moment at which the host's clock was read too
 */
public record TimeReading(String source, Instant at) {}

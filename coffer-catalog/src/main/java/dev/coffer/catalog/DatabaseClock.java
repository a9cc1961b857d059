package dev.coffer.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * The clock of the database server, which all nodes share: what the server said a moment ago, and what a monotonic clock has counted since. While the server cannot be reached, it goes on counting. Safe for many threads.
 */
final class DatabaseClock implements InstantSource {
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);
    /** An answer that took longer says too little, as long as there is a better one. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(500);

    private static final Duration OLD_AFTER = Duration.ofMinutes(1);

    private final LongSupplier monotonic;
    private final AtomicReference<Sample> last;

    private record Sample(long nanos, Instant at) {}

    private DatabaseClock(LongSupplier monotonic, Sample first) {
        this.monotonic = monotonic;
        this.last = new AtomicReference<>(first);
    }

    /**
     * A clock that has asked once.
     *
     * @param monotonic nanoseconds that nobody can set
     */
    static DatabaseClock asking(Connection connection, LongSupplier monotonic) throws SQLException {
        return new DatabaseClock(monotonic, ask(connection, monotonic, monotonic.getAsLong()));
    }

    @Override
    public Instant instant() {
        var sample = last.get();
        return sample.at().plusNanos(monotonic.getAsLong() - sample.nanos());
    }

    /** Asks the server again, if it is time to. To be called outside of a transaction. */
    void refresh(Connection connection) throws SQLException {
        var before = last.get();
        long start = monotonic.getAsLong();
        var age = Duration.ofNanos(start - before.nanos());
        if (age.compareTo(AGAIN_AFTER) < 0) {
            return;
        }
        var fresh = ask(connection, monotonic, start);
        var took = Duration.ofNanos(monotonic.getAsLong() - start);
        if (took.compareTo(ANSWERED_WITHIN) <= 0 || age.compareTo(OLD_AFTER) > 0) {
            last.compareAndSet(before, fresh);
        }
    }

    /** The server looked at its clock between question and answer: half-way is wrong by half of the way at most. */
    private static Sample ask(Connection connection, LongSupplier monotonic, long start) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)")) {
            row.next();
            long micros = row.getLong(1);
            long middle = start + (monotonic.getAsLong() - start) / 2;
            return new Sample(middle, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        }
    }
}

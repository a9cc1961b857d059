package dev.coffer.catalog.job;

import dev.coffer.catalog.sql.Assignments;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.job.Lease;
import dev.coffer.core.job.Progress;
import dev.coffer.core.job.RunnerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/**
 * What the jobs of all kinds have in common: the columns of their state, and the rules of leases. A job is held exactly while its lease columns have values, and has ended exactly when its end has one, so these
 * conditions need not list states.
 */
final class JobColumns {
    static final Field<String> ID = Stored.text("id");
    static final Field<String> VAULT = Stored.text("vault");
    static final Field<String> RESOURCE_TYPE = Stored.text("resource_type");
    static final Field<String> ROLE = Stored.text("role");
    static final Field<String> RECOVERY_POINT = Stored.text("recovery_point");
    static final Field<Long> CREATED_AT = Stored.number("created_at");
    static final Field<Integer> ATTEMPTS = Stored.integer("attempts");
    static final Field<Long> DONE_BYTES = Stored.number("done_bytes");
    static final Field<Long> TOTAL_BYTES = Stored.number("total_bytes");
    static final Field<Long> TRANSFERRED_BYTES = Stored.number("transferred_bytes");
    static final Field<String> STATE = Stored.text("state");
    static final Field<String> MESSAGE = Stored.text("message");
    static final Field<Long> NOT_BEFORE = Stored.number("not_before");
    static final Field<String> LEASE_NODE = Stored.text("lease_node");
    static final Field<String> LEASE_START = Stored.text("lease_start");
    static final Field<Long> LEASE_EPOCH = Stored.number("lease_epoch");
    static final Field<Long> LEASE_UNTIL = Stored.number("lease_until");
    static final Field<Long> STARTED_AT = Stored.number("started_at");
    static final Field<Long> ENDED_AT = Stored.number("ended_at");

    static final long MILLIS_OF_DAY = Duration.ofDays(1).toMillis();

    /** Not ended. The words of the partial indexes, so that they serve. */
    static final Condition OPEN = ENDED_AT.isNull();

    /** Held by a runner, whether or not the lease has lapsed. */
    static final Condition HELD = LEASE_EPOCH.isNotNull();

    private JobColumns() {}

    /** A state as columns. What the state does not have is absent. */
    record StateColumns(
            String name,
            Optional<Instant> notBefore,
            Optional<Lease> lease,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            Optional<String> message) {

        static StateColumns waiting(String name, Instant notBefore, Optional<String> message) {
            return new StateColumns(
                    name, Optional.of(notBefore), Optional.empty(), Optional.empty(), Optional.empty(), message);
        }

        static StateColumns held(String name, Lease lease, Optional<Instant> startedAt) {
            return new StateColumns(
                    name, Optional.empty(), Optional.of(lease), startedAt, Optional.empty(), Optional.empty());
        }

        static StateColumns ended(String name, Instant at, Optional<String> message) {
            return new StateColumns(
                    name, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(at), message);
        }

        static StateColumns of(Record row) {
            var lease = Optional.ofNullable(row.get(LEASE_EPOCH))
                    .map(epoch -> new Lease(
                            new RunnerId(row.get(LEASE_NODE), row.get(LEASE_START)),
                            epoch,
                            Stored.instant(row, LEASE_UNTIL)));
            return new StateColumns(
                    row.get(STATE),
                    Stored.maybeInstant(row, NOT_BEFORE),
                    lease,
                    Stored.maybeInstant(row, STARTED_AT),
                    Stored.maybeInstant(row, ENDED_AT),
                    Optional.ofNullable(row.get(MESSAGE)));
        }

        void putInto(Assignments row) {
            row.put(STATE, name)
                    .put(NOT_BEFORE, notBefore.map(Stored::millis))
                    .put(LEASE_NODE, lease.map(Lease::runner).map(RunnerId::node))
                    .put(LEASE_START, lease.map(Lease::runner).map(RunnerId::start))
                    .put(LEASE_EPOCH, lease.map(Lease::epoch))
                    .put(LEASE_UNTIL, lease.map(Lease::until).map(Stored::millis))
                    .put(STARTED_AT, startedAt.map(Stored::millis))
                    .put(ENDED_AT, endedAt.map(Stored::millis))
                    .put(MESSAGE, message);
        }

        Instant mustHaveNotBefore() {
            return present(notBefore);
        }

        Lease mustHaveLease() {
            return present(lease);
        }

        Instant mustHaveStarted() {
            return present(startedAt);
        }

        Instant mustHaveEnded() {
            return present(endedAt);
        }

        String mustHaveMessage() {
            return present(message);
        }

        private <T> T present(Optional<T> value) {
            return value.orElseThrow(
                    () -> new IllegalStateException("The catalog holds a " + name + " job that lacks a column."));
        }
    }

    static void put(Assignments row, Progress progress) {
        row.put(DONE_BYTES, progress.doneBytes())
                .put(TOTAL_BYTES, progress.totalBytes())
                .put(TRANSFERRED_BYTES, progress.transferredBytes());
    }

    static Progress progress(Record row) {
        return new Progress(row.get(DONE_BYTES), row.get(TOTAL_BYTES), row.get(TRANSFERRED_BYTES));
    }

    /** What could be claimed: waiting jobs whose time has come; held ones whose lease has lapsed, or belongs to an earlier start of this node, which is dead since only one process has the node's name. */
    static Condition claimable(Instant now, String node, String start) {
        var moment = Stored.millis(now);
        return OPEN.and(DSL.or(
                HELD.not().and(NOT_BEFORE.le(moment)),
                LEASE_UNTIL.le(moment),
                LEASE_NODE.eq(node).and(LEASE_START.ne(start))));
    }
}

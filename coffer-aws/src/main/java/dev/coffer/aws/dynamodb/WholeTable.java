package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.TableCapture.Consistency;
import dev.coffer.aws.dynamodb.TableCapture.Read;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.task.TaskGroup;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** Reads a whole table into a sorter, and what changes meanwhile from its stream. */
final class WholeTable {
    private final Clients clients;
    private final Calls calls;
    private final TableSettings settings;
    private final Activity activity;
    private final LiveTable live;

    WholeTable(Clients clients, Calls calls, TableSettings settings, Activity activity, LiveTable live) {
        this.clients = clients;
        this.calls = calls;
        this.settings = settings;
        this.activity = activity;
        this.live = live;
    }

    /** Reads it, at one instant if its stream can be followed; if it should be and cannot, that is a finding. */
    Read read(TableDescription table, TableDefinition definition, Sorter sorter, Findings findings)
            throws InterruptedException {
        var from = calls.clock().instant();
        if (Consistency.of(table) == Consistency.PERIOD) {
            scan(table, definition, sorter);
            live.cut(table);
            return new Read(Consistency.PERIOD, from, calls.clock().instant(), from, Optional.empty());
        }
        var tail = new StreamTail(clients, calls, definition.key(), table.latestStreamArn(), sorter::addChanges);
        boolean opened = attempt(findings, tail::openAtEnd);
        try (var group = new TaskGroup<Optional<Instant>>("table")) {
            group.fork(() ->
                    opened && attempt(findings, tail::follow) ? Optional.of(Instant.EPOCH) : Optional.<Instant>empty());
            group.fork(() -> Optional.of(scanned(table, definition, sorter, tail)));
            var ends = group.join();
            return ends.getFirst().isPresent()
                    ? Read.instant(ends.getLast().orElseThrow(), from, tail.position())
                    : new Read(Consistency.PERIOD, from, calls.clock().instant(), from, Optional.empty());
        }
    }

    /**
     * Reads it at one instant, and all changes since the position, which go to the log, too.
     *
     * @throws StreamTail.Gap if they are not all there
     */
    Read follow(
            TableDescription table,
            TableDefinition definition,
            Sorter sorter,
            StreamPosition position,
            StreamTail.Target log)
            throws InterruptedException {
        var from = calls.clock().instant();
        var tail = new StreamTail(clients, calls, definition.key(), position.stream(), changes -> {
            log.accept(changes);
            sorter.addChanges(changes);
        });
        tail.openAt(position);
        try (var group = new TaskGroup<Instant>("table")) {
            group.fork(() -> {
                tail.follow();
                return Instant.EPOCH;
            });
            group.fork(() -> scanned(table, definition, sorter, tail));
            return Read.instant(group.join().getLast(), from, tail.position());
        }
    }

    private Instant scanned(TableDescription table, TableDefinition definition, Sorter sorter, StreamTail tail)
            throws InterruptedException {
        scan(table, definition, sorter);
        var cut = live.cut(table);
        tail.endAt(cut.at(), cut.sourceAhead());
        return cut.at();
    }

    private void scan(TableDescription table, TableDefinition definition, Sorter sorter) throws InterruptedException {
        double units = definition
                .provisioned()
                .map(TableDefinition.Throughput::reads)
                .or(() ->
                        definition.most().map(TableDefinition.Throughput::reads).filter(most -> most > 0))
                .map(most -> most * settings.readShare())
                .orElse(Double.POSITIVE_INFINITY);
        new TableScan(clients, calls, definition.key(), new ReadPace(calls, units), sorter, activity)
                .run(table, settings.segments());
    }

    /** What reads the stream. */
    private interface Step {
        void run() throws InterruptedException;
    }

    private static boolean attempt(Findings findings, Step step) throws InterruptedException {
        try {
            step.run();
            return true;
        } catch (SourceException | StreamTail.Gap failure) {
            findings.add(
                    Pieces.ITEMS,
                    "items were read one after the other and not brought to one instant: " + failure.getMessage());
            return false;
        }
    }
}

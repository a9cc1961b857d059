package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.WriteSession;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** One capture of one table: by its stream if that has all since the parent, else by a scan. */
final class TableCapture {
    static final String CONSISTENCY = "consistency";
    static final String FROM = "from";
    static final String TO = "to";
    /** When the table was last read whole. */
    static final String SCANNED = "scanned";

    private final Clients clients;
    private final Calls calls;
    private final TableSettings settings;
    private final Supplier<Sorter> sorters;
    private final WriteSession session;
    private final Activity activity;
    private final Findings findings = new Findings();

    /** Whether a point is a table at one instant, or was read over a period. */
    enum Consistency {
        INSTANT,
        PERIOD;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What a capture of the table will be. */
        static Consistency of(TableDescription table) {
            return LiveTable.streamView(table)
                                    .filter(view -> view.startsWith("NEW_"))
                                    .isPresent()
                            && table.latestStreamArn() != null
                    ? INSTANT
                    : PERIOD;
        }
    }

    /** @param sorters each is closed by this */
    TableCapture(
            Clients clients,
            Calls calls,
            TableSettings settings,
            Supplier<Sorter> sorters,
            WriteSession session,
            Activity activity) {
        this.clients = clients;
        this.calls = calls;
        this.settings = settings;
        this.sorters = sorters;
        this.session = session;
        this.activity = activity;
    }

    /** What the items stand for; the stream was left at the position, if it was followed. */
    record Read(Consistency consistency, Instant from, Instant to, Instant scanned, Optional<StreamPosition> position) {
        static Read instant(Instant cut, Instant scanned, StreamPosition position) {
            return new Read(Consistency.INSTANT, cut, cut, scanned, Optional.of(position));
        }
    }

    CaptureSummary run(String name) throws InterruptedException {
        var live = new LiveTable(clients, calls);
        var table = live.describe(name);
        checkReadable(table);
        var definition = live.definition(table);
        if (Consistency.of(table) == Consistency.INSTANT && session.parent().isPresent()) {
            try (var sorter = sorters.get()) {
                var increment = new StreamIncrement(clients, calls, settings, session, findings, sorter);
                var read =
                        increment.read(live, table, definition, session.parent().get());
                if (read.isPresent()) {
                    new TablePointWriter(session, calls).about(definition, read.get(), increment.digits());
                    var writer = new PieceWriter(session, increment.digits());
                    writer.write(pieces -> increment.make(writer, pieces));
                    long bytes = increment.tableBytes();
                    activity.progress(bytes, bytes);
                    return summary(read.get());
                }
            }
        }
        try (var sorter = sorters.get()) {
            var read =
                    new WholeTable(clients, calls, settings, activity, live).read(table, definition, sorter, findings);
            new TablePointWriter(session, calls).write(definition, read, sorter);
            activity.progress(sorter.bytes(), sorter.bytes());
            return summary(read);
        }
    }

    private CaptureSummary summary(Read read) {
        return new CaptureSummary(read.to(), findings.count(), findings.named());
    }

    private void checkReadable(TableDescription table) {
        var status = table.tableStatus();
        if (status == TableStatus.DELETING) {
            throw new SourceException.NotFound("The table " + calls.about() + " is being deleted.");
        }
        if (status == TableStatus.CREATING || status == TableStatus.INACCESSIBLE_ENCRYPTION_CREDENTIALS) {
            throw new SourceException.Unavailable(
                    "The table " + calls.about() + " is " + table.tableStatusAsString()
                            + " and cannot be read. If that lasts, see to its encryption key.",
                    new IllegalStateException("the table cannot be read"));
        }
    }
}

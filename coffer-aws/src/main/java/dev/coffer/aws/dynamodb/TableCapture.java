package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.Pieces.Piece;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.task.TaskGroup;
import java.nio.charset.StandardCharsets;
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

    private static final int FORMAT = 1;

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
                    write(definition, read.get(), increment.digits());
                    var writer = new PieceWriter(session, increment.digits());
                    writer.write(pieces -> increment.make(writer, pieces));
                    long bytes = increment.tableBytes();
                    activity.progress(bytes, bytes);
                    return summary(read.get());
                }
            }
        }
        try (var sorter = sorters.get()) {
            var read = scan(live, table, definition, sorter);
            int digits = Pieces.digits(sorter.bytes(), parentDigits());
            write(definition, read, digits);
            writeItems(digits, definition.key(), sorter);
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

    private Read scan(LiveTable live, TableDescription table, TableDefinition definition, Sorter sorter)
            throws InterruptedException {
        var from = calls.clock().instant();
        var tail = tail(table, definition.key(), sorter);
        double units = definition
                .provisioned()
                .map(TableDefinition.Throughput::reads)
                .or(() ->
                        definition.most().map(TableDefinition.Throughput::reads).filter(most -> most > 0))
                .map(most -> most * settings.readShare())
                .orElse(Double.POSITIVE_INFINITY);
        var scan = new TableScan(clients, calls, definition.key(), new ReadPace(calls, units), sorter, activity);
        try (var group = new TaskGroup<Optional<Instant>>("table")) {
            tail.ifPresent(stream -> group.fork(() -> follow(stream)));
            group.fork(() -> {
                scan.run(table, settings.segments());
                var cut = live.cut(table);
                tail.ifPresent(stream -> stream.endAt(cut.at(), cut.sourceAhead()));
                return Optional.of(cut.at());
            });
            var ends = group.join();
            boolean atOneInstant = tail.isPresent() && ends.getFirst().isPresent();
            return atOneInstant
                    ? Read.instant(
                            ends.getLast().orElseThrow(), from, tail.get().position())
                    : new Read(Consistency.PERIOD, from, calls.clock().instant(), from, Optional.empty());
        }
    }

    private Optional<StreamTail> tail(TableDescription table, PrimaryKey key, Sorter sorter)
            throws InterruptedException {
        if (Consistency.of(table) == Consistency.PERIOD) {
            return Optional.empty();
        }
        try {
            var tail = new StreamTail(clients, calls, key, table.latestStreamArn(), sorter::addChanges);
            tail.openAtEnd();
            return Optional.of(tail);
        } catch (SourceException.Impossible | SourceException.NotFound refused) {
            notAtOneInstant(refused);
            return Optional.empty();
        }
    }

    /** The result is present if all was followed. */
    private Optional<Instant> follow(StreamTail stream) throws InterruptedException {
        try {
            stream.follow();
            return Optional.of(Instant.EPOCH);
        } catch (SourceException | StreamTail.Gap failure) {
            notAtOneInstant(failure);
            return Optional.empty();
        }
    }

    private void notAtOneInstant(RuntimeException why) {
        findings.add(
                Pieces.ITEMS,
                "items were read one after the other and not brought to one instant: " + why.getMessage());
    }

    /** Writes all but the items. */
    private void write(TableDefinition definition, Read read, int digits) throws InterruptedException {
        var writer = new PieceWriter(session, digits);
        var json = DefinitionJson.write(definition);
        writer.put(new Piece(
                Pieces.DEFINITION,
                json,
                ItemKey.sha256().digest(json),
                Attributes.builder()
                        .number("format", FORMAT)
                        .bytes(Pieces.SHA256, ItemKey.sha256().digest(json))
                        .build()));
        session.put(
                Pieces.ITEMS,
                ItemKind.DIRECTORY,
                Attributes.builder()
                        .number(Pieces.DIGITS, digits)
                        .text(CONSISTENCY, read.consistency().text())
                        .text(FROM, read.from().toString())
                        .text(TO, read.to().toString())
                        .text(SCANNED, read.scanned().toString())
                        .build());
        if (read.position().isPresent()) {
            var position = read.position().get().json().getBytes(StandardCharsets.UTF_8);
            writer.put(new Piece(
                    Pieces.STREAM,
                    position,
                    ItemKey.sha256().digest(position),
                    Attributes.builder()
                            .bytes(Pieces.SHA256, ItemKey.sha256().digest(position))
                            .build()));
        }
    }

    private Optional<Integer> parentDigits() throws InterruptedException {
        return session.inherited(Pieces.ITEMS)
                .map(items -> items.attributes().number(Pieces.DIGITS))
                .filter(number -> number.isPresent())
                .map(number -> (int) number.getAsLong());
    }

    private void writeItems(int digits, PrimaryKey key, Sorter sorter) throws InterruptedException {
        try {
            new PieceWriter(session, digits)
                    .write(pieces -> sorter.drain((item, state) -> {
                        if (state.isPresent()) {
                            pieces.add(item, state.get());
                        }
                    }));
        } catch (Sorter.Repeated repeated) {
            throw new SourceException.Impossible(
                    "Scan of " + calls.about() + " gave the item " + key.path(key.attributes(repeated.key()))
                            + " twice. The endpoint of the source does not page as DynamoDB does.",
                    repeated);
        }
    }
}

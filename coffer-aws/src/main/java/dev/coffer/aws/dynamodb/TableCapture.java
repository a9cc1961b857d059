package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.Pieces.Piece;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.task.TaskGroup;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** One capture of one table. */
final class TableCapture {
    static final String CONSISTENCY = "consistency";
    static final String FROM = "from";
    static final String TO = "to";

    private static final int WRITERS = 2;
    private static final int FORMAT = 1;

    private final Clients clients;
    private final Calls calls;
    private final TableSettings settings;
    private final Sorter sorter;
    private final WriteSession session;
    private final Activity activity;
    private final List<Skipped> issues = new ArrayList<>();

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

    TableCapture(
            Clients clients,
            Calls calls,
            TableSettings settings,
            Sorter sorter,
            WriteSession session,
            Activity activity) {
        this.clients = clients;
        this.calls = calls;
        this.settings = settings;
        this.sorter = sorter;
        this.session = session;
        this.activity = activity;
    }

    /** What the items stand for. */
    private record Read(Consistency consistency, Instant from, Instant to) {}

    CaptureSummary run(String name) throws InterruptedException {
        var live = new LiveTable(clients, calls);
        var table = live.describe(name);
        checkReadable(table);
        var definition = live.definition(table);
        var read = read(live, table, definition);
        write(definition, read);
        activity.progress(sorter.bytes(), sorter.bytes());
        return new CaptureSummary(read.to(), issues.size(), issues);
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

    private Read read(LiveTable live, TableDescription table, TableDefinition definition) throws InterruptedException {
        var from = calls.clock().instant();
        var tail = tail(table, definition.key());
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
                var cut = cut(live, table);
                tail.ifPresent(stream -> stream.endAt(cut.at(), cut.sourceAhead()));
                return Optional.of(cut.at());
            });
            var ends = group.join();
            boolean atOneInstant = tail.isPresent() && ends.getFirst().isPresent();
            return atOneInstant
                    ? new Read(
                            Consistency.INSTANT,
                            ends.getLast().orElseThrow(),
                            ends.getLast().orElseThrow())
                    : new Read(Consistency.PERIOD, from, calls.clock().instant());
        }
    }

    /**
     * A whole second after all that was read.
     *
     * @param at by the clock of the source
     * @param sourceAhead how far that is ahead of ours
     */
    private record Cut(Instant at, Duration sourceAhead) {}

    private Cut cut(LiveTable live, TableDescription before) throws InterruptedException {
        var answer =
                calls.make("DescribeTable", () -> clients.tables().describeTable(b -> b.tableName(before.tableName())));
        var now = live.describe(before.tableName());
        if (before.tableId() != null && !before.tableId().equals(now.tableId())) {
            throw new SourceException.Impossible("The table " + calls.about()
                    + " was deleted and made anew while it was read. Start the backup again.");
        }
        var ours = calls.clock().instant();
        var theirs = answer.sdkHttpResponse()
                .firstMatchingHeader("Date")
                .flatMap(TableCapture::date)
                .orElse(ours);
        return new Cut(theirs.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1), Duration.between(ours, theirs));
    }

    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    private Optional<StreamTail> tail(TableDescription table, PrimaryKey key) throws InterruptedException {
        if (Consistency.of(table) == Consistency.PERIOD) {
            return Optional.empty();
        }
        try {
            var tail = new StreamTail(clients, calls, key, sorter, table.latestStreamArn());
            tail.open();
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
        } catch (SourceException failure) {
            notAtOneInstant(failure);
            return Optional.empty();
        }
    }

    private void notAtOneInstant(SourceException why) {
        issues.add(new Skipped(
                Pieces.ITEMS,
                "items were read one after the other and not brought to one instant: " + why.getMessage()));
    }

    private void write(TableDefinition definition, Read read) throws InterruptedException {
        var json = DefinitionJson.write(definition);
        putOrKeep(new Piece(
                Pieces.DEFINITION,
                json,
                ItemKey.sha256().digest(json),
                Attributes.builder()
                        .number("format", FORMAT)
                        .bytes(Pieces.SHA256, ItemKey.sha256().digest(json))
                        .build()));
        int digits = Pieces.digits(
                sorter.bytes(),
                session.inherited(Pieces.ITEMS)
                        .map(items -> items.attributes().number(Pieces.DIGITS))
                        .filter(number -> number.isPresent())
                        .map(number -> (int) number.getAsLong()));
        session.put(
                Pieces.ITEMS,
                ItemKind.DIRECTORY,
                Attributes.builder()
                        .number(Pieces.DIGITS, digits)
                        .text(CONSISTENCY, read.consistency().text())
                        .text(FROM, read.from().toString())
                        .text(TO, read.to().toString())
                        .build());
        writeItems(digits, definition.key());
    }

    private void writeItems(int digits, PrimaryKey key) throws InterruptedException {
        BlockingQueue<Optional<Piece>> queue = new ArrayBlockingQueue<>(1);
        try (var group = new TaskGroup<Boolean>("pieces")) {
            group.fork(() -> {
                var folders = new Folders();
                var pieces = new Pieces(digits, piece -> {
                    folders.put(piece.path().parent());
                    queue.put(Optional.of(piece));
                });
                sorter.drain(pieces::add);
                pieces.end();
                for (int i = 0; i < WRITERS; i++) {
                    queue.put(Optional.empty());
                }
                return true;
            });
            for (int i = 0; i < WRITERS; i++) {
                group.fork(() -> {
                    for (var piece = queue.take(); piece.isPresent(); piece = queue.take()) {
                        putOrKeep(piece.get());
                    }
                    return true;
                });
            }
            group.join();
        } catch (Sorter.Repeated repeated) {
            throw new SourceException.Impossible(
                    "Scan of " + calls.about() + " gave the item " + key.path(key.attributes(repeated.key()))
                            + " twice. The endpoint of the source does not page as DynamoDB does.",
                    repeated);
        }
    }

    /** Puts each folder once; they come in order. */
    private final class Folders {
        private Optional<ItemPath> last = Optional.empty();

        private void put(ItemPath folder) throws InterruptedException {
            if (last.filter(folder::equals).isEmpty()) {
                session.put(folder, ItemKind.DIRECTORY, Attributes.NONE);
                last = Optional.of(folder);
            }
        }
    }

    private void putOrKeep(Piece piece) throws InterruptedException {
        var before = session.inherited(piece.path());
        if (before.isPresent()
                && before.get().size() == piece.content().length
                && before.get()
                        .attributes()
                        .bytes(Pieces.SHA256)
                        .filter(digest -> Arrays.equals(digest, piece.sha256()))
                        .isPresent()) {
            session.keep(before.get(), piece.attributes());
            return;
        }
        try (var content = session.open(piece.path(), ItemKind.FILE)) {
            content.write(ByteBuffer.wrap(piece.content()));
            content.finish(piece.attributes());
        }
    }
}

package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.WriteSession;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** What the stream of a table has since the parent was made, brought into the parent's pieces. Used by one thread after the other. */
final class StreamIncrement {
    /** A stream keeps 24 hours; what is read last has to be there, too. */
    private static final Duration OLDEST = Duration.ofHours(23);

    private final Clients clients;
    private final Calls calls;
    private final TableSettings settings;
    private final WriteSession session;
    private final Findings findings;
    private final Sorter sorter;
    private Optional<PointTable> parent = Optional.empty();
    private int digits;
    private long tableBytes;

    StreamIncrement(
            Clients clients,
            Calls calls,
            TableSettings settings,
            WriteSession session,
            Findings findings,
            Sorter sorter) {
        this.clients = clients;
        this.calls = calls;
        this.settings = settings;
        this.session = session;
        this.findings = findings;
        this.sorter = sorter;
    }

    /** Reads the stream up to now. Empty if the table has to be read whole: because that is due, or, which is a finding, since something is missing. Nothing is in the session then. */
    Optional<TableCapture.Read> read(
            LiveTable live, TableDescription table, TableDefinition definition, RecoveryPointReader before)
            throws InterruptedException {
        try {
            if (before.find(Pieces.ITEMS).isEmpty()) {
                // A mark of a continuous backup that holds changes only.
                return Optional.empty();
            }
            var known = PointTable.open(before);
            var position = known.position();
            var scanned = moment(known, TableCapture.SCANNED);
            if (position.isEmpty() || scanned.isEmpty() || isDue(scanned.get())) {
                return Optional.empty();
            }
            checkAge(moment(known, TableCapture.TO));
            if (!position.get().stream().equals(table.latestStreamArn())
                    || !known.definition().key().equals(definition.key())) {
                throw new StreamTail.Gap("its stream is another one than at the last backup");
            }
            var tail = new StreamTail(clients, calls, definition.key(), table.latestStreamArn(), sorter::addChanges);
            tail.openAt(position.get());
            var cut = live.cut(table);
            tail.endAt(cut.at(), cut.sourceAhead());
            tail.follow();
            parent = Optional.of(known);
            tableBytes = before.manifest().logicalBytes() + sorter.bytes();
            digits = Pieces.digits(tableBytes, Optional.of(known.digits()));
            // What is damaged in the parent shows here, before anything is in the session.
            make(new Pieces(digits, _ -> {}), piece -> session.inherited(piece).isPresent());
            return Optional.of(TableCapture.Read.instant(cut.at(), scanned.get(), tail.position()));
        } catch (StreamTail.Gap gap) {
            return whole(gap.why());
        } catch (RepositoryException.Corrupt damaged) {
            return whole("the last recovery point is damaged: " + damaged.getMessage());
        } catch (SourceException.Impossible | SourceException.NotFound refused) {
            return whole(String.valueOf(refused.getMessage()));
        }
    }

    private Optional<TableCapture.Read> whole(String why) {
        findings.add(Pieces.ITEMS, "the table was read whole, not only its stream, since " + why);
        return Optional.empty();
    }

    private boolean isDue(Instant scanned) {
        return !calls.clock().instant().isBefore(scanned.plus(Duration.ofDays(settings.recheckDays())));
    }

    private void checkAge(Optional<Instant> at) {
        var oldest = calls.clock().instant().minus(OLDEST);
        if (at.isEmpty() || at.get().isBefore(oldest)) {
            throw new StreamTail.Gap("the last backup was more than " + OLDEST.toHours()
                    + " hours ago, and a stream keeps 24 hours. Back up more often, or set recheckDays of the"
                    + " source to 0");
        }
    }

    private static Optional<Instant> moment(PointTable table, String name) {
        try {
            return table.about().text(name).map(Instant::parse);
        } catch (DateTimeException strange) {
            return Optional.empty();
        }
    }

    /** How many digits name a folder. */
    int digits() {
        return digits;
    }

    /** About how many bytes the table has. */
    long tableBytes() {
        return tableBytes;
    }

    /** Carries a piece over, or cannot. */
    private interface Keep {
        boolean keep(ItemPath piece) throws InterruptedException;
    }

    /** Makes the pieces that changed, and carries the others over. */
    void make(PieceWriter writer, Pieces pieces) throws InterruptedException {
        make(pieces, writer::keep);
    }

    private void make(Pieces pieces, Keep keep) throws InterruptedException {
        var known = parent.orElseThrow();
        var items = new ChangedItems(known, new ChangedItems.Result() {
            @Override
            public boolean unchanged(PointTable.FirstKey piece) throws InterruptedException {
                if (digits != known.digits() || !pieces.beginsWith(piece.key())) {
                    return false;
                }
                pieces.end();
                return keep.keep(piece.piece().path());
            }

            @Override
            public void item(ItemKey key, byte[] item) throws InterruptedException {
                pieces.add(key, item);
            }
        });
        sorter.drain(items);
        items.end();
        pieces.end();
    }
}

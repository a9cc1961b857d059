package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.Pieces.Piece;
import dev.coffer.aws.dynamodb.TableCapture.Read;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.WriteSession;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Writes a point of a table. */
final class TablePointWriter {
    private static final int FORMAT = 1;

    private final WriteSession session;
    private final Calls calls;

    TablePointWriter(WriteSession session, Calls calls) {
        this.session = session;
        this.calls = calls;
    }

    /** Writes what was read of a whole table. */
    void write(TableDefinition definition, Read read, Sorter sorter) throws InterruptedException {
        int digits = Pieces.digits(sorter.bytes(), parentDigits());
        about(definition, read, digits);
        items(digits, definition.key(), sorter);
    }

    /** Writes all but the items. */
    void about(TableDefinition definition, Read read, int digits) throws InterruptedException {
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
                        .text(TableCapture.CONSISTENCY, read.consistency().text())
                        .text(TableCapture.FROM, read.from().toString())
                        .text(TableCapture.TO, read.to().toString())
                        .text(TableCapture.SCANNED, read.scanned().toString())
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

    private void items(int digits, PrimaryKey key, Sorter sorter) throws InterruptedException {
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

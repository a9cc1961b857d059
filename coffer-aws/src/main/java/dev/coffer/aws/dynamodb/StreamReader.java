package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/** The calls to one stream. What was dropped before it could be read is a {@link StreamTail.Gap}. */
final class StreamReader {
    private final Clients clients;
    private final Calls calls;
    private final String stream;

    StreamReader(Clients clients, Calls calls, String stream) {
        this.clients = clients;
        this.calls = calls;
        this.stream = stream;
    }

    /** All shards that the stream knows. */
    List<Shard> list() throws InterruptedException {
        var all = new ArrayList<Shard>();
        var circles = new Circles<String>();
        var from = Optional.<String>empty();
        do {
            var start = from;
            var page = calls.make(
                            "DescribeStream",
                            () -> clients.streams()
                                    .describeStream(b -> b.streamArn(stream).exclusiveStartShardId(start.orElse(null))))
                    .streamDescription();
            all.addAll(page.shards());
            from = Optional.ofNullable(page.lastEvaluatedShardId());
            if (from.filter(circles::closedBy).isPresent()) {
                throw new SourceException.Impossible(
                        "DescribeStream of " + calls.about() + " goes round in circles: it names a shard twice.");
            }
        } while (from.isPresent());
        return all;
    }

    /** A place in a shard. */
    String iterator(String shard, ShardIteratorType type, Optional<String> sequence) throws InterruptedException {
        return calls.make("GetShardIterator", () -> {
            try {
                return clients.streams()
                        .getShardIterator(b -> b.streamArn(stream)
                                .shardId(shard)
                                .shardIteratorType(type)
                                .sequenceNumber(sequence.orElse(null)))
                        .shardIterator();
            } catch (TrimmedDataAccessException gone) {
                throw trimmed();
            }
        });
    }

    static StreamTail.Gap trimmed() {
        return new StreamTail.Gap("the stream has dropped changes before they could be read (24 hours are kept)");
    }

    /** The next records of a shard; empty if the place is too old to be known. */
    Optional<GetRecordsResponse> records(String iterator) throws InterruptedException {
        return calls.make("GetRecords", () -> {
            try {
                return Optional.of(clients.streams().getRecords(b -> b.shardIterator(iterator)));
            } catch (ExpiredIteratorException late) {
                return Optional.<GetRecordsResponse>empty();
            } catch (TrimmedDataAccessException gone) {
                throw trimmed();
            }
        });
    }
}

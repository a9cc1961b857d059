package dev.coffer.aws.dynamodb;

import dev.coffer.aws.dynamodb.TableCapture.Consistency;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.MarkWriter;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.Round;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.resource.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * Follows tables by their streams. A round reads the stream up to a whole second by the clock of the source, and writes what has changed with its moments; once a day it reads the table whole, too, and writes an image of it beside the changes.
 *
 * <p>The moment of a change is the time of its record, which DynamoDB cuts to the second and some servers cut to the minute, put into the time that the round covers. The token is the position in the stream.
 */
final class TableFeed implements ChangeFeed {
    private static final Duration IMAGE_AFTER = Duration.ofHours(24);
    /** When the schedule says that now is the time. */
    private static final Duration IMAGE_AFTER_SCHEDULED = Duration.ofHours(12);
    /** A stream keeps 24 hours; what is read last has to be there, too. */
    private static final Duration OLDEST = Duration.ofMinutes(23 * 60 + 45);

    private final EndpointClients endpoints;
    private final Function<String, Calls> calls;
    private final Supplier<Sorter> sorters;
    private final Path scratch;
    private final SecureRandom random;
    private final Restore restore;

    /** Restores a table into what the request says. */
    interface Restore {
        Restored run(RestoreRequest request, PointTable table, long bytes, Activity activity)
                throws InterruptedException;
    }

    TableFeed(
            EndpointClients endpoints,
            Function<String, Calls> calls,
            Supplier<Sorter> sorters,
            Path scratch,
            SecureRandom random,
            Restore restore) {
        this.endpoints = endpoints;
        this.calls = calls;
        this.sorters = sorters;
        this.scratch = scratch;
        this.random = random;
        this.restore = restore;
    }

    @Override
    public Duration interval(Source source) {
        return Duration.ofSeconds(TableSettings.of(source).followSeconds());
    }

    @Override
    public FeedPosition begin(Source source) throws InterruptedException {
        var about = calls.apply(source.arn().toString());
        try (var clients = Clients.open(endpoints, source.settings())) {
            var live = new LiveTable(clients, about);
            var table = live.describe(TableSettings.table(source));
            if (Consistency.of(table) != Consistency.INSTANT) {
                throw new SourceException.Impossible("The table " + about.about()
                        + " has no stream with new images, and can only be followed by one. Switch its stream"
                        + " on with the view NEW_IMAGE or NEW_AND_OLD_IMAGES.");
            }
            var tail = new StreamTail(clients, about, live.key(table), table.latestStreamArn(), _ -> {});
            tail.openAtEnd();
            return position(about, tail.position(), live.cut(table).at().minusSeconds(1));
        }
    }

    private static FeedPosition position(Calls about, StreamPosition stream, Instant reached) {
        var token = stream.json();
        if (token.getBytes(StandardCharsets.UTF_8).length > FeedPosition.TOKEN_BYTES_AT_MOST) {
            throw new SourceException.Impossible("The stream of " + about.about() + " has "
                    + stream.shards().size()
                    + " shards, too many to be followed. Make backups without continuous recovery.");
        }
        return new FeedPosition(token, reached);
    }

    @Override
    public Round follow(FollowRequest request, MarkWriter marks, Activity activity) throws InterruptedException {
        var source = request.source();
        var about = calls.apply(source.arn().toString());
        try (var clients = Clients.open(endpoints, source.settings())) {
            var live = new LiveTable(clients, about);
            var table = live.describe(TableSettings.table(source));
            var from = place(request.from());
            if (Consistency.of(table) != Consistency.INSTANT || !from.stream().equals(table.latestStreamArn())) {
                throw new StreamTail.Gap(
                        "its stream was switched off or is another one than before, or the table was made anew");
            }
            var now = about.clock().instant();
            if (request.from().reached().isBefore(now.minus(OLDEST))) {
                throw new StreamTail.Gap(
                        "it was not followed since " + request.from().reached() + ", and a stream keeps 24 hours");
            }
            var age = Duration.between(request.imageAt(), now);
            return age.compareTo(request.scheduled() ? IMAGE_AFTER_SCHEDULED : IMAGE_AFTER) >= 0
                    ? image(new Session(request, marks, activity, clients, about, live, table, from))
                    : changes(new Session(request, marks, activity, clients, about, live, table, from));
        } catch (StreamTail.Gap gap) {
            return new Round.Lost("The history of the table " + about.about() + " has a gap, since " + gap.why() + ".");
        }
    }

    private static StreamPosition place(FeedPosition position) {
        try {
            return StreamPosition.of(position.token());
        } catch (IllegalArgumentException strange) {
            throw new StreamTail.Gap("the place in its stream cannot be read");
        }
    }

    /** All that a round needs. */
    private record Session(
            FollowRequest request,
            MarkWriter marks,
            Activity activity,
            Clients clients,
            Calls about,
            LiveTable live,
            TableDescription table,
            StreamPosition from) {}

    private Round changes(Session round) throws InterruptedException {
        try (var log = new ChangeLog(scratch, random)) {
            var key = round.live().key(round.table());
            var tail = new StreamTail(round.clients(), round.about(), key, round.from().stream(), log);
            tail.openAt(round.from());
            var cut = round.live().cut(round.table());
            if (!reached(cut.at()).isAfter(round.request().from().reached())) {
                // The clock of the source has gone back.
                return new Round.Reached(round.request().from());
            }
            tail.endAt(cut.at(), cut.sourceAhead());
            tail.follow();
            var to = position(round.about(), tail.position(), reached(cut.at()));
            if (!log.isEmpty()) {
                round.marks().write(to, FeedMark.Kind.CHANGES, session -> {
                    log.write(session, round.request().from().reached(), to.reached());
                    return new CaptureSummary(to.reached(), 0, List.of());
                });
            }
            return new Round.Reached(to);
        }
    }

    /** What is known for certain when all from before the cut is known. */
    private static Instant reached(Instant cut) {
        return cut.minusMillis(1);
    }

    private Round image(Session round) throws InterruptedException {
        var settings = TableSettings.of(round.request().source());
        try (var log = new ChangeLog(scratch, random);
                var sorter = sorters.get()) {
            var scan = new WholeTable(round.clients(), round.about(), settings, round.activity(), round.live());
            var definition = round.live().definition(round.table());
            var read = scan.follow(round.table(), definition, sorter, round.from(), log);
            var reached = reached(read.to());
            if (!reached.isAfter(round.request().from().reached())) {
                return new Round.Reached(round.request().from());
            }
            var to = position(round.about(), read.position().orElseThrow(), reached);
            round.marks().write(to, FeedMark.Kind.IMAGE, session -> {
                var writer = new TablePointWriter(session, round.about());
                writer.write(definition, read, sorter);
                log.write(session, round.request().from().reached(), to.reached());
                return new CaptureSummary(to.reached(), 0, List.of());
            });
            return new Round.Reached(to);
        }
    }

    @Override
    public Restored restoreTo(Instant moment, RestoreRequest request, List<FeedMark> marks, Activity activity)
            throws InterruptedException {
        var image = marks.getFirst();
        if (image.kind() != FeedMark.Kind.IMAGE) {
            throw new IllegalArgumentException("the first mark is an image");
        }
        var table = PointTable.open(image.reader());
        try (var sorter = sorters.get()) {
            for (var mark : marks.subList(1, marks.size())) {
                ChangeLog.read(mark.reader(), table.definition().key(), moment, sorter::addChanges);
            }
            return restore.run(
                    request, table.with(sorter), image.reader().manifest().logicalBytes(), activity);
        }
    }
}

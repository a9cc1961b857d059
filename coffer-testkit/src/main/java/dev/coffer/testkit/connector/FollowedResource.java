package dev.coffer.testkit.connector;

import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.connector.FollowRequest;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.Round;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.MarkFacts;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.repository.MemoryRepositories;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A resource that is followed into a vault in memory, round by round, as the engine does it. Used by one thread. */
public final class FollowedResource {
    private final ResourceConnector connector;
    private final ChangeFeed feed;
    private final Source source;
    private final Repository repository;
    private final List<Mark> marks = new ArrayList<>();
    private FeedPosition position = new FeedPosition("", Instant.EPOCH);
    private Optional<RuntimeException> beforeManifest = Optional.empty();

    public FollowedResource(ResourceConnector connector, Source source) {
        this.connector = connector;
        this.feed = connector.changeFeed().orElseThrow();
        this.source = source;
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(source.scope(), name, id);
        this.repository = repositories.open(source.scope(), name, id);
    }

    public ChangeFeed feed() {
        return feed;
    }

    public List<Mark> marks() {
        return List.copyOf(marks);
    }

    public FeedPosition position() {
        return position;
    }

    public History history() {
        return new History(marks);
    }

    public Repository repository() {
        return repository;
    }

    /** The session of a mark. */
    public static SessionId session(long number) {
        return new SessionId("mark-" + number);
    }

    /** The next mark is not written: the fence before its manifest throws this, as after the loss of a lease or a crash. */
    public void failBeforeManifest(RuntimeException failure) {
        beforeManifest = Optional.of(failure);
    }

    private MarkFacts write(MarkFacts facts, Optional<SessionId> parent, Capture capture) throws InterruptedException {
        var description = new PointDescription(
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:x",
                source.arn().toString(),
                source.type().wireName(),
                source.name(),
                Instant.EPOCH,
                Map.of(),
                Map.of(),
                facts.addTo(Map.of()));
        var manifest = repository.write(session(facts.number()), description, parent, capture, () -> {
            var failure = beforeManifest;
            beforeManifest = Optional.empty();
            if (failure.isPresent()) {
                throw failure.get();
            }
        });
        marks.add(facts.mark(manifest));
        return facts;
    }

    /** Begins the series. */
    public void base() throws InterruptedException {
        position = feed.begin(source);
        var facts =
                new MarkFacts("mark-1", 1, true, FeedMark.Kind.IMAGE, position, Optional.empty(), position.reached());
        var _ = write(facts, Optional.empty(), session -> connector.capture(source, session, (_, _) -> {}));
    }

    private Mark newestImage() {
        return marks.stream()
                .filter(mark -> mark.kind() == FeedMark.Kind.IMAGE)
                .toList()
                .getLast();
    }

    /** One round; whether it wrote a mark. A gap is a failed assertion. */
    public boolean follow(boolean scheduled) throws InterruptedException {
        int before = marks.size();
        if (round(scheduled) instanceof Round.Lost(var why)) {
            throw new AssertionError(why);
        }
        return marks.size() > before;
    }

    /** One round. */
    public Round round(boolean scheduled) throws InterruptedException {
        var newest = marks.getLast();
        var image = newestImage();
        try (var newestReader = repository.open(session(newest.number()));
                var imageReader = repository.open(session(image.number()))) {
            var round = feed.follow(
                    new FollowRequest(source, position, newestReader, imageReader, image.at(), scheduled),
                    (to, kind, capture) -> {
                        var facts = new MarkFacts(
                                "mark-1", newest.number() + 1, false, kind, to, Optional.empty(), newest.through());
                        var parent = kind == FeedMark.Kind.IMAGE ? image : newest;
                        var _ = write(facts, Optional.of(session(parent.number())), capture);
                    },
                    (_, _) -> {});
            if (round instanceof Round.Reached(var reached, var _)) {
                position = reached;
                marks.set(marks.size() - 1, marks.getLast().reaching(reached));
            }
            return round;
        }
    }

    /** Restores to the moment by the marks that it needs. */
    public Restored restore(Instant moment, RestoreRequest request) throws InterruptedException {
        var readers = new ArrayList<RecoveryPointReader>();
        try {
            var needed = new ArrayList<FeedMark>();
            for (var mark : history().serving(moment).orElseThrow()) {
                readers.add(repository.open(session(mark.number())));
                needed.add(new FeedMark(mark.kind(), mark.position(), readers.getLast()));
            }
            return feed.restoreTo(moment, request, needed, (_, _) -> {});
        } finally {
            readers.forEach(RecoveryPointReader::close);
        }
    }
}

package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.CaptureSummary.Skipped;
import dev.coffer.core.repository.ContentSink;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Captures and restores trees of text files in memory, which outlive the "processes" of a test. Before each call the next of the planned turns runs, which may block, or fail. */
final class TreeConnector implements ResourceConnector {
    static final String TARGET = "newfilesystem";

    /** Brings the original itself back. */
    static final String IN_PLACE = "coffer:inplace";

    /** What happens before a capture or restore. */
    interface Turn {
        void take(Activity activity) throws InterruptedException;
    }

    final Map<Arn, Map<String, String>> treeByArn = new ConcurrentHashMap<>();
    final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
    final Queue<String> unreadable = new ConcurrentLinkedQueue<>();
    private final InstantSource clock;
    private final int jobsAtOnce;

    TreeConnector(InstantSource clock, int jobsAtOnce) {
        this.clock = clock;
        this.jobsAtOnce = jobsAtOnce;
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(ResourceType.EFS, Set.of(ConnectorSpec.Feature.INCREMENTAL), jobsAtOnce);
    }

    @Override
    public ResourceFacts describe(Source source) {
        tree(source);
        return new ResourceFacts(source.name(), source.tags(), Map.of("file-system-id", source.name()));
    }

    private Map<String, String> tree(Source source) {
        return Optional.ofNullable(treeByArn.get(source.arn()))
                .orElseThrow(
                        () -> new SourceException.NotFound("The file system " + source.name() + " does not exist."));
    }

    @Override
    public CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException {
        turn(activity);
        var skipped = new ArrayList<Skipped>();
        for (var file : new TreeMap<>(tree(source)).entrySet()) {
            var path = ItemPath.of(file.getKey());
            if (unreadable.contains(file.getKey())) {
                skipped.add(new Skipped(path, "permission denied"));
                continue;
            }
            var attributes = Attributes.builder().text("text", file.getValue()).build();
            var inherited = session.inherited(path);
            if (inherited.isPresent() && inherited.get().attributes().equals(attributes)) {
                session.keep(inherited.get(), attributes);
                continue;
            }
            try (var writer = session.open(path, ItemKind.FILE)) {
                writer.write(ByteBuffer.wrap(file.getValue().getBytes(StandardCharsets.UTF_8)));
                writer.finish(attributes);
            }
        }
        return new CaptureSummary(clock.instant(), skipped.size(), skipped);
    }

    private void turn(Activity activity) throws InterruptedException {
        var turn = turns.poll();
        if (turn != null) {
            turn.take(activity);
        }
    }

    @Override
    public Optional<Problem> objectionTo(Map<String, String> metadata) {
        return metadata.containsKey(TARGET)
                ? Optional.empty()
                : Optional.of(Problem.missing("Metadata lacks the key newFileSystem."));
    }

    @Override
    public Optional<Map<String, String>> safetyPoint(Arn original, Map<String, String> metadata) {
        return metadata.containsKey(IN_PLACE) ? Optional.of(Map.of()) : Optional.empty();
    }

    @Override
    public Restored restore(RestoreRequest request, RecoveryPointReader point, Activity activity)
            throws InterruptedException {
        turn(activity);
        var name = "fs-" + request.jobId().toLowerCase(Locale.ROOT).substring(24);
        var arn = request.metadata().containsKey(IN_PLACE)
                ? Arn.parse("ResourceArn", point.manifest().point().resourceArn())
                : Arn.ofFileSystem(request.scope(), name);
        var tree = treeByArn.computeIfAbsent(arn, _ -> new ConcurrentHashMap<>());
        var written = new long[1];
        point.items(ItemPath.ROOT, item -> {
            try {
                point.read(item, new ContentSink() {
                    @Override
                    public void data(long offset, ByteBuffer bytes) {
                        tree.put(
                                item.path().toString().substring(1),
                                StandardCharsets.UTF_8.decode(bytes).toString());
                    }

                    @Override
                    public void hole(long offset, long length) {
                        throw new IllegalStateException("texts have no holes");
                    }
                });
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return false;
            }
            written[0] += item.size();
            return true;
        });
        var skipped = unreadable.stream()
                .map(path -> new Skipped(ItemPath.of(path), "no owner of that name"))
                .toList();
        var made = new Source(
                ResourceType.EFS,
                request.scope(),
                arn,
                name,
                Map.of("path", request.sources().restoreParent()),
                request.tags());
        return new Restored(arn, Optional.of(made), written[0], skipped.size(), List.copyOf(skipped));
    }
}

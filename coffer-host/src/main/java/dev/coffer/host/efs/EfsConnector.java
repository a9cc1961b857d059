package dev.coffer.host.efs;

import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ConnectorSpec.Feature;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import dev.coffer.host.posix.Stat;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * EFS over a directory tree of this host, or over an NFS export that is mounted on it.
 *
 * <p>Settings of a source: {@code path}, the tree; {@code crossMounts}, whether file systems that are mounted inside belong to it (false); {@code mounted}, whether the path must be a mount point (false). Restore
 * metadata and what a restore does are in docs/operating/efs.md; the attributes of items in {@link FileAttributes}.
 *
 * <p>An image is as consistent as a walk can make it: each file is from one moment, and the files are from different ones. A snapshot of the file system as {@code path} gives a consistent one.
 */
public final class EfsConnector implements ResourceConnector {
    private static final int JOBS_AT_ONCE = 2;
    private static final int HANDS_AT_MOST = 64;
    private static final byte[] ITSELF = {'.'};
    private static final byte[] UP = {'.', '.'};

    private final Posix posix;
    private final InstantSource clock;
    private final int hands;

    /**
     * A connector of this host.
     *
     * @param hands how many files of one job are read or written at once, 1 to 64
     */
    public EfsConnector(Posix posix, InstantSource clock, int hands) {
        if (hands < 1 || hands > HANDS_AT_MOST) {
            throw new IllegalArgumentException("1 to " + HANDS_AT_MOST + " files are read at once");
        }
        this.posix = posix;
        this.clock = clock;
        this.hands = hands;
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(ResourceType.EFS, Set.of(Feature.INCREMENTAL, Feature.ITEM_RESTORE), JOBS_AT_ONCE);
    }

    @Override
    public ResourceFacts describe(Source source) {
        posix.close(open(source, EfsSettings.of(source)));
        return new ResourceFacts(
                source.name(),
                source.tags(),
                Map.of(
                        "file-system-id",
                        source.arn()
                                .resource()
                                .substring(source.arn().resource().indexOf('/') + 1),
                        "Encrypted",
                        "false",
                        "PerformanceMode",
                        "generalPurpose"));
    }

    @Override
    public CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException {
        var settings = EfsSettings.of(source);
        var startedAt = clock.instant();
        int fd = open(source, settings);
        try {
            var root = posix.stat(fd);
            // What is in use on the file system tells how much there is to read, if the tree is all of it.
            long estimatedBytes = isMountPoint(fd, root) ? posix.usedBytes(fd) : 0;
            var faults = new TreeFaults(posix, fd, settings.path());
            var count = new ByteCount(activity, estimatedBytes);
            return new TreeCapture(posix, session, count, settings, hands, faults, startedAt, root)
                    .run(posix.openFolder(fd, ITSELF), root);
        } catch (PosixException failure) {
            throw unreachable(source, settings, failure);
        } finally {
            posix.close(fd);
        }
    }

    private int open(Source source, EfsSettings settings) {
        int fd = TreeFaults.openRoot(posix, settings.path(), "The file system " + source.arn());
        if (!settings.mounted()) {
            return fd;
        }
        try {
            if (isMountPoint(fd, posix.stat(fd))) {
                return fd;
            }
        } catch (PosixException failure) {
            posix.close(fd);
            throw unreachable(source, settings, failure);
        }
        posix.close(fd);
        throw new SourceException.NotFound("Nothing is mounted at " + settings.path() + ", where " + source.arn()
                + " should be. Mount it, or take `mounted` out of its configuration.");
    }

    private boolean isMountPoint(int fd, Stat root) throws PosixException {
        int above = posix.openFolder(fd, UP);
        try {
            var parent = posix.stat(above);
            return parent.device() != root.device() || parent.mount() != root.mount() || parent.sameInode(root);
        } finally {
            posix.close(above);
        }
    }

    private static SourceException unreachable(Source source, EfsSettings settings, PosixException failure) {
        return new SourceException.Unavailable(
                "The file system " + source.arn() + " at " + settings.path() + " cannot be read ("
                        + failure.getMessage() + ").",
                failure);
    }

    @Override
    public Optional<Problem> objectionTo(Map<String, String> metadata) {
        return RestoreOrder.objectionTo(metadata);
    }

    @Override
    public Restored restore(RestoreRequest request, RecoveryPointReader point, Activity activity)
            throws InterruptedException {
        RestoreOrder order;
        try {
            order = RestoreOrder.of(request.metadata());
        } catch (Refused refused) {
            throw new SourceException.Impossible(refused.problem().message(), refused);
        }
        try (var destination = Destination.open(posix, request, order)) {
            return new TreeRestore(posix, point, order, destination, activity, hands).run();
        }
    }
}

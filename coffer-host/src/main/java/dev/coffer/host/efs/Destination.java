package dev.coffer.host.efs;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.host.posix.Errno;
import dev.coffer.host.posix.Posix;
import dev.coffer.host.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open folder that a restore writes below, and what it takes to end there.
 *
 * <p>A folder of the restore's own holds an empty file named after the job until the restore is done. A repeat knows by it that the folder is its own. In a folder whose name derives from the job, the file goes at the
 * end; in one that the user has named it stays, since nothing else would tell a repeat that comes after the end.
 */
final class Destination implements AutoCloseable {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss'Z'").withZone(ZoneOffset.UTC);
    private static final int OWNER_ONLY = 0x1c0;
    private static final int OTHERS_MAY_READ = 0x1ed;
    private static final int MARKER_MODE = 0x180;
    private static final int JOB_ID_SHOWN = 8;
    private static final int ID_DIGITS = 17;

    private final Posix posix;
    private final RestoreRequest request;
    private final RestoreOrder order;
    private final List<Integer> handles = new ArrayList<>();
    private final List<Integer> own = new ArrayList<>();
    private final String path;
    private final int root;
    private Arn resource;
    private Optional<Source> created = Optional.empty();
    private Placement placement;
    private boolean markerStays;
    private int base;

    private Destination(Posix posix, RestoreRequest request, RestoreOrder order, String path, int root) {
        this.posix = posix;
        this.request = request;
        this.order = order;
        this.path = path;
        this.root = root;
        handles.add(root);
        base = root;
        resource = Arn.ofFileSystem(request.scope(), order.fileSystemId().orElseGet(() -> newId(request.jobId())));
        placement = new Placement.InPlace(posix, order.conflict(), request.jobId(), request.createdAt());
    }

    /** Opens the place that the order names, and makes the folder in it if the order wants one. */
    static Destination open(Posix posix, RestoreRequest request, RestoreOrder order) {
        String path;
        String what;
        if (order.newFileSystem()) {
            path = request.sources().restoreParent();
            what = "The place for restored file systems";
            if (!path.startsWith("/")) {
                throw new SourceException.Impossible("There is no place for new file systems. Set `restore` of an EFS"
                        + " resource in the configuration to the folder that they shall be made in.");
            }
        } else {
            var id = order.fileSystemId().orElseThrow();
            path = EfsSettings.of(request.sources()
                            .existing(id)
                            .orElseThrow(() -> new SourceException.NotFound("The file system " + id
                                    + " is not in the configuration. Restore into a new file system, or add it.")))
                    .path();
            what = "The file system " + id;
        }
        var destination = new Destination(posix, request, order, path, TreeFaults.openRoot(posix, path, what));
        try {
            destination.prepare();
            return destination;
        } catch (PosixException failure) {
            destination.close();
            destination.faults().endIfAll(failure);
            throw new SourceException.Impossible(
                    "The restore cannot begin in " + path + " (" + failure.getMessage() + ").", failure);
        } catch (RuntimeException failure) {
            destination.close();
            throw failure;
        }
    }

    private static String newId(String jobId) {
        var digest = HexFormat.of().formatHex(FileAttributes.sha256(jobId.getBytes(StandardCharsets.UTF_8)));
        return "fs-" + digest.substring(0, ID_DIGITS);
    }

    private void prepare() throws PosixException {
        if (order.newFileSystem()) {
            var id = newId(request.jobId());
            resource = Arn.ofFileSystem(request.scope(), id);
            boolean repeated = enterOwn(bytes(id), true);
            // A restore of some items does not make the file system that had the tags.
            var tags = order.items().isEmpty() ? request.tags() : Map.<String, String>of();
            created = Optional.of(new Source(
                    ResourceType.EFS,
                    request.scope(),
                    resource,
                    tags.getOrDefault("Name", id),
                    Map.of("path", path.endsWith("/") ? path + id : path + "/" + id, "restore", path),
                    tags));
            if (!order.items().isEmpty()) {
                repeated |= enterOwn(bytes(recoveryDirectory()), true);
            }
            placement = new Placement.Fresh(posix, repeated);
        } else if (!order.inPlace()) {
            markerStays = order.directory().isPresent();
            var names = order.directory().map(ItemPath::names).orElseGet(() -> List.of(bytes(recoveryDirectory())));
            for (var name : names.subList(0, names.size() - 1)) {
                enterShared(name);
            }
            placement = new Placement.Fresh(posix, enterOwn(names.getLast(), !markerStays));
        }
    }

    private String recoveryDirectory() {
        var id = request.jobId();
        return "aws-backup-restore_" + STAMP.format(request.createdAt()) + "_"
                + id.substring(0, Math.min(JOB_ID_SHOWN, id.length()));
    }

    private byte[] marker() {
        return bytes(".coffer-restore-" + request.jobId());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void enterShared(byte[] name) throws PosixException {
        try {
            posix.makeFolder(base, name, OTHERS_MAY_READ);
        } catch (PosixException failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
        }
        enter(name);
    }

    /** True if an earlier run may have left something in it. */
    private boolean enterOwn(byte[] name, boolean nameIsOurs) throws PosixException {
        boolean made = true;
        try {
            posix.makeFolder(base, name, OWNER_ONLY);
        } catch (PosixException failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
            made = false;
        }
        enter(name);
        own.add(base);
        boolean marked = Placement.look(posix, base, marker()).isPresent();
        boolean empty = made || posix.entries(base).isEmpty();
        if (!marked && !empty && !nameIsOurs) {
            throw new SourceException.Impossible(
                    "The folder " + new String(name, StandardCharsets.UTF_8)
                            + " exists already and is not empty. Name another in coffer:directory; a restore overwrites nothing.");
        }
        if (!marked) {
            posix.close(posix.create(base, marker(), MARKER_MODE));
        }
        return !empty;
    }

    private void enter(byte[] name) throws PosixException {
        try {
            base = posix.openFolder(base, name);
            handles.add(base);
        } catch (PosixException failure) {
            if (failure.errno() == Errno.ENOTDIR || failure.errno() == Errno.ELOOP) {
                throw new SourceException.Impossible(
                        "There is something in " + path + " at the name " + new String(name, StandardCharsets.UTF_8)
                                + " that is not a folder. A restore does not follow symbolic links; remove it.",
                        failure);
            }
            throw failure;
        }
    }

    TreeFaults faults() {
        return new TreeFaults(posix, root, path);
    }

    /** The folder that stands for the root of the point. */
    int base() {
        return base;
    }

    Placement placement() {
        return placement;
    }

    Arn resource() {
        return resource;
    }

    /** The new file system as a source; empty if there is none. */
    Optional<Source> created() {
        return created;
    }

    /** The folders that the restore has made for itself, from the outside in. */
    List<Integer> own() {
        return List.copyOf(own);
    }

    /** Takes away what marks the folders as unfinished. */
    void unmark() throws PosixException {
        for (int folder : own) {
            if (!markerStays && Placement.look(posix, folder, marker()).isPresent()) {
                posix.unlink(folder, marker());
            }
        }
    }

    /** Makes all durable that was written. */
    void sync() throws PosixException {
        posix.syncFileSystem(base);
    }

    @Override
    public void close() {
        for (int handle : handles) {
            posix.close(handle);
        }
        handles.clear();
    }
}

package dev.coffer.host.efs;

import dev.coffer.core.task.Futures;
import dev.coffer.host.efs.FolderReader.Found;
import dev.coffer.host.posix.Posix;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** The opening of a folder that a walk will come to. Whoever comes first does it: the walk, or a thread that has time before. */
final class FolderAhead {
    private final Posix posix;
    private final Folders.Folder parent;
    private final FutureTask<Found> task;

    /** Holds the parent until {@link #take}. */
    FolderAhead(Posix posix, Folders.Folder parent, Callable<Found> opening) {
        this.posix = posix;
        this.parent = parent;
        task = new FutureTask<>(opening);
        parent.hold();
    }

    /** Does it, if nobody has begun to; throws what it throws. */
    void run() throws InterruptedException {
        task.run();
        if (task.state() == Future.State.FAILED) {
            Futures.get(task);
        }
    }

    /** Does it, or waits until it is done. */
    Found take() throws InterruptedException {
        task.run();
        try {
            return Futures.get(task);
        } finally {
            parent.release();
        }
    }

    /** Closes what was opened for nobody; when no thread is left that may do it. */
    void drop() {
        if (task.state() == Future.State.SUCCESS) {
            task.resultNow().folder().ifPresent(listing -> posix.close(listing.fd));
        }
    }
}

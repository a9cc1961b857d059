package dev.coffer.repository.sweep;

import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.StoreException;
import dev.coffer.repository.format.BlobNames;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of those who read and write in a vault: a blob for each, made before anything is relied on and removed at the end. A sweep deletes nothing that one of the marks may stand for. A
 * mark that a dead process has left is removed when a process of the same owner opens the vault; of an owner that never comes back, only by hand. No clock is asked.
 */
public final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final String SEPARATOR = ".";

    private final ControlBlobs blobs;
    private final String owner;
    private final Set<BlobKey> own = ConcurrentHashMap.newKeySet();

    /** @param owner names an installation of which one process at most runs at a time: letters, digits and hyphens */
    Presence(ControlBlobs blobs, String owner) {
        this.blobs = blobs;
        this.owner = owner;
    }

    /** A mark; closing it removes it. */
    public final class Mark implements AutoCloseable {
        private final BlobKey key;

        private Mark(BlobKey key) {
            this.key = key;
        }

        BlobKey key() {
            return key;
        }

        /** Removes the mark. An interrupt does not keep it from that. What cannot be removed now goes with the next sweep of this owner: whatever was done under the mark is done. */
        @Override
        public void close() {
            boolean interrupted = Thread.interrupted();
            try {
                blobs.store().delete(key);
            } catch (InterruptedException again) {
                interrupted = true;
            } catch (StoreException stays) {
                LOG.atWarn().addKeyValue("mark", key).setCause(stays).log("a mark cannot be removed now");
            } finally {
                own.remove(key);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Says that somebody is there; durable on return. Where the store takes nothing from this process, it cannot be said, and a sweep elsewhere may take what is read. */
    public Mark enter(String what) throws InterruptedException {
        var name = new byte[16];
        blobs.random().nextBytes(name);
        var key = new BlobKey(
                BlobNames.SESSIONS + owner + SEPARATOR + HexFormat.of().formatHex(name));
        own.add(key);
        try {
            blobs.create(key, new FieldWriter(128).text(owner).text(what));
        } catch (RuntimeException | InterruptedException failed) {
            own.remove(key);
            throw failed;
        }
        return new Mark(key);
    }

    /** All marks of the vault. */
    List<BlobKey> all() throws InterruptedException {
        var found = new ArrayList<BlobKey>();
        blobs.store().list(BlobNames.SESSIONS, info -> {
            found.add(info.key());
            return true;
        });
        return found;
    }

    /** Removes the marks that earlier processes of this owner have left, and those that could not be removed at their end. */
    void removeLeftovers() throws InterruptedException {
        for (var key : all()) {
            boolean ours = key.value().startsWith(BlobNames.SESSIONS + owner + SEPARATOR);
            if (ours && !own.contains(key)) {
                blobs.store().delete(key);
            }
        }
    }
}

package dev.coffer.host.efs;

import dev.coffer.core.repository.ItemPath;
import dev.coffer.host.posix.Stat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Finds names of one file among those of a walk. Holds an entry for each inode with several names of which not all have been seen: about 300 bytes and the path of the first name. A tree without hard links
 * needs nothing. The table is bounded; an inode that finds it full is not tracked, and each of its names becomes a file of its own (which costs the vault nothing, since contents are stored once).
 *
 * <p>Names are sighted in turns, in the order of the walk, so that the first name is the same in each walk of a tree that has not changed. An entry may be used by many threads; the monitor of the table is its
 * own lock.
 */
final class HardLinks {
    private final Map<Key, Entry> entries = new HashMap<>();
    private final int atMost;
    private long turn;

    HardLinks(int atMost) {
        this.atMost = atMost;
    }

    private record Key(long device, long inode) {}

    /** What became of a file's first name. */
    static final class Entry {
        private long unseen;
        private Claim claim;

        private Entry(ItemPath first, long unseen) {
            this.unseen = unseen;
            this.claim = new Claim(first, new CompletableFuture<>());
        }

        /** The name that has or will have the content. */
        synchronized Claim claim() {
            return claim;
        }

        /** Takes over after the first name failed; the claim that is now valid, which is the caller's if its path is. */
        synchronized Claim takeOver(Claim failed, ItemPath by) {
            if (claim.equals(failed)) {
                claim = new Claim(by, new CompletableFuture<>());
            }
            return claim;
        }
    }

    /** One name's promise to bring the content; {@code kept} becomes false when it could not. */
    record Claim(ItemPath path, CompletableFuture<Boolean> kept) {
        boolean await() throws InterruptedException {
            try {
                return kept.get();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /** Waits until the turns before this one, which count from 0, have been taken, and takes it. */
    synchronized void inTurn(long mine, Runnable sightings) throws InterruptedException {
        while (turn != mine) {
            wait();
        }
        sightings.run();
        turn++;
        notifyAll();
    }

    /** The entry of the inode; the first name to come here is its first claim. Empty if the table is full. */
    synchronized Optional<Entry> sight(Stat stat, ItemPath path) {
        var key = new Key(stat.device(), stat.inode());
        var entry = entries.get(key);
        if (entry == null) {
            if (entries.size() >= atMost) {
                return Optional.empty();
            }
            entry = new Entry(path, stat.links());
            entries.put(key, entry);
        }
        entry.unseen--;
        if (entry.unseen <= 0) {
            entries.remove(key);
        }
        return Optional.of(entry);
    }
}

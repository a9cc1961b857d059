package dev.coffer.testkit.fs;

import dev.coffer.testkit.fs.Effect.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a disk holds of one file, and what it may hold. A sector holds what the last force wrote, or what the process saw in it at any moment since; the size is that of the last force or any
 * since. So written bytes may be absent, torn at a sector, or there before earlier ones, and the size may be ahead of the bytes, which then read as zeros. A force that failed leaves its sectors
 * as uncertain as they were, and later ones do not write them, unless they are written to again.
 */
final class FileOnDisk {
    static final int SECTOR = 512;

    private final Map<Integer, byte[]> seen = new HashMap<>();
    private int seenSize;
    private final Map<Integer, byte[]> certain = new HashMap<>();
    private int certainSize;
    private final TreeMap<Integer, List<byte[]>> possible = new TreeMap<>();
    private final List<Integer> possibleSizes = new ArrayList<>();
    private final Set<Integer> dirty = new HashSet<>();
    private boolean sizeDirty;

    FileOnDisk(byte[] content) {
        for (int at = 0; at < content.length; at += SECTOR) {
            var sector = new byte[SECTOR];
            System.arraycopy(content, at, sector, 0, Math.min(SECTOR, content.length - at));
            seen.put(at / SECTOR, sector);
        }
        certain.putAll(seen);
        seenSize = content.length;
        certainSize = content.length;
    }

    private void see(int sector, byte[] bytes) {
        seen.put(sector, bytes);
        possible.computeIfAbsent(sector, _ -> new ArrayList<>()).add(bytes);
        dirty.add(sector);
    }

    private byte[] copy(int sector) {
        return seen.getOrDefault(sector, new byte[SECTOR]).clone();
    }

    private void resize(int size) {
        if (size != seenSize) {
            seenSize = size;
            possibleSizes.add(size);
            sizeDirty = true;
        }
    }

    void write(Written written) {
        var bytes = written.bytes().duplicate();
        int at = written.offset();
        while (bytes.hasRemaining()) {
            int in = at % SECTOR;
            int count = Math.min(SECTOR - in, bytes.remaining());
            var sector = copy(at / SECTOR);
            bytes.get(sector, in, count);
            see(at / SECTOR, sector);
            at += count;
        }
        resize(Math.max(seenSize, at));
    }

    void cut(int size) {
        for (int sector : new TreeSet<>(seen.keySet())) {
            int keep = size - sector * SECTOR;
            if (keep < SECTOR) {
                var rest = new byte[SECTOR];
                System.arraycopy(copy(sector), 0, rest, 0, Math.max(0, keep));
                see(sector, rest);
            }
        }
        resize(size);
    }

    void force() {
        for (int sector : dirty) {
            certain.put(sector, copy(sector));
            possible.remove(sector);
        }
        dirty.clear();
        if (sizeDirty) {
            certainSize = seenSize;
            possibleSizes.clear();
            sizeDirty = false;
        }
    }

    void forceFailed() {
        // The pages are clean now although nobody wrote them. The size is kept by the journal, which is another matter.
        dirty.clear();
    }

    /** How many values each decision about this file has; decision 0 is its size. */
    List<Integer> options() {
        var options = new ArrayList<Integer>();
        options.add(1 + possibleSizes.size());
        for (var versions : possible.values()) {
            options.add(1 + versions.size());
        }
        return options;
    }

    boolean isCertain() {
        return possible.isEmpty() && possibleSizes.isEmpty();
    }

    /** The content by the decisions, each from 0, which keeps the last force, to its number of values, which takes what was seen last. */
    byte[] content(List<Integer> decisions) {
        int chosenSize = decisions.getFirst();
        var content = new byte[chosenSize == 0 ? certainSize : possibleSizes.get(chosenSize - 1)];
        var sectors = new HashMap<>(certain);
        int decision = 1;
        for (var versions : possible.entrySet()) {
            int chosen = decisions.get(decision);
            decision++;
            if (chosen > 0) {
                sectors.put(versions.getKey(), versions.getValue().get(chosen - 1));
            }
        }
        for (var sector : sectors.entrySet()) {
            int at = sector.getKey() * SECTOR;
            if (at < content.length) {
                System.arraycopy(sector.getValue(), 0, content, at, Math.min(SECTOR, content.length - at));
            }
        }
        return content;
    }
}

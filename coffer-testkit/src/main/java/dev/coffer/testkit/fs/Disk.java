package dev.coffer.testkit.fs;

import dev.coffer.testkit.fs.Effect.Entered;
import dev.coffer.testkit.fs.Effect.Entry;
import dev.coffer.testkit.fs.Effect.FileForced;
import dev.coffer.testkit.fs.Effect.FolderForced;
import dev.coffer.testkit.fs.Effect.ForceFailed;
import dev.coffer.testkit.fs.Effect.Removed;
import dev.coffer.testkit.fs.Effect.Renamed;
import dev.coffer.testkit.fs.Effect.Resized;
import dev.coffer.testkit.fs.Effect.Written;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What is on the disk, and what may be. An entry of a folder that was made, removed or renamed since its folder was forced may be on the disk or not, whatever became of the others; of one name,
 * the last that is there counts. A rename is there in both folders or in none, and is certain when either is forced.
 */
final class Disk {
    private final Map<Long, FileOnDisk> files = new TreeMap<>();
    private final Map<Long, Map<String, Long>> folders = new TreeMap<>();
    private final List<Entry> waiting = new ArrayList<>();

    private record Place(long folder, String name) {}

    /** @param root all of it is on the disk */
    Disk(Node.Folder root) {
        take(root);
    }

    private void take(Node node) {
        switch (node) {
            case Node.File file -> files.put(file.id, new FileOnDisk(file.content()));
            case Node.Folder folder -> {
                var entries = new TreeMap<String, Long>();
                folder.entries.forEach((name, child) -> {
                    entries.put(name, child.id);
                    take(child);
                });
                folders.put(folder.id, entries);
            }
        }
    }

    private FileOnDisk file(long id) {
        return files.computeIfAbsent(id, _ -> new FileOnDisk(new byte[0]));
    }

    void apply(Effect effect) {
        switch (effect) {
            case Written written -> file(written.file()).write(written);
            case Resized(long file, int size) -> file(file).cut(size);
            case FileForced(long file) -> file(file).force();
            case ForceFailed(long file) -> file(file).forceFailed();
            case FolderForced(long folder) -> force(folder);
            case Entry entry -> waiting.add(entry);
        }
    }

    private static Set<Place> places(Entry entry) {
        return switch (entry) {
            case Entered(long folder, String name, long _) -> Set.of(new Place(folder, name));
            case Removed(long folder, String name) -> Set.of(new Place(folder, name));
            case Renamed(long from, String name, long to, String newName, long _) ->
                from == to && name.equals(newName)
                        ? Set.of(new Place(to, newName))
                        : Set.of(new Place(from, name), new Place(to, newName));
        };
    }

    private static void apply(Entry entry, Map<Long, Map<String, Long>> to) {
        switch (entry) {
            case Entered(long folder, String name, long node) ->
                to.computeIfAbsent(folder, _ -> new TreeMap<>()).put(name, node);
            case Removed(long folder, String name) ->
                to.computeIfAbsent(folder, _ -> new TreeMap<>()).remove(name);
            case Renamed(long from, String name, long folder, String newName, long node) -> {
                to.computeIfAbsent(from, _ -> new TreeMap<>()).remove(name);
                to.computeIfAbsent(folder, _ -> new TreeMap<>()).put(newName, node);
            }
        }
    }

    private void force(long folder) {
        var forced = new HashSet<Entry>();
        var touched = new HashSet<Place>();
        // From the last to the first: what happened to the same names before comes along, as a rename ties two of them.
        for (var entry : waiting.reversed()) {
            var places = places(entry);
            if (places.stream().anyMatch(place -> place.folder() == folder || touched.contains(place))) {
                forced.add(entry);
                touched.addAll(places);
            }
        }
        for (var entry : waiting) {
            if (forced.contains(entry)) {
                apply(entry, folders);
            }
        }
        waiting.removeIf(forced::contains);
    }

    /** The decisions that tell one image from the others: first one for each waiting entry, then those of each uncertain file. */
    private final class Decisions {
        private final List<Integer> options = new ArrayList<>();
        /** Which decisions are about the same folder or file, by its number. */
        private final Map<Long, List<Integer>> groups = new LinkedHashMap<>();

        Decisions() {
            for (var entry : waiting) {
                add(places(entry).iterator().next().folder(), 2);
            }
            files.forEach((id, file) -> {
                if (!file.isCertain()) {
                    file.options().forEach(count -> add(id, count));
                }
            });
        }

        private void add(long group, int count) {
            groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(options.size());
            options.add(count);
        }

        /** How many images there are; {@code most} + 1 if they are more than that. */
        int images(int most) {
            long images = 1;
            for (int count : options) {
                images *= count;
                if (images > most) {
                    return most + 1;
                }
            }
            return (int) images;
        }

        List<Integer> numbered(int image) {
            var decisions = new ArrayList<Integer>();
            int rest = image;
            for (int count : options) {
                decisions.add(rest % count);
                rest /= count;
            }
            return decisions;
        }

        /** Of each file and folder nothing, all or some: with many decisions, an even choice would hardly ever keep a whole folder. */
        List<Integer> sampled(RandomGenerator random) {
            var decisions = new ArrayList<>(options);
            for (var group : groups.values()) {
                int way = random.nextInt(4);
                for (int decision : group) {
                    int last = options.get(decision) - 1;
                    decisions.set(
                            decision,
                            switch (way) {
                                case 0 -> 0;
                                case 1 -> last;
                                default -> random.nextInt(last + 1);
                            });
                }
            }
            return decisions;
        }

        List<Integer> last() {
            return options.stream().map(count -> count - 1).toList();
        }
    }

    /** The trees of at most {@code most} images, at least 2: all of them, or that with nothing uncertain, that with everything, and a sample of the others. */
    List<Image> images(int most, RandomGenerator random) {
        var decisions = new Decisions();
        int count = decisions.images(most);
        var chosen = new ArrayList<List<Integer>>();
        if (count <= most) {
            for (int image = 0; image < count; image++) {
                chosen.add(decisions.numbered(image));
            }
        } else {
            chosen.add(decisions.numbered(0));
            chosen.add(decisions.last());
            while (chosen.size() < most) {
                chosen.add(decisions.sampled(random));
            }
        }
        return chosen.stream().map(this::image).toList();
    }

    /** What is found after a crash, by the numbers of files and folders. */
    record Image(Map<Long, byte[]> files, Map<Long, Map<String, Long>> folders) {}

    private Image image(List<Integer> decisions) {
        var entries = new TreeMap<Long, Map<String, Long>>();
        folders.forEach((id, names) -> entries.put(id, new TreeMap<>(names)));
        int at = 0;
        for (var entry : waiting) {
            if (decisions.get(at) > 0) {
                apply(entry, entries);
            }
            at++;
        }
        var contents = new TreeMap<Long, byte[]>();
        for (var file : files.entrySet()) {
            var options = file.getValue().options();
            if (file.getValue().isCertain()) {
                contents.put(file.getKey(), file.getValue().content(List.of(0)));
            } else {
                contents.put(file.getKey(), file.getValue().content(decisions.subList(at, at + options.size())));
                at += options.size();
            }
        }
        return new Image(contents, entries);
    }
}

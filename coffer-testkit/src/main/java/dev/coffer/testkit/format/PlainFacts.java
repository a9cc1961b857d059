package dev.coffer.testkit.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a vault says of how long its points are kept, as the format's page says it.
 *
 * @param lock empty if the vault was never given one
 * @param lifecycleByPoint those that were changed
 * @param holdById the newest record of each
 */
public record PlainFacts(Optional<Lock> lock, Map<String, Lifecycle> lifecycleByPoint, Map<String, Hold> holdById) {
    /** A lock; mode 0 is none, 1 governance, 2 compliance. */
    public record Lock(int mode, OptionalLong fewestDays, OptionalLong mostDays, Optional<Instant> permanentFrom) {}

    /** A lifecycle; archiving is 0 not said, 1 no, 2 yes. */
    public record Lifecycle(OptionalLong coldDays, OptionalLong deleteDays, int archiving) {}

    /** A legal hold. */
    public record Hold(
            String title,
            String description,
            Instant createdAt,
            List<String> vaults,
            List<String> resources,
            Optional<Range> range,
            Optional<Cancelled> cancelled) {
        public Hold {
            vaults = List.copyOf(vaults);
            resources = List.copyOf(resources);
        }
    }

    /** From when to when, both included. */
    public record Range(Instant from, Instant to) {}

    /** Why a hold is none any more. */
    public record Cancelled(Instant at, String why, Instant recordUntil) {}

    public PlainFacts {
        lifecycleByPoint = Map.copyOf(lifecycleByPoint);
        holdById = Map.copyOf(holdById);
    }

    /** Opens a blob that has this key. */
    interface Opener {
        PlainFields open(String key, byte[] blob);
    }

    static PlainFacts read(Path vault, Opener opener) throws IOException {
        var lock = Optional.<Lock>empty();
        for (var file : sorted(vault, "locks")) {
            lock = Optional.of(lock(opened(vault, file, opener)));
        }
        var lifecycles = new TreeMap<String, Lifecycle>();
        for (var file : sorted(vault, "lifecycles")) {
            lifecycles.put(parent(file), lifecycle(opened(vault, file, opener)));
        }
        var holds = new TreeMap<String, Hold>();
        for (var file : sorted(vault, "holds")) {
            boolean cancelled = Long.parseLong(String.valueOf(file.getFileName())) == 2;
            holds.put(parent(file), hold(opened(vault, file, opener), cancelled));
        }
        return new PlainFacts(lock, lifecycles, holds);
    }

    /** So that the highest number of each comes last. */
    private static List<Path> sorted(Path vault, String folder) throws IOException {
        var below = vault.resolve(folder);
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (var found = Files.walk(below)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static PlainFields opened(Path vault, Path file, Opener opener) throws IOException {
        return opener.open(vault.relativize(file).toString(), Files.readAllBytes(file));
    }

    private static String parent(Path file) {
        return String.valueOf(file.getName(file.getNameCount() - 2));
    }

    private static Lock lock(PlainFields in) {
        int mode = in.u8();
        if (mode > 2) {
            throw in.broken("unknown mode " + mode);
        }
        var none = OptionalLong.empty();
        var lock = new Lock(
                mode,
                mode == 0 ? none : days(in),
                mode == 0 ? none : days(in),
                mode == 2 ? Optional.of(in.time()) : Optional.empty());
        in.end();
        return lock;
    }

    private static Lifecycle lifecycle(PlainFields in) {
        var lifecycle = new Lifecycle(days(in), days(in), in.u8());
        if (lifecycle.archiving > 2) {
            throw in.broken("an unknown answer");
        }
        in.end();
        return lifecycle;
    }

    private static Hold hold(PlainFields in, boolean cancelled) {
        var hold = new Hold(
                in.text(),
                in.text(),
                in.time(),
                texts(in),
                texts(in),
                in.u8() == 1 ? Optional.of(new Range(in.time(), in.time())) : Optional.empty(),
                cancelled ? Optional.of(new Cancelled(in.time(), in.text(), in.time())) : Optional.empty());
        in.end();
        return hold;
    }

    private static OptionalLong days(PlainFields in) {
        long value = in.varint();
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value - 1);
    }

    private static List<String> texts(PlainFields in) {
        int count = in.count();
        var texts = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            texts.add(in.text());
        }
        return texts;
    }
}

package dev.coffer.bench.metadata;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Capture;
import dev.coffer.core.repository.Differences;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.repository.FileRepositories;
import dev.coffer.repository.RepositorySettings;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Measures points with many items: {@code bench/metadata.sh}. Each reading step begins with empty caches. Prints rows of the table of docs/performance.md. */
public final class MetadataBench {
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    private static final VaultName NAME = new VaultName("Default");
    private static final VaultId ID = new VaultId(new UUID(1, 2));
    private static final SessionId FIRST = new SessionId("first");
    private static final SessionId SAME = new SessionId("same");
    private static final SessionId NEXT = new SessionId("next");
    private static final int CHANGED = 100;

    private final Path folder;
    private final long files;
    private final PrintStream out;
    private final SecureRandom random = new SecureRandom();
    private final LocalKeyFile key;
    private final CountingStore.Counts counts = new CountingStore.Counts();

    private MetadataBench(Path folder, long files, PrintStream out) throws IOException {
        this.folder = folder;
        this.files = files;
        this.out = out;
        this.key = LocalKeyFile.openOrCreate(folder.resolve("key"), random);
    }

    private interface Step {
        /** @return how many items were shown, or found to differ, or captured */
        long run(Repository vault) throws InterruptedException;
    }

    /** The arguments are an empty folder and the number of files. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new MetadataBench(Path.of(arguments[0]), Long.parseLong(arguments[1]), System.out).run();
    }

    private void run() throws IOException, InterruptedException {
        var tree = new GeneratedTree(files, 0);
        var later = new GeneratedTree(files, CHANGED);
        step("first capture", vault -> write(vault, FIRST, Optional.empty(), tree.full()));
        step("capture again, unchanged", vault -> write(vault, SAME, Optional.of(FIRST), tree.next()));
        step("capture again, 100 changed", vault -> write(vault, NEXT, Optional.of(SAME), later.next()));
        step("list the root", vault -> list(vault, ItemPath.ROOT));
        step("list a folder of 1000", vault -> list(vault, tree.folder(files / GeneratedTree.FILES_IN_FOLDER / 2)));
        step("find one item", vault -> find(vault, tree.file(files / 3)));
        step("compare, same items", vault -> compare(vault, FIRST, SAME));
        step("compare, 100 differ", vault -> compare(vault, FIRST, NEXT));
        for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM")) {
                out.println(line);
            }
        }
    }

    /** Runs a step as a process of its own would, and prints what it cost. */
    private void step(String what, Step step) throws InterruptedException {
        var settings = RepositorySettings.standard(Runtime.getRuntime().availableProcessors())
                .withStores(store -> new CountingStore(store, counts));
        try (var repositories =
                new FileRepositories(folder.resolve("vaults"), folder.resolve("cache"), key, random, settings)) {
            repositories.create(SCOPE, NAME, ID);
            var vault = repositories.open(SCOPE, NAME, ID);
            vault.points(_ -> {});
            System.gc();
            counts.reset();
            var began = System.nanoTime();
            var cpu = cpu();
            long shown = step.run(vault);
            var used = cpu().minus(cpu);
            double seconds = (System.nanoTime() - began) / 1e9;
            out.printf(
                    "| %d | %s | %d | %.3f | %.3f | %d | %d | %.3f | %.3f |%n",
                    files,
                    what,
                    shown,
                    seconds,
                    used.toNanos() / 1e9,
                    counts.blobs.size(),
                    counts.ranges.get(),
                    counts.bytesRead.get() / 1e6,
                    counts.bytesWritten.get() / 1e6);
        }
    }

    private static Duration cpu() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Duration.ofNanos(system.getProcessCpuTime())
                : Duration.ZERO;
    }

    private static long write(Repository vault, SessionId id, Optional<SessionId> parent, Capture capture)
            throws InterruptedException {
        var point = new PointDescription(
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:" + id,
                "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-00000001",
                "EFS",
                "generated",
                Instant.EPOCH,
                Map.of(),
                Map.of());
        return vault.write(id, point, parent, capture, () -> {}).items();
    }

    private static long list(Repository vault, ItemPath under) throws InterruptedException {
        var shown = new long[1];
        try (var point = vault.open(NEXT)) {
            point.children(under, _ -> {
                shown[0]++;
                return true;
            });
        }
        return shown[0];
    }

    private static long find(Repository vault, ItemPath path) throws InterruptedException {
        try (var point = vault.open(NEXT)) {
            return point.find(path).isPresent() ? 1 : 0;
        }
    }

    private static long compare(Repository vault, SessionId earlier, SessionId later) throws InterruptedException {
        var shown = new long[1];
        vault.compare(earlier, later, new Differences() {
            @Override
            public void added(Item item) {
                shown[0]++;
            }

            @Override
            public void removed(Item item) {
                shown[0]++;
            }

            @Override
            public void changed(Item before, Item after) {
                shown[0]++;
            }
        });
        return shown[0];
    }
}

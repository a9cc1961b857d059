package dev.coffer.server;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.key.WrongKey;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.StorageClass;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.legalhold.HoldKeeper;
import dev.coffer.engine.recoverypoint.PointAdoption;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.vault.LockKeeper;
import dev.coffer.engine.vault.VaultService;
import dev.coffer.repository.FileRepositories;
import dev.coffer.repository.VaultFolder;
import dev.coffer.server.key.ConfiguredKeys;
import dev.coffer.server.node.DataFolder;
import dev.coffer.server.node.OpenedCatalog;
import dev.coffer.server.node.VaultFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Makes the catalog of a data folder anew from its vaults. What the catalog has already stays; a repeat adds what is missing. No server runs on the folder meanwhile. */
public final class CatalogRebuild {
    private static final int LEVELS = 3;

    private CatalogRebuild() {}

    /**
     * What was done.
     *
     * @param trouble what could not be taken in, and why
     */
    public record Outcome(int vaults, int vaultsAdded, long points, long pointsAdded, List<String> trouble) {
        public Outcome {
            trouble = List.copyOf(trouble);
        }
    }

    /**
     * Reads all vaults below the data folder and lists what they hold.
     *
     * @param config names the keys; the usual file of the data folder if it is left out
     * @param told is told of each vault when it has been read
     * @throws dev.coffer.server.node.NodeException if the folder is in use or cannot be used, or the key is missing
     */
    public static Outcome run(
            Path data, Optional<Path> config, InstantSource clock, SecureRandom random, Consumer<String> told)
            throws IOException, InterruptedException {
        try (var folder = DataFolder.open(data)) {
            var settings = CofferServer.config(config, folder);
            var vaultFolders = VaultFolders.of(settings, folder);
            try (var catalog = OpenedCatalog.of(settings, folder, random);
                    var keys = ConfiguredKeys.of(
                            folder.folder("keys"),
                            vaultFolders.all(),
                            random,
                            name -> Optional.ofNullable(System.getenv(name)));
                    var repositories = new FileRepositories(
                            vaultFolders::of,
                            vaultFolders::coldOf,
                            vaultFolders.all().getFirst(),
                            folder.folder("cache"),
                            keys.open(settings),
                            random,
                            "rebuild")) {
                var shared = catalog.clock(clock);
                var vaults = new VaultService(
                        catalog,
                        repositories,
                        new Gate(catalog, shared),
                        shared,
                        () -> new UUID(random.nextLong(), random.nextLong()),
                        Limits.defaults(),
                        new RunnerId(
                                HexFormat.of().toHexDigits(random.nextLong()),
                                HexFormat.of().toHexDigits(random.nextLong())));
                var locks = new LockKeeper(catalog, repositories, () -> {});
                var outcome = new Rebuild(
                                vaultFolders,
                                repositories,
                                vaults,
                                new PointAdoption(catalog),
                                new Locks(catalog, locks),
                                shared,
                                told)
                        .run();
                new HoldKeeper(catalog, repositories, locks).agree();
                return outcome;
            }
        }
    }

    /** Brings back the locks that vaults hold. */
    private record Locks(Catalog catalog, LockKeeper keeper) {
        void restore(Scope scope, VaultName name) throws InterruptedException {
            var _ = keeper.agree(
                    catalog.read(view -> view.vaults().find(scope, name)).orElseThrow());
        }
    }

    private static final class Rebuild {
        private final VaultFolders vaultFolders;
        private final FileRepositories repositories;
        private final VaultService vaults;
        private final PointAdoption adoption;
        private final Locks locks;
        private final InstantSource clock;
        private final Consumer<String> told;
        private final List<String> trouble = new ArrayList<>();
        private int seen;
        private int added;
        private long points;
        private long pointsAdded;

        Rebuild(
                VaultFolders vaultFolders,
                FileRepositories repositories,
                VaultService vaults,
                PointAdoption adoption,
                Locks locks,
                InstantSource clock,
                Consumer<String> told) {
            this.vaultFolders = vaultFolders;
            this.repositories = repositories;
            this.vaults = vaults;
            this.adoption = adoption;
            this.locks = locks;
            this.clock = clock;
            this.told = told;
        }

        Outcome run() throws IOException, InterruptedException {
            for (var folder : vaultFolders.all()) {
                below(folder);
            }
            return new Outcome(seen, added, points, pointsAdded, trouble);
        }

        private void below(Path vaultsFolder) throws IOException, InterruptedException {
            List<Path> found;
            try (var below = Files.walk(vaultsFolder, LEVELS)) {
                found = below.map(vaultsFolder::relativize)
                        .filter(place -> place.getNameCount() == LEVELS)
                        .filter(place -> VaultFolder.isVault(vaultsFolder.resolve(place)))
                        .sorted()
                        .toList();
            }
            for (var place : found) {
                try {
                    vault(vaultsFolder, place);
                } catch (RepositoryException | WrongKey | Refused unusable) {
                    trouble.add("vault " + place + ": " + unusable.getMessage());
                }
            }
        }

        private void vault(Path vaultsFolder, Path place) throws InterruptedException {
            var scope = new Scope(
                    new AccountId(place.getName(0).toString()),
                    new Region(place.getName(1).toString()));
            if (!vaultFolders.isOf(vaultsFolder, scope.region())) {
                trouble.add("vault " + place + ": 'storage' says that vaults of " + scope.region() + " are elsewhere");
                return;
            }
            var name = new VaultName(place.getName(2).toString());
            var id = VaultFolder.toRead(vaultsFolder.resolve(place), Optional.empty())
                    .id();
            var manifests = new ArrayList<Manifest>();
            var repository = repositories.open(scope, name, id);
            var cold = Set.copyOf(repository.cold());
            try {
                repository.points(manifests::add);
            } catch (RepositoryException.Corrupt some) {
                trouble.add("vault " + place + ": " + some.getMessage());
            }
            manifests.sort(Comparator.comparing(manifest -> manifest.point().createdAt()));
            Instant createdAt = manifests.isEmpty()
                    ? clock.instant()
                    : manifests.getFirst().point().createdAt();
            seen++;
            added += vaults.adopt(scope, name, id, createdAt, repositories.customerKey(scope, name, id)) ? 1 : 0;
            locks.restore(scope, name);
            var facts = repositories.open(scope, name, id).facts();
            for (var manifest : manifests) {
                points++;
                var storage = cold.contains(manifest.id()) ? StorageClass.COLD : StorageClass.WARM;
                try {
                    pointsAdded +=
                            adoption.adopt(scope, name, manifest, storage, facts.lifecycle(manifest.id())) ? 1 : 0;
                } catch (IllegalArgumentException untold) {
                    trouble.add("recovery point " + manifest.id() + " of vault " + place + ": " + untold.getMessage());
                }
            }
            told.accept(place + ": " + manifests.size() + " recovery points");
        }
    }
}

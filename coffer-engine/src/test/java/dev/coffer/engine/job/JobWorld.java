package dev.coffer.engine.job;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Organization;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.source.Inventory;
import dev.coffer.testkit.time.TestClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** An installation with ten file systems, one vault and one role. What a crash does not take is here: catalog, vaults, file systems. */
final class JobWorld implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T05:00:00Z");
    static final AccountId ACCOUNT = new AccountId("111122223333");
    static final Scope SCOPE = new Scope(ACCOUNT, new Region("eu-west-1"));
    static final Arn ROLE = Arn.ofRole(ACCOUNT, "CofferBackup");
    static final Organization ORGANIZATION = Organization.named(
            "o-a1b2c3d4e5",
            "r-ab12",
            Map.of(
                    ACCOUNT,
                    Optional.of("ou-ab12-11111111"),
                    new AccountId("444455556666"),
                    Optional.of("ou-ab12-22222222/ou-ab12-33333333")));
    static final VaultName VAULT = new VaultName("prod");
    static final Caller CALLER =
            new Caller(ACCOUNT, new Arn("aws", "iam", "", ACCOUNT.value(), "root"), SCOPE.region());

    final TestClock clock = new TestClock(START);
    final MemoryVaults vaults = new MemoryVaults();
    final TreeConnector connector;
    final SqlCatalog catalog;
    final Inventory inventory;
    final BackupJobService backups;
    final CopyJobService copies;
    final RestoreJobService restores;
    final ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
    final AtomicLong wakes = new AtomicLong();
    private final AtomicLong ids = new AtomicLong(0x1000);
    private final AtomicLong starts = new AtomicLong();
    private final Gate gate;
    private final List<Dispatcher> dispatchers = new ArrayList<>();

    JobWorld(Path folder) {
        this(folder, 4);
    }

    JobWorld(Path folder, int jobsAtOnce) {
        connector = new TreeConnector(clock, jobsAtOnce);
        catalog = SqlCatalog.open(folder.resolve("catalog"));
        gate = new Gate(catalog, clock, ORGANIZATION);
        var sources = new ArrayList<Source>();
        for (int i = 0; i < 60; i++) {
            sources.add(new Source(
                    ResourceType.EFS, SCOPE, fileSystem(i), "fs-" + i, Map.of(), Map.of("team", "a", "aws:x", "y")));
            connector.treeByArn.put(fileSystem(i), new ConcurrentHashMap<>(Map.of("a", "alpha", "b", "beta")));
        }
        inventory = new Inventory(sources, catalog, List.of(connector), Map.of(ResourceType.EFS, "/restored"));
        backups = new BackupJobService(
                catalog, inventory, gate, clock, this::id, Limits.defaults(), wakes::incrementAndGet, this::ended);
        copies = new CopyJobService(catalog, gate, clock, this::id, Limits.defaults(), wakes::incrementAndGet);
        restores = new RestoreJobService(
                catalog, inventory, gate, clock, this::id, Limits.defaults(), wakes::incrementAndGet);
        addVault(VAULT);
        catalog.<Boolean>write(tx -> {
            tx.access().putRole(ROLE, START);
            return true;
        });
    }

    Vault addVault(VaultName name) {
        return addVault(SCOPE, name);
    }

    Vault addVault(Scope scope, VaultName name) {
        var vault = new Vault(
                scope,
                name,
                new VaultId(id()),
                EncryptionKey.managed(new Arn(
                        "aws", "kms", scope.region().value(), scope.account().value(), "key/1")),
                START,
                Optional.empty());
        vaults.create(scope, name, vault.id());
        catalog.<Boolean>write(tx -> {
            tx.vaults().insert(vault);
            return true;
        });
        return vault;
    }

    private void ended(JobObserver.Kind kind, String state, ResourceType type, java.time.Duration took, long bytes) {
        ended.add(kind + " " + state);
    }

    UUID id() {
        return new UUID(0x4000, 0x8000_0000_0000_0000L + ids.incrementAndGet());
    }

    static Arn fileSystem(int number) {
        return Arn.ofFileSystem(SCOPE, "fs-" + number);
    }

    /** A new process of the node. */
    Dispatcher process(String node) {
        return process(node, catalog);
    }

    Dispatcher process(String node, Catalog over) {
        var dispatcher = new Dispatcher(
                over,
                vaults,
                inventory,
                gate,
                new RunnerId(node, Long.toString(starts.incrementAndGet())),
                clock,
                this::id,
                Limits.defaults(),
                this::ended);
        dispatchers.add(dispatcher);
        return dispatcher;
    }

    static StartBackup request(Arn resource) {
        return new StartBackup(
                VAULT.value(),
                resource.toString(),
                ROLE.toString(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
    }

    BackupJob startBackup(int fileSystem) {
        return backups.start(CALLER, request(fileSystem(fileSystem)));
    }

    BackupJob now(BackupJob job) {
        return backups.describe(CALLER, job.id().value());
    }

    CopyJob now(CopyJob job) {
        return copies.describe(CALLER, job.id().value()).job();
    }

    static StartCopy copyOf(BackupJob backup, VaultPlace destination) {
        return new StartCopy(
                backup.recoveryPoint().toString(),
                backup.vault().value(),
                destination.toString(),
                ROLE.toString(),
                Optional.empty(),
                Optional.empty());
    }

    /** A copy that has ended. */
    CopyJob copied(BackupJob backup, VaultPlace destination) throws InterruptedException {
        var job = copies.start(CALLER, copyOf(backup, destination));
        run(process("copier"));
        return now(job);
    }

    /** The copy as its destination has it. */
    Optional<RecoveryPoint> point(CopyJob job) {
        return catalog.read(view -> view.recoveryPoints()
                .find(job.destination().scope(), job.destination().name(), job.copy()));
    }

    /** What the storage of a vault holds. */
    List<Manifest> manifestsIn(VaultPlace place) throws InterruptedException {
        var vault = catalog.read(view -> view.vaults().find(place.scope(), place.name()))
                .orElseThrow();
        var found = new ArrayList<Manifest>();
        vaults.open(place.scope(), place.name(), vault.id()).points(found::add);
        return found;
    }

    RestoreJob now(RestoreJob job) {
        return restores.describe(CALLER, job.id().value());
    }

    /** Runs what is due in the process and waits for it. */
    void run(Dispatcher process) throws InterruptedException {
        process.tick();
        process.join();
    }

    /** A backup that is done. */
    BackupJob backedUp(int fileSystem) throws InterruptedException {
        var job = startBackup(fileSystem);
        run(process("maker"));
        return now(job);
    }

    static StartRestore restoreOf(Arn point) {
        return new StartRestore(
                point.toString(),
                Map.of("newFileSystem", "true"),
                Optional.of(ROLE.toString()),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    Optional<RecoveryPoint> point(BackupJob job) {
        return catalog.read(view -> view.recoveryPoints().find(SCOPE, job.vault(), job.recoveryPoint()));
    }

    List<RecoveryPoint> pointsOf(Arn resource) {
        return catalog.read(view -> view.recoveryPoints()
                .list(SCOPE, RecoveryPointRows.Filter.ofResource(resource), PageRequest.first(100))
                .rows());
    }

    /** What is in the file system. */
    Map<String, String> files(Arn fileSystem) {
        return Optional.ofNullable(connector.treeByArn.get(fileSystem)).orElseThrow();
    }

    /** What the vault's storage itself holds of the resource. */
    List<Manifest> manifestsOf(Arn resource) throws InterruptedException {
        return manifestsIn(new VaultPlace(SCOPE, VAULT)).stream()
                .filter(manifest -> manifest.point().resourceArn().equals(resource.toString()))
                .toList();
    }

    List<Event> events() {
        return catalog.read(view -> view.outbox().after(0, 10_000).stream()
                .map(entry -> entry.event())
                .toList());
    }

    /** A turn that holds the work until it is let go, or interrupted. */
    static final class Hold implements TreeConnector.Turn {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        @Override
        public void take(dev.coffer.core.connector.Activity activity) throws InterruptedException {
            activity.progress(50, 100);
            reached.countDown();
            letGo.await();
        }
    }

    /** Holds the next capture or restore. */
    Hold hold() {
        var hold = new Hold();
        connector.turns.add(hold);
        return hold;
    }

    @Override
    public void close() {
        dispatchers.forEach(Dispatcher::close);
        catalog.close();
    }
}

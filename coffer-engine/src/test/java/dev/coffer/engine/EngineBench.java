package dev.coffer.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.clock.HeartbeatSeal;
import dev.coffer.core.event.Event;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.PointFacts;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.PointDescription;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.clock.TimeWitnesses;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.duty.Duty;
import dev.coffer.engine.legalhold.HoldKeeper;
import dev.coffer.engine.legalhold.LegalHoldLoop;
import dev.coffer.engine.legalhold.LegalHoldService;
import dev.coffer.engine.recoverypoint.ColdLoop;
import dev.coffer.engine.recoverypoint.DeletionLoop;
import dev.coffer.engine.recoverypoint.ExpiryLoop;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.Protections;
import dev.coffer.engine.recoverypoint.RecoveryPointService;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.tag.TagService;
import dev.coffer.engine.vault.LockAudit;
import dev.coffer.engine.vault.LockKeeper;
import dev.coffer.engine.vault.RetentionLoop;
import dev.coffer.engine.vault.VaultLockService;
import dev.coffer.engine.vault.VaultService;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.time.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Everything that the use cases need, over a catalog in a folder and vaults in memory. Its owner closes it. */
public final class EngineBench implements AutoCloseable {
    public static final AccountId ACCOUNT = new AccountId("111122223333");
    public static final Region REGION = new Region("eu-central-1");
    public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    public static final Caller ADMIN = new Caller(ACCOUNT, administrator("111122223333"), REGION);
    public static final Caller STRANGER =
            new Caller(new AccountId("444455556666"), administrator("444455556666"), REGION);
    public static final Arn ROLE = Arn.ofRole(ACCOUNT, "service-role/AWSBackupDefaultServiceRole");

    public final SqlCatalog catalog;
    public final TestClock clock = new TestClock(START);
    /** Storage that keeps what it was told to keep, by the true time. */
    public final MemoryRepositories repositories = MemoryRepositories.retaining(this::trueTime);

    public final Gate gate;
    public final Supplier<UUID> ids = counting();
    public final Limits limits = Limits.defaults();
    public final RunnerId runner = new RunnerId("bench", ids.get().toString());
    public final VaultService vaults;
    public final DeletionLoop deletion;
    public final RecoveryPointService points;
    public final TagService tags;
    public final TrustedClock trusted;
    public final Protections protections;
    public final LockKeeper keeper;
    /** How often the catalog was not what a vault says. */
    public final AtomicLong disagreements = new AtomicLong();

    public final PointDeletion pointDeletion;
    public final ExpiryLoop expiry;
    public final RetentionLoop retention;
    public final ColdLoop cold;
    public final VaultLockService locks;
    public final HoldKeeper holdKeeper;
    public final LegalHoldLoop holding;
    public final LegalHoldService holds;
    /** How far the host's clock was set away from the true time. */
    private final AtomicReference<Duration> moved = new AtomicReference<>(Duration.ZERO);

    public EngineBench(Path folder) {
        this(folder, TimeWitnesses.NONE);
    }

    /** A bench with sources of time outside the host. */
    public EngineBench(Path folder, TimeWitnesses witnesses) {
        catalog = SqlCatalog.open(folder);
        trusted = process(catalog, witnesses);
        protections = new Protections(trusted);
        keeper = new LockKeeper(catalog, repositories, disagreements::incrementAndGet);
        pointDeletion = new PointDeletion(catalog, repositories, protections, keeper);
        gate = new Gate(catalog, clock);
        vaults = new VaultService(catalog, repositories, gate, clock, ids, limits, runner);
        deletion = new DeletionLoop(catalog, pointDeletion, Duration.ofHours(1));
        expiry = new ExpiryLoop(catalog, trusted, pointDeletion, deletion, clock, ids, Duration.ofHours(1));
        deletion.onFailure(expiry::failed);
        retention = new RetentionLoop(catalog, repositories, trusted, Duration.ofHours(1));
        cold = new ColdLoop(catalog, repositories, trusted, clock, ids, () -> {}, Duration.ofHours(1));
        locks = new VaultLockService(catalog, gate, trusted, clock, ids, keeper, () -> {});
        holdKeeper = new HoldKeeper(catalog, repositories, keeper);
        holding = new LegalHoldLoop(catalog, trusted, holdKeeper, () -> {}, 3, Duration.ofHours(1));
        holds = new LegalHoldService(catalog, gate, trusted, clock, ids, limits, holdKeeper, () -> {});
        points = new RecoveryPointService(catalog, repositories, gate, clock, ids, deletion, protections);
        tags = new TagService(catalog, gate);
    }

    /** The vault clock as a new process begins it, over this bench's time. */
    public TrustedClock process(Catalog over, TimeWitnesses witnesses) {
        return process("bench", over, witnesses);
    }

    /** The vault clock as a new process of the node begins it. */
    public TrustedClock process(String node, Catalog over, TimeWitnesses witnesses) {
        var begun = new TrustedClock(
                over,
                clock,
                () -> Duration.between(START, trueTime()).toNanos(),
                new RunnerId(node, ids.get().toString()),
                witnesses,
                new HeartbeatSeal(new byte[32]),
                Duration.ofMinutes(10));
        try {
            begun.begin();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
        return begun;
    }

    /** A duty of this bench's process. */
    public Duty duty(Catalog over, String name) {
        return new Duty(over, name, runner, clock);
    }

    /** The time that nobody can set. */
    public Instant trueTime() {
        return clock.instant().minus(moved.get());
    }

    /** Sets the host's clock forwards, or backwards by a negative duration; no time passes. */
    public void setClockBy(Duration by) {
        moved.updateAndGet(before -> before.plus(by));
        clock.advance(by);
    }

    private static Arn administrator(String account) {
        return new Arn("aws", "iam", "", account, "user/coffer-admin");
    }

    private static Supplier<UUID> counting() {
        var next = new AtomicLong();
        return () -> new UUID(0x4000, next.incrementAndGet());
    }

    /** A vault of the administrator. */
    public Vault vault(String name) throws InterruptedException {
        return vaults.create(ADMIN, name, Optional.empty(), Optional.empty(), Map.of());
    }

    /** A completed point of the file system, with its session in the vault's storage. */
    public RecoveryPoint point(Vault vault, String fileSystem, Instant createdAt) throws InterruptedException {
        return point(vault, fileSystem, createdAt, RecoveryPointStatus.COMPLETED);
    }

    /** A point in a status. */
    public RecoveryPoint point(Vault vault, String fileSystem, Instant createdAt, RecoveryPointStatus status)
            throws InterruptedException {
        return point(vault, ResourceType.EFS, Arn.ofFileSystem(vault.scope(), fileSystem), createdAt, status);
    }

    /** A point of a resource of any type. */
    public RecoveryPoint point(
            Vault vault, ResourceType type, Arn resource, Instant createdAt, RecoveryPointStatus status)
            throws InterruptedException {
        var id = ids.get().toString();
        var point = new RecoveryPoint(
                vault.scope(),
                vault.name(),
                Arn.ofRecoveryPoint(vault.scope(), id),
                id,
                resource,
                type,
                "home",
                ROLE,
                status,
                createdAt,
                Optional.of(createdAt),
                status == RecoveryPointStatus.CREATING ? Optional.empty() : Optional.of(createdAt.plusSeconds(60)),
                0,
                0,
                Lifecycle.NONE,
                Optional.empty(),
                Optional.empty());
        repositories
                .open(vault.scope(), vault.name(), vault.id())
                .write(
                        new SessionId(id),
                        new PointDescription(
                                point.arn().toString(),
                                resource.toString(),
                                type.wireName(),
                                "home",
                                createdAt,
                                Map.of("file-system-id", "fs-secret-setting"),
                                Map.of(),
                                new PointFacts(ROLE, Lifecycle.NONE, Tags.NONE, Optional.empty()).toMap()),
                        Optional.empty(),
                        _ -> new CaptureSummary(createdAt, 0, List.of()),
                        () -> {});
        write(tx -> tx.recoveryPoints().put(point));
        return point;
    }

    /** The point under a lifecycle of so many days, in the catalog and in the vault; none for ever. */
    public RecoveryPoint keptFor(RecoveryPoint point, OptionalLong days) {
        var kept = point.withLifecycle(new Lifecycle(OptionalLong.empty(), days, Optional.empty()));
        write(tx -> tx.recoveryPoints().put(kept));
        try {
            var vault = catalog.read(view -> view.vaults().find(point.scope(), point.vault()))
                    .orElseThrow();
            repositories
                    .open(vault.scope(), vault.name(), vault.id())
                    .facts()
                    .put(new SessionId(point.sessionId()), kept.lifecycle());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
        return kept;
    }

    /** Lets the service assume {@link #ROLE}. */
    public void trustRole() {
        write(tx -> tx.access().putRole(ROLE, START));
    }

    /** Whether the vault's storage still has the point. */
    public boolean isStored(RecoveryPoint point) throws InterruptedException {
        var vault = catalog.read(view -> view.vaults().find(point.scope(), point.vault()))
                .orElseThrow();
        try (var _ =
                repositories.open(vault.scope(), vault.name(), vault.id()).open(new SessionId(point.sessionId()))) {
            return true;
        } catch (RepositoryException.NotFound forgotten) {
            return false;
        }
    }

    /** Deletes what is due and what is marked. */
    public void expire() throws InterruptedException {
        expiry.tick();
        deletion.tick();
    }

    /** Compares what the vaults say with the catalog. */
    public void audit() throws InterruptedException {
        new LockAudit(catalog, keeper, holdKeeper::agree, Duration.ofDays(1)).tick();
    }

    /** Changes the catalog. */
    public void write(Consumer<Transaction> change) {
        catalog.<Boolean>write(tx -> {
            change.accept(tx);
            return true;
        });
    }

    /** The point as the catalog has it. */
    public Optional<RecoveryPoint> stored(RecoveryPoint point) {
        return catalog.read(view -> view.recoveryPoints().find(point.scope(), point.vault(), point.arn()));
    }

    /** All events so far. */
    public List<Event> events() {
        return catalog.read(view -> view.outbox().after(0, 10_000)).stream()
                .map(entry -> entry.event())
                .toList();
    }

    /** Whether the vault is listed. */
    public boolean isListed(String vault) {
        return catalog.read(view -> view.vaults().find(ADMIN.scope(), new VaultName(vault)))
                .isPresent();
    }

    /** Runs what must be refused, and gives the refusal. */
    public static Problem refusal(ThrowingCallable call) {
        var caught = new Problem[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(Refused.class, refused -> caught[0] = refused.problem());
        return caught[0];
    }

    @Override
    public void close() {
        deletion.close();
        catalog.close();
        repositories.close();
    }
}

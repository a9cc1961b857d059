package dev.coffer.server;

import dev.coffer.aws.dynamodb.DynamoDbConnector;
import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.aws.s3.S3Connector;
import dev.coffer.catalog.SqlCatalog;
import dev.coffer.catalog.access.JacksonPolicyJson;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.key.KeyRing;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.AccountBootstrap;
import dev.coffer.engine.access.Credentials;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.KeyLookup;
import dev.coffer.engine.access.KeyService;
import dev.coffer.engine.access.PolicyService;
import dev.coffer.engine.access.PrincipalService;
import dev.coffer.engine.access.ReplayGuard;
import dev.coffer.engine.access.SessionService;
import dev.coffer.engine.access.SimulationService;
import dev.coffer.engine.clock.ClockService;
import dev.coffer.engine.continuous.ContinuousService;
import dev.coffer.engine.continuous.Follower;
import dev.coffer.engine.continuous.Rounds;
import dev.coffer.engine.continuous.SeriesUpkeep;
import dev.coffer.engine.dashboard.DashboardService;
import dev.coffer.engine.duty.Duty;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.job.BackupJobService;
import dev.coffer.engine.job.CopyJobService;
import dev.coffer.engine.job.Dispatcher;
import dev.coffer.engine.job.JobObserver;
import dev.coffer.engine.job.JobSummaryService;
import dev.coffer.engine.job.RestoreJobService;
import dev.coffer.engine.legalhold.HoldKeeper;
import dev.coffer.engine.legalhold.LegalHoldLoop;
import dev.coffer.engine.legalhold.LegalHoldService;
import dev.coffer.engine.maintenance.MaintenanceLoop;
import dev.coffer.engine.maintenance.MaintenanceService;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRunService;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.PlanTicker;
import dev.coffer.engine.plan.PlansInForce;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.engine.recoverypoint.ColdLoop;
import dev.coffer.engine.recoverypoint.DeletionLoop;
import dev.coffer.engine.recoverypoint.ExpiryLoop;
import dev.coffer.engine.recoverypoint.IndexService;
import dev.coffer.engine.recoverypoint.PointDeletion;
import dev.coffer.engine.recoverypoint.Protections;
import dev.coffer.engine.recoverypoint.RecoveryPointService;
import dev.coffer.engine.recoverypoint.SeriesWitness;
import dev.coffer.engine.resource.ProtectedResourceService;
import dev.coffer.engine.selection.CoverageService;
import dev.coffer.engine.selection.LiveSelector;
import dev.coffer.engine.settings.Limits;
import dev.coffer.engine.settings.SettingsService;
import dev.coffer.engine.source.Discoveries;
import dev.coffer.engine.source.Inventory;
import dev.coffer.engine.tag.TagService;
import dev.coffer.engine.upkeep.Upkeep;
import dev.coffer.engine.vault.LockAudit;
import dev.coffer.engine.vault.LockKeeper;
import dev.coffer.engine.vault.RetentionLoop;
import dev.coffer.engine.vault.VaultLockService;
import dev.coffer.engine.vault.VaultPolicyService;
import dev.coffer.engine.vault.VaultService;
import dev.coffer.host.efs.EfsConnector;
import dev.coffer.host.posix.LinuxPosix;
import dev.coffer.repository.FileRepositories;
import dev.coffer.server.ServerOptions.Role;
import dev.coffer.server.access.AccessPaths;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.server.api.ApiEndpoint;
import dev.coffer.server.api.Operations;
import dev.coffer.server.api.Principal;
import dev.coffer.server.clock.ClockPaths;
import dev.coffer.server.clock.NtpWitnesses;
import dev.coffer.server.clock.VaultClocks;
import dev.coffer.server.config.Config;
import dev.coffer.server.continuous.ContinuousPaths;
import dev.coffer.server.dashboard.DashboardPaths;
import dev.coffer.server.event.EventDelivery;
import dev.coffer.server.event.EventPaths;
import dev.coffer.server.http.Address;
import dev.coffer.server.http.HealthPages;
import dev.coffer.server.http.Listener;
import dev.coffer.server.job.BackupJobOperations;
import dev.coffer.server.job.CopyJobOperations;
import dev.coffer.server.job.JobSummaryOperations;
import dev.coffer.server.job.RestoreJobOperations;
import dev.coffer.server.key.ConfiguredKeys;
import dev.coffer.server.legalhold.LegalHoldOperations;
import dev.coffer.server.maintenance.MaintenancePaths;
import dev.coffer.server.metrics.Metrics;
import dev.coffer.server.node.CredentialsFile;
import dev.coffer.server.node.CredentialsFile.Profile;
import dev.coffer.server.node.DataFolder;
import dev.coffer.server.node.InstallationKeys;
import dev.coffer.server.node.NodeException;
import dev.coffer.server.node.NodeId;
import dev.coffer.server.node.NodeKey;
import dev.coffer.server.node.OpenedCatalog;
import dev.coffer.server.node.VaultFolders;
import dev.coffer.server.plan.PlanDocuments;
import dev.coffer.server.plan.PlanOperations;
import dev.coffer.server.plan.PlanRunPaths;
import dev.coffer.server.plan.SelectionOperations;
import dev.coffer.server.recoverypoint.IndexOperations;
import dev.coffer.server.recoverypoint.RecoveryPointOperations;
import dev.coffer.server.resource.ProtectedResourceOperations;
import dev.coffer.server.selection.SelectionPaths;
import dev.coffer.server.settings.SettingsOperations;
import dev.coffer.server.sts.StsEndpoint;
import dev.coffer.server.tag.TagOperations;
import dev.coffer.server.vault.VaultLockOperations;
import dev.coffer.server.vault.VaultNotificationOperations;
import dev.coffer.server.vault.VaultOperations;
import dev.coffer.server.vault.VaultPolicyOperations;
import dev.coffer.wire.AwsService;
import dev.coffer.wire.page.PageTokens;
import dev.coffer.wire.route.OperationTable;
import dev.coffer.wire.sigv4.SigV4;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of a server together, by hand and in one place, and takes them apart in the reverse order. */
final class Wiring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final Duration DELETION_EVERY = Duration.ofMinutes(1);
    private static final Duration EXPIRY_EVERY = Duration.ofMinutes(10);
    private static final Duration LOCK_AUDIT_EVERY = Duration.ofMinutes(10);
    private static final Duration RETENTION_EVERY = Duration.ofMinutes(1);
    private static final Duration HOLDS_EVERY = Duration.ofMinutes(1);
    private static final int HELD_AT_ONCE = 500;
    private static final int FILES_AT_ONCE = 8;
    private static final Duration MAINTENANCE_EVERY = Duration.ofMinutes(1);
    private static final Duration PLANS_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOCKS_APART = Duration.ofSeconds(5);
    private static final Duration FOLLOW_EVERY = Duration.ofSeconds(1);
    private static final Duration SERIES_UPKEEP_EVERY = Duration.ofMinutes(1);
    private static final Duration UPKEEP_EVERY = Duration.ofHours(1);

    private final ServerOptions options;
    private final ServerTime time;
    private final InstantSource hostClock;
    private final SecureRandom random;
    private final DataFolder folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    Wiring(ServerOptions options, ServerTime time, SecureRandom random, DataFolder folder) {
        this.options = options;
        this.time = time;
        this.hostClock = time.system();
        this.random = random;
        this.folder = folder;
        parts.push(folder);
    }

    /** Makes everything and begins to answer. */
    Listener start(Address address, Config config) throws InterruptedException {
        Supplier<UUID> ids = this::randomId;
        var limits = Limits.defaults();
        var catalog = part(OpenedCatalog.of(config, folder, random));
        var clock = catalog.clock(hostClock);
        var nodeKey = InstallationKeys.nodeKey(catalog, catalog.place(), folder.folder("keys"), random);
        var vaultFolders = VaultFolders.of(config, folder);
        var keys = part(ConfiguredKeys.of(
                folder.folder("keys"), vaultFolders.all(), random, name -> Optional.ofNullable(System.getenv(name))));
        var nodeId = NodeId.open(folder.root().resolve("node-id"), ids);
        var runner = new RunnerId(nodeId, HexFormat.of().toHexDigits(random.nextLong()));
        var ring = keys.open(config);
        if (config.catalog().isPresent()) {
            joins(catalog, vaultFolders, ring);
        }
        var repositories = part(new FileRepositories(
                vaultFolders::of,
                vaultFolders::coldOf,
                vaultFolders.all().getFirst(),
                folder.folder("cache"),
                ring,
                random,
                nodeId));
        var clients = part(new EndpointClients(config.endpointPolicy()));
        var s3 = new S3Connector(clients, clock, Thread::sleep, random);
        var tables = new DynamoDbConnector(
                clients, clock, Thread::sleep, random, folder.root().resolve("scratch"));
        var connectors =
                List.<ResourceConnector>of(new EfsConnector(new LinuxPosix(), clock, FILES_AT_ONCE), s3, tables);
        var metrics = part(new Metrics(options.version()));
        var discoveries = part(new Discoveries(
                config.endpoints(),
                List.<Discovery>of(s3.discovery(), tables),
                clock,
                Discoveries.Freshness.USUAL,
                metrics));
        metrics.showDiscovery(discoveries::failing);
        var inventory = new Inventory(
                config.sources(),
                discoveries,
                catalog,
                connectors,
                Map.of(ResourceType.EFS, restoreParent(ResourceType.EFS)));

        var gate = new Gate(catalog, clock, config.organization());
        var trusted = part(VaultClocks.of(
                catalog,
                clock,
                time.monotonic(),
                time::every,
                runner,
                new NtpWitnesses(config.timeServers(), random),
                nodeKey));
        trusted.begin();
        metrics.showClock(() -> catalog.read(trusted::at));
        var protections = new Protections(trusted);
        var locks = new LockKeeper(catalog, repositories, metrics::lockDisagreed);
        var pointDeletion = new PointDeletion(catalog, repositories, protections, locks);
        var deletion = part(new DeletionLoop(catalog, pointDeletion, time.every(DELETION_EVERY)));
        var expiry =
                part(new ExpiryLoop(catalog, trusted, pointDeletion, deletion, clock, ids, time.every(EXPIRY_EVERY)));
        deletion.onFailure(expiry::failed);
        var retention = part(new RetentionLoop(catalog, repositories, trusted, time.every(RETENTION_EVERY)));
        var cold = part(
                new ColdLoop(catalog, repositories, trusted, clock, ids, retention::wake, time.every(EXPIRY_EVERY)));
        var holdKeeper = new HoldKeeper(catalog, repositories, locks);
        var holds = part(
                new LegalHoldLoop(catalog, trusted, holdKeeper, expiry::wake, HELD_AT_ONCE, time.every(HOLDS_EVERY)));
        var vaults = new VaultService(catalog, repositories, gate, clock, ids, limits, runner);
        var dispatcher = part(new Dispatcher(
                catalog, repositories, inventory, gate, runner, clock, ids, limits, waking(metrics, retention)));
        var follower = part(new Follower(
                catalog,
                new Rounds(catalog, repositories, inventory, clock, new Events(ids)),
                runner,
                clock,
                time.every(FOLLOW_EVERY)));
        var backupJobs = new BackupJobService(catalog, inventory, gate, clock, ids, limits, dispatcher::wake, metrics);
        var restoreJobs = new RestoreJobService(catalog, inventory, gate, clock, ids, limits, dispatcher::wake);
        var points = new RecoveryPointService(catalog, repositories, gate, clock, ids, deletion, protections);

        var events = part(EventDelivery.of(
                config.events(),
                catalog,
                gate,
                nodeKey,
                runner,
                scope -> folder.folder("event-logs/" + scope),
                clock,
                random));

        events.pump().onDelivery(metrics);
        metrics.showCatalog(catalog, config.scopes(), events.pump());
        metrics.showStorage(storeOf(vaultFolders.all().getFirst()));

        var maintenance = part(new MaintenanceService(catalog, repositories, gate, clock, ids, trusted, runner));
        maintenance.onEnd(metrics);
        maintenance.start();

        var keyLookup = new KeyLookup(catalog, nodeKey, clock);
        var maker = new Credentials(random);
        var credentials = admit(config, new AccountBootstrap(catalog, vaults, nodeKey, maker, clock), catalog, nodeKey);
        var policies = new PolicyReader(new JacksonPolicyJson());

        var table = OperationTable.load();
        var operations = new Operations();
        VaultOperations.addTo(operations, vaults);
        VaultNotificationOperations.addTo(operations, events.notifications());
        VaultLockOperations.addTo(
                operations, new VaultLockService(catalog, gate, trusted, clock, ids, locks, retention::wake));
        LegalHoldOperations.addTo(
                operations, new LegalHoldService(catalog, gate, trusted, clock, ids, limits, holdKeeper, holds::wake));
        VaultPolicyOperations.addTo(operations, new VaultPolicyService(catalog, gate, policies));
        TagOperations.addTo(operations, new TagService(catalog, gate));
        SettingsOperations.addTo(
                operations,
                new SettingsService(
                        catalog, gate, clock, ids, config.accounts().getFirst().id()));
        BackupJobOperations.addTo(operations, backupJobs);
        CopyJobOperations.addTo(operations, new CopyJobService(catalog, gate, clock, ids, limits, dispatcher::wake));
        RestoreJobOperations.addTo(operations, restoreJobs);
        JobSummaryOperations.addTo(operations, new JobSummaryService(catalog, gate, clock));
        RecoveryPointOperations.addTo(operations, points);
        IndexOperations.addTo(operations, new IndexService(catalog, inventory, gate, clock, ids, dispatcher::wake));
        ProtectedResourceOperations.addTo(operations, new ProtectedResourceService(catalog, gate));
        var planLimits = PlanLimits.defaults();
        PlanOperations.addTo(
                operations, new PlanService(catalog, gate, clock, ids, planLimits), new PlanDocuments(table));
        SelectionOperations.addTo(operations, new SelectionService(catalog, gate, clock, ids, planLimits));
        var admin = new AdminEndpoint();
        MaintenancePaths.addTo(admin, maintenance);
        var selector = new LiveSelector(catalog, inventory);
        var coverage = new CoverageService(catalog, selector, gate, new PlansInForce(catalog));
        SelectionPaths.addTo(admin, coverage);
        DashboardPaths.addTo(admin, new DashboardService(catalog, gate, clock, trusted, coverage));
        PlanRunPaths.addTo(admin, new PlanRunService(catalog, gate));
        ContinuousPaths.addTo(admin, new ContinuousService(catalog, gate, clock));
        EventPaths.addTo(admin, events.rules());
        ClockPaths.addTo(admin, new ClockService(catalog, gate, trusted));
        AccessPaths.addTo(
                admin,
                new AccessPaths.Services(
                        gate,
                        new PrincipalService(catalog, gate, policies, maker, clock),
                        new KeyService(catalog, gate, nodeKey, maker, clock),
                        new PolicyService(catalog, gate, policies, clock),
                        new SimulationService(catalog, gate, clock)),
                config.accounts());
        var sts = new StsEndpoint(new SessionService(catalog, policies, nodeKey, maker, clock, config.organization()));
        var api = api(table, config, nodeKey, keyLookup, catalog, operations, admin, sts, metrics, clock);

        discoveries.start();
        if (options.roles().contains(Role.SCHEDULER)) {
            var audit = part(new LockAudit(catalog, locks, holdKeeper::agree, time.every(LOCK_AUDIT_EVERY)));
            var seriesUpkeep = part(new SeriesUpkeep(
                    catalog,
                    repositories,
                    inventory,
                    selector,
                    trusted,
                    new SeriesWitness(repositories, locks),
                    deletion::wake,
                    clock,
                    new Events(ids),
                    time.every(SERIES_UPKEEP_EVERY)));
            var upkeep = part(new Upkeep(catalog, vaults, clock, limits, time.every(UPKEEP_EVERY)));
            var maintaining = part(new Duty(catalog, "maintenance", runner, clock));
            var loop = part(new MaintenanceLoop(
                    catalog, maintenance, clock, config.maintenance(), maintaining, time.every(MAINTENANCE_EVERY)));
            maintaining.start();
            var plans = part(new PlanTicker(catalog, selector, clock, ids, dispatcher::wake, time.every(PLANS_EVERY)));
            plans.onRun(metrics);
            upkeep.start();
            plans.start();
            loop.start();
            events.start();
            deletion.start();
            trusted.start();
            expiry.start();
            cold.start();
            retention.start();
            audit.start();
            holds.start();
            seriesUpkeep.start();
        }
        if (options.roles().contains(Role.WORKER)) {
            dispatcher.start();
            follower.start();
        }
        var health = new HealthPages(
                Map.of("catalog", () -> readCatalog(catalog, config), "storage", vaultFolders::tryToWrite));
        var listener = part(
                Listener.start(address.host(), address.port(), config.tls(), health.pages(metrics::scrape), api, ids));
        parts.push(health::stopping);
        LOG.atInfo()
                .addKeyValue("event", "node.ready")
                .addKeyValue("url", listener.url())
                .addKeyValue("data", folder.root())
                .addKeyValue("credentials", credentials)
                .addKeyValue("sources", config.sources().size())
                .log("ready");
        return listener;
    }

    private static FileStore storeOf(Path folder) {
        try {
            return Files.getFileStore(folder);
        } catch (IOException cannot) {
            throw new NodeException("The vaults folder " + folder + " cannot be read: " + cannot.getMessage());
        }
    }

    /** Tells the storage of a locked vault of a new point soon after its job has ended. */
    private static JobObserver waking(Metrics metrics, RetentionLoop retention) {
        return (kind, state, type, took, bytes) -> {
            metrics.ended(kind, state, type, took, bytes);
            retention.wake();
        };
    }

    private ApiEndpoint api(
            OperationTable table,
            Config config,
            NodeKey nodeKey,
            KeyLookup keyLookup,
            Catalog catalog,
            Operations operations,
            AdminEndpoint admin,
            StsEndpoint sts,
            Metrics metrics,
            InstantSource clock) {
        var regions = config.regions().stream().map(Object::toString).collect(Collectors.toUnmodifiableSet());
        var services = Stream.concat(
                        Arrays.stream(AwsService.values()).map(AwsService::signingName),
                        Stream.of(StsEndpoint.SIGNING_NAME))
                .collect(Collectors.toUnmodifiableSet());
        var settings = new SigV4.Settings(services, regions, SigV4.Settings.USUAL_SKEW);
        return new ApiEndpoint(
                table,
                new SigV4<>(Principal.keys(keyLookup), clock, settings),
                new PageTokens(nodeKey.derive("page tokens"), clock),
                new ReplayGuard(catalog, clock, settings.skewAtMost()),
                operations,
                admin,
                sts,
                metrics,
                clock);
    }

    /** Makes the accounts and sees that the credentials file has the administrators' keys, also after a crash between the two. */
    private Path admit(Config config, AccountBootstrap bootstrap, Catalog catalog, NodeKey nodeKey)
            throws InterruptedException {
        var profiles = new ArrayList<Profile>();
        for (var account : config.accounts()) {
            bootstrap.ensure(account.id(), config.regions());
            var administrator = Gate.administratorOf(account.id());
            boolean first = account.equals(config.accounts().getFirst());
            catalog.read(view -> view.access().keysOf(account.id())).stream()
                    .filter(key -> key.principal().equals(administrator) && key.active())
                    .findFirst()
                    .ifPresent(key -> profiles.add(new Profile(
                            first ? "coffer" : "coffer-" + account.name(),
                            key.id(),
                            nodeKey.unseal(key.sealedSecret()),
                            config.regions().getFirst().value())));
        }
        var file = new CredentialsFile(folder.root().resolve("credentials"));
        file.addMissing(profiles);
        return file.path();
    }

    /** Where cold storage is: where the configuration says, else beneath the data folder, so that lifecycles do what they say on a node without a second disk. */
    private String restoreParent(ResourceType type) {
        return folder.folder("restored/" + type.name().toLowerCase(Locale.ROOT)).toString();
    }

    private static void readCatalog(Catalog catalog, Config config) {
        var scope = config.scopes().getFirst();
        catalog.read(view -> view.settings().of(scope));
    }

    /** What a node of a shared catalog must have in common with the others. */
    private void joins(SqlCatalog catalog, VaultFolders vaults, KeyRing ring) {
        InstallationKeys.check(catalog, catalog.place(), folder.folder("keys"), ring);
        vaults.mustHoldVaults(catalog.read(view -> view.vaults().all()).stream()
                .map(vault -> vault.scope().region())
                .distinct()
                .toList());
        var apart = Duration.between(catalog.clock(hostClock).instant(), hostClock.instant());
        if (apart.abs().compareTo(CLOCKS_APART) > 0) {
            LOG.atWarn()
                    .addKeyValue("event", "clock.apart")
                    .addKeyValue("by", apart)
                    .log("this host's clock and the database's differ; the database's counts");
        }
    }

    private UUID randomId() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        var buffer = java.nio.ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    /** Ends everything, the last made first. What cannot end is logged and keeps nothing else. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception ending) {
                LOG.atWarn().setCause(ending).log("a part of the server did not end in order");
            }
        }
    }
}

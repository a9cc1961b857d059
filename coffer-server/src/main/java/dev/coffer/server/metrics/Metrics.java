package dev.coffer.server.metrics;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.event.DeliveryObserver;
import dev.coffer.engine.event.OutboxPump;
import dev.coffer.engine.job.JobObserver;
import dev.coffer.engine.maintenance.MaintenanceObserver;
import dev.coffer.engine.plan.RunObserver;
import dev.coffer.engine.source.DiscoveryObserver;
import dev.coffer.server.api.ApiObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.FileStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * What {@code /metrics} shows, in Prometheus' text format. Labels hold kinds, states and codes and never the name of a tenant's thing, so that the page tells an onlooker nothing about them.
 */
public final class Metrics
        implements ApiObserver,
                JobObserver,
                DiscoveryObserver,
                DeliveryObserver,
                RunObserver,
                MaintenanceObserver,
                AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter disagreements = Counter.builder("coffer.lock.disagreements")
            .description("how often the catalog was not what a vault says of its lock or of what it keeps")
            .register(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<String, AtomicLong> secondsByGauge = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<CatalogGauges>> gauges = new AtomicReference<>(Optional.empty());

    public Metrics(String version) {
        Gauge.builder("coffer.up", () -> 1)
                .description("1 while the server runs")
                .register(registry);
        Gauge.builder("coffer.build.info", () -> 1)
                .description("what runs")
                .tags("version", version, "java", Runtime.version().toString())
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    @Override
    public void ended(Kind kind, String state, ResourceType type, Duration took, long bytes) {
        var of = Tags.of("kind", kind.name().toLowerCase(Locale.ROOT), "resource_type", type.wireName());
        registry.counter("coffer.jobs", of.and("state", state)).increment();
        Timer.builder("coffer.job.duration")
                .description("from a job's creation to its end")
                .tags(of)
                .register(registry)
                .record(took);
        registry.counter("coffer.job.processed.bytes", of).increment((double) bytes);
    }

    @Override
    public void answered(String operation, int status, Duration took) {
        registry.counter("coffer.api.requests", "operation", operation, "code", Integer.toString(status))
                .increment();
        Timer.builder("coffer.api.request.duration")
                .description("time to answer")
                .tags("operation", operation)
                .register(registry)
                .record(took);
    }

    @Override
    public void authenticationFailed(String reason) {
        registry.counter("coffer.auth.failures", "reason", reason).increment();
    }

    @Override
    public void replayRefused() {
        registry.counter("coffer.auth.replays.blocked").increment();
    }

    @Override
    public void looked(ResourceType type, boolean succeeded, int resources, Duration took) {
        var of = Tags.of("resource_type", type.wireName());
        registry.counter("coffer.discovery.looks", of.and("outcome", succeeded ? "succeeded" : "failed"))
                .increment();
        Timer.builder("coffer.discovery.duration")
                .description("time of a look behind an endpoint")
                .tags(of)
                .register(registry)
                .record(took);
    }

    /** Shows how many endpoints do not tell what they have. */
    public void showDiscovery(Supplier<Number> failing) {
        Gauge.builder("coffer.discovery.failing", failing)
                .description("endpoints that did not tell which resources they have; selections may miss some")
                .register(registry);
    }

    @Override
    public void accessDenied() {
        registry.counter("coffer.access.denied").increment();
    }

    @Override
    public void told(String channel, DeliveryObserver.Outcome outcome, long events) {
        registry.counter(
                        "coffer.notifications",
                        "channel",
                        channel,
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .increment((double) events);
    }

    @Override
    public void settled(RunObserver.Outcome outcome, Duration delay) {
        registry.counter("coffer.schedule.runs", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
        if (outcome == RunObserver.Outcome.STARTED) {
            Timer.builder("coffer.schedule.start.delay")
                    .description("from the instant of a plan until all of its jobs exist")
                    .register(registry)
                    .record(delay);
        }
    }

    @Override
    public void swept(Instant at, SweepReport report) {
        registry.counter("coffer.gc.deleted.bytes").increment((double) report.bytesFreed());
        lastSuccess("coffer.gc.last.success.timestamp.seconds", Tags.empty(), at);
    }

    @Override
    public void verified(Instant at, Depth depth, VerifyReport report) {
        registry.counter("coffer.verify.read.bytes").increment((double) report.bytesRead());
        registry.counter("coffer.verify.findings").increment((double) report.findingsInAll());
        lastSuccess(
                "coffer.verify.last.success.timestamp.seconds",
                Tags.of("level", depth.name().toLowerCase(Locale.ROOT)),
                at);
    }

    private void lastSuccess(String name, Tags tags, Instant at) {
        secondsByGauge
                .computeIfAbsent(name + tags, _ -> {
                    var seconds = new AtomicLong();
                    Gauge.builder(name, seconds::doubleValue)
                            .description("of any vault, since the server began")
                            .tags(tags)
                            .register(registry);
                    return seconds;
                })
                .set(at.getEpochSecond());
    }

    /** Shows what the catalog holds. */
    public void showCatalog(Catalog catalog, List<Scope> scopes, OutboxPump pump) {
        gauges.set(Optional.of(new CatalogGauges(registry, catalog, scopes, pump)));
    }

    /** Shows the room where vaults are kept. */
    public void showStorage(FileStore store) {
        storage("coffer.storage.available.bytes", "room that is left for vaults", store::getUsableSpace);
        storage("coffer.storage.capacity.bytes", "all the room where vaults are", store::getTotalSpace);
    }

    private void storage(String name, String description, Callable<Long> bytes) {
        Gauge.builder(name, () -> {
                    try {
                        return bytes.call();
                    } catch (Exception unknown) {
                        return Double.NaN;
                    }
                })
                .description(description)
                .tags("backend", "local")
                .register(registry);
    }

    /** Counts that the catalog was not what a vault says of its lock or a point's retention. */
    public void lockDisagreed() {
        disagreements.increment();
    }

    /** Shows the vault clock. */
    public void showClock(Supplier<VaultClock> clock) {
        Gauge.builder("coffer.clock.trusted", () -> clock.get().isTrusted() ? 1 : 0)
                .description("1 while the vault clock is trusted")
                .register(registry);
        Gauge.builder("coffer.clock.suspect", () -> clock.get().isTrusted() ? 0 : 1)
                .description("1 while the vault clock is suspect and nothing is deleted")
                .register(registry);
        Gauge.builder("coffer.clock.lag.seconds", () -> clock.get().lag().toSeconds())
                .description("how far expiry is behind the host's clock")
                .register(registry);
    }

    /** The page. */
    public String scrape() {
        gauges.get().ifPresent(CatalogGauges::refresh);
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

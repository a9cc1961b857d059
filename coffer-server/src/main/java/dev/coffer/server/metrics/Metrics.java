package dev.coffer.server.metrics;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.job.JobObserver;
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
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What {@code /metrics} shows, in Prometheus' text format. Labels hold kinds, states and codes and never the name of a tenant's thing, so that the page tells an onlooker nothing about them.
 */
public final class Metrics implements ApiObserver, JobObserver, AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter disagreements = Counter.builder("coffer.lock.disagreements")
            .description("how often the catalog was not what a vault says of its lock or of what it keeps")
            .register(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();

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

    /** Counts that the catalog was not what a vault says of its lock or a point's retention. */
    public void lockDisagreed() {
        disagreements.increment();
    }

    /** Shows the vault clock. */
    public void showClock(Supplier<VaultClock> clock) {
        Gauge.builder("coffer.clock.suspect", () -> clock.get().isTrusted() ? 0 : 1)
                .description("1 while the vault clock is suspect and nothing is deleted")
                .register(registry);
        Gauge.builder("coffer.clock.lag.seconds", () -> clock.get().lag().toSeconds())
                .description("how far expiry is behind the host's clock")
                .register(registry);
    }

    /** The page. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

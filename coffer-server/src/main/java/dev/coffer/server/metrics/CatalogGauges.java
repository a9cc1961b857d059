package dev.coffer.server.metrics;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.engine.event.OutboxPump;
import dev.coffer.engine.job.JobObserver.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the metrics page shows of the catalog: sums over all accounts and Regions, read anew for each page from counts and short indexes. */
public final class CatalogGauges {
    private final Catalog catalog;
    private final List<Scope> scopes;
    private final OutboxPump pump;
    private final MultiGauge inProgress;
    private final MultiGauge queued;
    private final MultiGauge resources;
    private final MultiGauge neverRestored;
    private final MultiGauge points;
    private final MultiGauge bytes;
    private final MultiGauge holds;
    private final MultiGauge waiting;

    CatalogGauges(MeterRegistry registry, Catalog catalog, List<Scope> scopes, OutboxPump pump) {
        this.catalog = catalog;
        this.scopes = List.copyOf(scopes);
        this.pump = pump;
        this.inProgress = gauge(registry, "coffer.jobs.in.progress", "jobs that a runner has");
        this.queued = gauge(registry, "coffer.jobs.queued", "jobs that wait for a runner");
        this.resources = gauge(registry, "coffer.resources.protected", "resources that were ever backed up");
        this.neverRestored =
                gauge(registry, "coffer.resources.never.restored", "protected resources that were never restored");
        this.points = gauge(registry, "coffer.vault.recovery.points", "recovery points of every status");
        this.bytes = gauge(registry, "coffer.vault.logical.bytes", "the sizes of what recovery points are of");
        this.holds = gauge(registry, "coffer.legal.holds.active", "legal holds in force");
        this.waiting = gauge(registry, "coffer.notification.queue", "events that a kind of sink has not taken yet");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** What is shown. */
    private record Numbers(
            Map<Kind, Map<String, Long>> openByKind,
            long resources,
            long restored,
            long points,
            long bytes,
            long holds) {}

    void refresh() {
        var numbers = catalog.read(this::numbers);
        var running = new ArrayList<Row<?>>();
        var created = new ArrayList<Row<?>>();
        numbers.openByKind().forEach((kind, countByState) -> {
            var tags = Tags.of("kind", kind.name().toLowerCase(Locale.ROOT));
            var first = switch (kind) {
                case BACKUP, COPY -> "CREATED";
                case INDEX, RESTORE -> "PENDING";
            };
            long waitingOnes = countByState.getOrDefault(first, 0L);
            long all = countByState.values().stream().mapToLong(Long::longValue).sum();
            created.add(Row.of(tags, waitingOnes));
            running.add(Row.of(tags, all - waitingOnes));
        });
        inProgress.register(running, true);
        queued.register(created, true);
        show(resources, numbers.resources());
        show(neverRestored, numbers.resources() - numbers.restored());
        show(points, numbers.points());
        show(bytes, numbers.bytes());
        show(holds, numbers.holds());
        var lanes = new ArrayList<Row<?>>();
        new TreeMap<>(pump.waitingByChannel())
                .forEach((channel, count) -> lanes.add(Row.of(Tags.of("channel", channel), count)));
        waiting.register(lanes, true);
    }

    private static void show(MultiGauge gauge, long number) {
        gauge.register(List.of(Row.of(Tags.empty(), number)), true);
    }

    private Numbers numbers(View view) {
        var openByKind = new EnumMap<Kind, Map<String, Long>>(Kind.class);
        openByKind.put(Kind.BACKUP, view.backupJobs().openByState());
        openByKind.put(Kind.COPY, view.copyJobs().openByState());
        openByKind.put(Kind.INDEX, view.indexJobs().openByState());
        openByKind.put(Kind.RESTORE, view.restoreJobs().openByState());
        long all = 0;
        long restored = 0;
        long held = 0;
        var totals = new ArrayList<VaultTotal>();
        for (var scope : scopes) {
            var ready = view.resources().readiness(scope, Instant.EPOCH);
            all += ready.protectedResources();
            restored += ready.restored();
            held += view.legalHolds().countInForce(scope);
            totals.addAll(view.recoveryPoints().totals(scope));
        }
        return new Numbers(
                openByKind,
                all,
                restored,
                totals.stream().mapToLong(VaultTotal::points).sum(),
                totals.stream().mapToLong(VaultTotal::logicalBytes).sum(),
                held);
    }
}

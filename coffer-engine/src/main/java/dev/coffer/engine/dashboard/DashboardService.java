package dev.coffer.engine.dashboard;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.PlannedRuns;
import dev.coffer.core.catalog.ScheduledRunRows;
import dev.coffer.core.catalog.View;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.plan.PlannedRun;
import dev.coffer.core.plan.RunPreview;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ProtectedResource;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.clock.TrustedClock;
import dev.coffer.engine.dashboard.Dashboard.ActionNeeded;
import dev.coffer.engine.dashboard.Dashboard.Locking;
import dev.coffer.engine.dashboard.Dashboard.RecoveryWindow;
import dev.coffer.engine.dashboard.Dashboard.Upcoming;
import dev.coffer.engine.selection.CoverageService;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The figures of the first page: can everything be restored, and what needs somebody. They cost about the same whether there are a thousand recovery points or a million. */
public final class DashboardService {
    /** A backup is recent for so long. */
    public static final Duration RECENT = Duration.ofDays(1);

    private static final int DAYS = 14;
    private static final Duration LOCKING_WITHIN = Duration.ofDays(7);
    private static final Duration MISSED_WITHIN = Duration.ofDays(7);
    private static final Duration UPCOMING_WITHIN = Duration.ofDays(1);
    private static final int UPCOMING_OF_A_PLAN = 24;
    private static final int SHOWN = 20;
    private static final int LOOKED_AT = 1000;

    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final TrustedClock trusted;
    private final CoverageService coverage;

    public DashboardService(
            Catalog catalog, Gate gate, InstantSource clock, TrustedClock trusted, CoverageService coverage) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.trusted = trusted;
        this.coverage = coverage;
    }

    /**
     * The figures of the caller's account and Region. How many resources no plan chooses is left out for a caller who may not list them.
     *
     * @throws Refused ACCESS_DENIED
     */
    public Dashboard of(Caller caller) {
        gate.check(
                caller,
                "coffer:GetDashboard",
                new Arn(
                        "aws",
                        "backup",
                        caller.region().value(),
                        caller.account().value(),
                        "*"));
        var unprotected = unprotected(caller);
        var scope = caller.scope();
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        var days = new Days(today.minusDays(DAYS), today.plusDays(1));
        return catalog.read(view -> new Dashboard(
                now,
                view.resources().readiness(scope, now.minus(RECENT)),
                unprotected,
                actionNeeded(view, scope, now),
                view.backupJobs().counts(scope, days, Optional.empty(), Optional.empty(), Optional.empty()),
                view.copyJobs().counts(scope, days, Optional.empty(), Optional.empty(), Optional.empty()),
                view.restoreJobs().counts(scope, days, Optional.empty(), Optional.empty()),
                view.resources().longestWithoutBackup(scope, SHOWN).stream()
                        .map(resource -> window(view, scope, resource))
                        .toList(),
                view.recoveryPoints().totals(scope),
                upcoming(view, scope, now)));
    }

    private OptionalInt unprotected(Caller caller) {
        try {
            return OptionalInt.of(coverage.unprotected(caller).unprotected().size());
        } catch (Refused mayNotKnow) {
            return OptionalInt.empty();
        }
    }

    private ActionNeeded actionNeeded(View view, Scope scope, Instant now) {
        var time = trusted.at(view);
        return new ActionNeeded(
                time,
                view.recoveryPoints().inStatus(RecoveryPointStatus.EXPIRED, Optional.empty(), LOOKED_AT).stream()
                        .filter(point -> point.scope().equals(scope))
                        .limit(SHOWN)
                        .map(RecoveryPoint::arn)
                        .map(Arn::toString)
                        .toList(),
                locking(view, scope, time),
                missed(view, scope, now));
    }

    private static List<PlannedRun> missed(View view, Scope scope, Instant now) {
        var planned = new PlannedRuns(view);
        return view.scheduledRuns()
                .list(scope, ScheduledRunRows.Filter.missedAfter(now.minus(MISSED_WITHIN)), PageRequest.first(SHOWN))
                .map(planned::of)
                .rows();
    }

    private static List<Locking> locking(View view, Scope scope, VaultClock time) {
        var locking = new ArrayList<Locking>();
        for (var vault : view.vaults().all()) {
            if (vault.scope().equals(scope)
                    && view.locks().of(vault) instanceof VaultLock.Compliance(var _, var from)
                    && time.isBefore(from)
                    && from.isBefore(time.latest().plus(LOCKING_WITHIN))) {
                locking.add(new Locking(vault.name(), from));
            }
        }
        locking.sort(Comparator.comparing(Locking::permanentFrom));
        return locking;
    }

    private static RecoveryWindow window(View view, Scope scope, ProtectedResource resource) {
        return new RecoveryWindow(
                resource,
                view.recoveryPoints().edge(scope, resource.arn(), false).map(RecoveryPoint::createdAt),
                view.recoveryPoints().edge(scope, resource.arn(), true).map(RecoveryPoint::createdAt));
    }

    private static List<Upcoming> upcoming(View view, Scope scope, Instant now) {
        return view.plans().active(scope).stream()
                .flatMap(plan -> RunPreview.of(plan.document(), now, UPCOMING_OF_A_PLAN).stream()
                        .map(run ->
                                new Upcoming(plan.id().value(), plan.document().name(), run)))
                .filter(one -> one.run().at().isBefore(now.plus(UPCOMING_WITHIN)))
                .sorted(Comparator.comparing((Upcoming one) -> one.run().at()).thenComparing(Upcoming::planName))
                .limit(SHOWN)
                .toList();
    }
}

package dev.coffer.server.dashboard;

import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.engine.dashboard.Dashboard;
import dev.coffer.engine.dashboard.DashboardService;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.server.plan.PlanRunShape;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The figures of the first page.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET dashboard</td><td>what an account has in a Region, and what needs somebody</td></tr>
 * </table>
 */
public final class DashboardPaths {
    private static final int REASON_DAYS = 7;

    private DashboardPaths() {}

    public static void addTo(AdminEndpoint admin, DashboardService dashboards) {
        admin.put("GET", "dashboard", call -> AdminAnswer.ok(shown(dashboards.of(call.caller()))));
    }

    private static Map<String, Object> shown(Dashboard figures) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Time", figures.at().toString());
        shown.put("Readiness", readiness(figures));
        shown.put("ActionNeeded", actionNeeded(figures));
        shown.put("BackupJobs", days(figures.backupJobs()));
        shown.put("CopyJobs", days(figures.copyJobs()));
        shown.put("RestoreJobs", days(figures.restoreJobs()));
        shown.put("FailureReasons", reasons(figures));
        shown.put(
                "LongestWithoutBackup",
                figures.stale().stream().map(DashboardPaths::shown).toList());
        shown.put("Storage", storage(figures));
        shown.put(
                "Next24Hours",
                figures.upcoming().stream().map(DashboardPaths::shown).toList());
        return shown;
    }

    private static Map<String, Object> readiness(Dashboard figures) {
        var shown = new LinkedHashMap<String, Object>();
        var ready = figures.readiness();
        shown.put("ProtectedResources", ready.protectedResources());
        shown.put("BackedUpWithinADay", ready.recent());
        shown.put("NeverRestored", ready.protectedResources() - ready.restored());
        figures.unprotected().ifPresent(count -> shown.put("UnprotectedResources", count));
        return shown;
    }

    private static Map<String, Object> actionNeeded(Dashboard figures) {
        var shown = new LinkedHashMap<String, Object>();
        var needed = figures.actionNeeded();
        shown.put("VaultClock", needed.clock().isTrusted() ? "TRUSTED" : "SUSPECT");
        shown.put("UndeletableRecoveryPointArns", needed.undeletable());
        shown.put(
                "LocksBecomingPermanent",
                needed.locking().stream()
                        .map(one -> Map.of(
                                "BackupVaultName",
                                one.vault().value(),
                                "LockDate",
                                one.permanentFrom().toString()))
                        .toList());
        shown.put("MissedRuns", needed.missed().stream().map(PlanRunShape::of).toList());
        return shown;
    }

    /** The newest day first; days without jobs are left out. */
    private static List<Map<String, Object>> days(List<JobCount> counts) {
        var countByStateByDay = new TreeMap<LocalDate, TreeMap<String, Long>>(Comparator.reverseOrder());
        counts.forEach(count -> countByStateByDay
                .computeIfAbsent(count.day(), _ -> new TreeMap<>())
                .merge(count.state(), count.count(), Long::sum));
        var days = new ArrayList<Map<String, Object>>();
        countByStateByDay.forEach((day, countByState) -> {
            var shown = new LinkedHashMap<String, Object>();
            shown.put("Day", day.toString());
            shown.put("Jobs", countByState);
            days.add(shown);
        });
        return days;
    }

    /** Why backup jobs of the last days failed or had issues, the most frequent first. */
    private static List<Map<String, Object>> reasons(Dashboard figures) {
        var from = LocalDate.ofInstant(figures.at(), ZoneOffset.UTC).minusDays(REASON_DAYS);
        var countByReason = figures.backupJobs().stream()
                .filter(count -> !count.day().isBefore(from))
                .filter(count -> count.category().orElse(MessageCategory.SUCCESS) != MessageCategory.SUCCESS)
                .collect(Collectors.groupingBy(
                        count -> count.category().map(MessageCategory::name).orElse(""),
                        TreeMap::new,
                        Collectors.summingLong(JobCount::count)));
        return countByReason.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(reason -> Map.<String, Object>of("MessageCategory", reason.getKey(), "Jobs", reason.getValue()))
                .toList();
    }

    private static Map<String, Object> shown(Dashboard.RecoveryWindow window) {
        var shown = new LinkedHashMap<String, Object>();
        var resource = window.resource();
        shown.put("ResourceArn", resource.arn().toString());
        shown.put("ResourceName", resource.name());
        shown.put("ResourceType", resource.type().wireName());
        shown.put("LastBackupTime", resource.lastBackupAt().toString());
        put(shown, "OldestRecoveryPoint", window.oldest());
        put(shown, "NewestRecoveryPoint", window.newest());
        return shown;
    }

    private static void put(Map<String, Object> shown, String name, Optional<?> value) {
        value.ifPresent(present -> shown.put(name, present.toString()));
    }

    private static Map<String, Object> storage(Dashboard figures) {
        var shown = new LinkedHashMap<String, Object>();
        long points = 0;
        long bytes = 0;
        var vaults = new ArrayList<Map<String, Object>>();
        for (var vault : figures.vaults()) {
            points += vault.points();
            bytes += vault.logicalBytes();
            var one = new LinkedHashMap<String, Object>();
            one.put("BackupVaultName", vault.vault().value());
            one.put("RecoveryPoints", vault.points());
            one.put("LogicalBytes", vault.logicalBytes());
            vaults.add(one);
        }
        shown.put("RecoveryPoints", points);
        shown.put("LogicalBytes", bytes);
        shown.put("Vaults", vaults);
        return shown;
    }

    private static Map<String, Object> shown(Dashboard.Upcoming upcoming) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Time", upcoming.run().at().toString());
        shown.put("BackupPlanId", upcoming.planId());
        shown.put("BackupPlanName", upcoming.planName());
        shown.put("RuleId", upcoming.run().rule().value());
        return shown;
    }
}

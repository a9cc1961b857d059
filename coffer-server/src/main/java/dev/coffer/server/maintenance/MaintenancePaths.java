package dev.coffer.server.maintenance;

import dev.coffer.core.maintenance.MaintenanceRun;
import dev.coffer.core.maintenance.MaintenanceRun.Result;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.engine.maintenance.MaintenanceService;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sweeps, verifications and re-wraps of a vault.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>POST vaults/NAME/maintenance</td><td>{@code {"Kind": "SWEEP" | "VERIFY" | "REWRAP", "Depth": "STRUCTURE" | "BYTES" | "CONTENT"}} begins a run: 202</td></tr>
 * <tr><td>GET vaults/NAME/maintenance</td><td>the last runs of the vault, the newest first</td></tr>
 * <tr><td>GET maintenance/ID</td><td>one run</td></tr>
 * </table>
 */
public final class MaintenancePaths {
    private MaintenancePaths() {}

    public static void addTo(AdminEndpoint admin, MaintenanceService maintenance) {
        admin.put("POST", "vaults/{vault}/maintenance", call -> new AdminAnswer(202, shown(begun(maintenance, call))));
        admin.put(
                "GET",
                "vaults/{vault}/maintenance",
                call -> AdminAnswer.ok(Map.of(
                        "Runs",
                        maintenance.list(call.caller(), call.named("vault")).stream()
                                .map(MaintenancePaths::shown)
                                .toList())));
        admin.put(
                "GET",
                "maintenance/{run}",
                call -> AdminAnswer.ok(shown(maintenance.get(call.caller(), call.named("run")))));
    }

    private static MaintenanceRun begun(MaintenanceService maintenance, AdminCall call) {
        call.allow("Kind", "Depth");
        var kind = call.oneOf("Kind", MaintenanceRun.Kind.class)
                .orElseThrow(() -> new Refused(Problem.missing("Kind is missing. Use SWEEP, VERIFY or REWRAP.")));
        var depth = call.oneOf("Depth", Depth.class);
        var vault = call.named("vault");
        return switch (kind) {
            case SWEEP -> maintenance.sweep(call.caller(), vault);
            case VERIFY -> maintenance.verify(call.caller(), vault, depth.orElse(Depth.CONTENT));
            case REWRAP -> maintenance.rewrap(call.caller(), vault);
        };
    }

    private static Map<String, Object> shown(MaintenanceRun run) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("RunId", run.id());
        shown.put("BackupVaultName", run.vault().value());
        shown.put("Kind", run.kind().name());
        shown.put("State", run.state().name());
        shown.put("StartedAt", run.startedAt().toString());
        run.endedAt().ifPresent(at -> shown.put("EndedAt", at.toString()));
        run.message().ifPresent(why -> shown.put("Message", why));
        run.result().ifPresent(result -> {
            switch (result) {
                case Result.Swept(var report) -> show(shown, report);
                case Result.Verified(var report) -> show(shown, report);
                case Result.Rewrapped(var changed) -> shown.put("Changed", changed);
            }
        });
        return shown;
    }

    private static void show(Map<String, Object> shown, SweepReport report) {
        shown.put("Outcome", report.outcome().name());
        shown.put("PacksDeleted", report.packsDeleted());
        shown.put("BytesFreed", report.bytesFreed());
        shown.put("PacksRewritten", report.packsRewritten());
        shown.put("BytesRewritten", report.bytesRewritten());
        shown.put("PacksRetained", report.packsRetained());
        shown.put("WaitingFor", report.waitingFor());
    }

    private static void show(Map<String, Object> shown, VerifyReport report) {
        shown.put("Sound", report.isSound());
        shown.put("RecoveryPoints", report.points());
        shown.put("Packs", report.packs());
        shown.put("PacksRead", report.packsRead());
        shown.put("BytesRead", report.bytesRead());
        shown.put("FindingsInAll", report.findingsInAll());
        shown.put(
                "Findings",
                report.findings().stream().map(MaintenancePaths::shown).toList());
    }

    private static Map<String, Object> shown(Finding finding) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Blob", finding.blob());
        shown.put("Damage", finding.damage());
        shown.put("Repaired", finding.repaired());
        shown.put(
                "RecoveryPointSessions",
                finding.points().stream().map(SessionId::value).toList());
        return shown;
    }
}

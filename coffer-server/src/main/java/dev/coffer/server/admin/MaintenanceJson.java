package dev.coffer.server.admin;

import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.engine.maintenance.MaintenanceRun;
import dev.coffer.engine.maintenance.MaintenanceRun.Result;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Maintenance runs as JSON, with AWS's manner of naming. */
final class MaintenanceJson {
    private static final JsonFactory JSON = new JsonFactory();

    private MaintenanceJson() {}

    static String of(MaintenanceRun run) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, run);
        }
        return text.toString();
    }

    static String of(List<MaintenanceRun> runs) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeArrayPropertyStart("Runs");
            runs.forEach(run -> write(out, run));
            out.writeEndArray();
            out.writeEndObject();
        }
        return text.toString();
    }

    static String ofError(String message) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            out.writeStartObject();
            out.writeStringProperty("Message", message);
            out.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, MaintenanceRun run) {
        out.writeStartObject();
        out.writeStringProperty("RunId", run.id());
        out.writeStringProperty("BackupVaultName", run.vault().value());
        out.writeStringProperty("Kind", run.kind().name());
        out.writeStringProperty("State", run.state().name());
        out.writeStringProperty("StartedAt", run.startedAt().toString());
        run.endedAt().ifPresent(at -> out.writeStringProperty("EndedAt", at.toString()));
        run.message().ifPresent(why -> out.writeStringProperty("Message", why));
        run.result().ifPresent(result -> {
            switch (result) {
                case Result.Swept(var report) -> write(out, report);
                case Result.Verified(var report) -> write(out, report);
                case Result.Rewrapped(var changed) -> out.writeBooleanProperty("Changed", changed);
            }
        });
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, SweepReport report) {
        out.writeStringProperty("Outcome", report.outcome().name());
        out.writeNumberProperty("PacksDeleted", report.packsDeleted());
        out.writeNumberProperty("BytesFreed", report.bytesFreed());
        out.writeNumberProperty("PacksRewritten", report.packsRewritten());
        out.writeNumberProperty("BytesRewritten", report.bytesRewritten());
        out.writeNumberProperty("PacksRetained", report.packsRetained());
        out.writeArrayPropertyStart("WaitingFor");
        report.waitingFor().forEach(out::writeString);
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, VerifyReport report) {
        out.writeBooleanProperty("Sound", report.isSound());
        out.writeNumberProperty("RecoveryPoints", report.points());
        out.writeNumberProperty("Packs", report.packs());
        out.writeNumberProperty("PacksRead", report.packsRead());
        out.writeNumberProperty("BytesRead", report.bytesRead());
        out.writeNumberProperty("FindingsInAll", report.findingsInAll());
        out.writeArrayPropertyStart("Findings");
        report.findings().forEach(finding -> write(out, finding));
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, Finding finding) {
        out.writeStartObject();
        out.writeStringProperty("Blob", finding.blob());
        out.writeStringProperty("Damage", finding.damage());
        out.writeBooleanProperty("Repaired", finding.repaired());
        out.writeArrayPropertyStart("RecoveryPointSessions");
        finding.points().forEach(id -> out.writeString(id.value()));
        out.writeEndArray();
        out.writeEndObject();
    }
}

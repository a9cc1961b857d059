package dev.coffer.catalog.maintenance;

import dev.coffer.catalog.sql.JsonFields;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.core.maintenance.MaintenanceRun.Result;
import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import java.util.Map;

/** What came of a maintenance run as JSON text. */
final class ResultText {
    private ResultText() {}

    static String of(Result result) {
        return switch (result) {
            case Result.Swept(var report) ->
                JsonText.of(Map.of(
                        "Outcome", report.outcome().name(),
                        "PacksDeleted", report.packsDeleted(),
                        "BytesFreed", report.bytesFreed(),
                        "PacksRewritten", report.packsRewritten(),
                        "BytesRewritten", report.bytesRewritten(),
                        "PacksRetained", report.packsRetained(),
                        "WaitingFor", report.waitingFor()));
            case Result.Verified(var report) ->
                JsonText.of(Map.of(
                        "Points", report.points(),
                        "Packs", report.packs(),
                        "PacksRead", report.packsRead(),
                        "BytesRead", report.bytesRead(),
                        "FindingsInAll", report.findingsInAll(),
                        "Findings",
                                report.findings().stream().map(ResultText::of).toList()));
            case Result.Rewrapped(var changed) -> JsonText.of(Map.of("Changed", changed));
        };
    }

    private static Map<String, Object> of(Finding finding) {
        return Map.of(
                "Blob",
                finding.blob(),
                "Damage",
                finding.damage(),
                "Repaired",
                finding.repaired(),
                "Points",
                finding.points().stream().map(SessionId::value).toList());
    }

    static Result result(String text) {
        var fields = new JsonFields(JsonText.object(text));
        if (fields.maybeText("Outcome").isPresent()) {
            return new Result.Swept(new SweepReport(
                    SweepReport.Outcome.valueOf(fields.text("Outcome")),
                    fields.number("PacksDeleted"),
                    fields.number("BytesFreed"),
                    fields.number("PacksRewritten"),
                    fields.number("BytesRewritten"),
                    fields.number("PacksRetained"),
                    fields.textList("WaitingFor")));
        }
        if (fields.maybeYesNo("Changed").isPresent()) {
            return new Result.Rewrapped(fields.yesNo("Changed"));
        }
        return new Result.Verified(new VerifyReport(
                fields.number("Points"),
                fields.number("Packs"),
                fields.number("PacksRead"),
                fields.number("BytesRead"),
                fields.objects("Findings").stream().map(ResultText::finding).toList(),
                fields.number("FindingsInAll")));
    }

    private static Finding finding(JsonFields fields) {
        return new Finding(
                fields.text("Blob"),
                fields.text("Damage"),
                fields.textList("Points").stream().map(SessionId::new).toList(),
                fields.yesNo("Repaired"));
    }
}

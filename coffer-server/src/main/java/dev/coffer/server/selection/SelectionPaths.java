package dev.coffer.server.selection;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.selection.SelectionPreview;
import dev.coffer.core.selection.SelectionPreview.Judged;
import dev.coffer.core.selection.SelectionWarning;
import dev.coffer.engine.selection.CoverageService;
import dev.coffer.engine.selection.Explanation;
import dev.coffer.engine.selection.Unprotected;
import dev.coffer.engine.source.Outage;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What selections choose, and why. Lists are in the order of ARNs and take {@code maxResults} and {@code nextToken}.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>POST selection-preview</td><td>what the BackupSelection in the body would choose now; {@code chosen=true} or {@code false} shows one side</td></tr>
 * <tr><td>GET selection-preview?backupPlanId=&amp;selectionId=</td><td>the same of a stored selection</td></tr>
 * <tr><td>GET unprotected</td><td>the resources that no plan chooses</td></tr>
 * <tr><td>GET resources/ARN/why</td><td>what each selection of each plan says of one resource</td></tr>
 * </table>
 */
public final class SelectionPaths {
    private static final Set<String> PAGE = Set.of("maxResults", "nextToken");
    private static final Set<String> PREVIEW = Set.of("maxResults", "nextToken", "chosen");
    private static final Set<String> STORED =
            Set.of("maxResults", "nextToken", "chosen", "backupPlanId", "selectionId");

    private SelectionPaths() {}

    public static void addTo(AdminEndpoint admin, CoverageService selections) {
        admin.put("POST", "selection-preview", call -> {
            allowQuery(call, PREVIEW);
            var selection = new SelectionDocument(call.caller()).read(call.body());
            return shown(call, selections.preview(call.caller(), selection));
        });
        admin.put("GET", "selection-preview", call -> {
            allowQuery(call, STORED);
            return shown(
                    call,
                    selections.previewStored(call.caller(), query(call, "backupPlanId"), query(call, "selectionId")));
        });
        admin.put("GET", "unprotected", call -> {
            allowQuery(call, PAGE);
            return shown(call, selections.unprotected(call.caller()));
        });
        admin.put("GET", "resources/{arn}/why", call -> {
            allowQuery(call, Set.of());
            return shown(selections.why(call.caller(), call.named("arn")));
        });
    }

    private static AdminAnswer shown(AdminCall call, SelectionPreview preview) {
        var wanted = Optional.ofNullable(call.query().get("chosen")).map(SelectionPaths::yesNo);
        var page = ArnPage.of(call);
        long chosen = preview.chosen();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("ChosenCount", chosen);
        answer.put("NotChosenCount", preview.judged().size() - chosen);
        answer.put(
                "Warnings",
                preview.warnings().stream().map(SelectionPaths::shown).toList());
        var rows = preview.judged().stream()
                .filter(one -> wanted.isEmpty() || wanted.get() == one.verdict().chosen())
                .toList();
        page.put(answer, rows, one -> one.resource().arn(), SelectionPaths::shown);
        return AdminAnswer.ok(answer);
    }

    private static Map<String, Object> shown(Judged judged) {
        var shown = ShownVerdict.of(judged.resource());
        shown.putAll(ShownVerdict.of(judged.verdict()));
        return shown;
    }

    private static Map<String, Object> shown(SelectionWarning warning) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("Kind", warning.kind().name());
        shown.put("Subject", warning.subject());
        shown.put("Message", warning.message());
        return shown;
    }

    private static AdminAnswer shown(AdminCall call, CoverageService.Gaps gaps) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("ResourceCount", gaps.resources());
        answer.put("UnprotectedCount", gaps.unprotected().size());
        answer.put("Outages", gaps.outages().stream().map(Outage::message).toList());
        ArnPage.of(call).put(answer, gaps.unprotected(), gap -> gap.resource().arn(), SelectionPaths::shown);
        return AdminAnswer.ok(answer);
    }

    private static Map<String, Object> shown(Unprotected gap) {
        var shown = ShownVerdict.of(gap.resource());
        shown.put("LeftOutBy", gap.leftOutBy().stream().map(ShownVerdict::of).toList());
        return shown;
    }

    private static AdminAnswer shown(Explanation explanation) {
        var answer = ShownVerdict.of(explanation.resource());
        answer.put("Exists", explanation.exists());
        answer.put("OptedIn", explanation.optedIn());
        answer.put("Chosen", explanation.chosen());
        answer.put(
                "Outages", explanation.outages().stream().map(Outage::message).toList());
        explanation.backups().ifPresent(backups -> {
            answer.put("LastBackupTime", backups.lastBackupAt().toString());
            answer.put("LastBackupVaultArn", backups.lastVault().toString());
        });
        answer.put(
                "Selections",
                explanation.judgements().stream().map(ShownVerdict::of).toList());
        return AdminAnswer.ok(answer);
    }

    private static void allowQuery(AdminCall call, Set<String> names) {
        for (var name : call.query().keySet()) {
            if (!names.contains(name)) {
                var known = names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names));
                throw new Refused(Problem.invalid("There is no parameter " + name + ". Use " + known + "."));
            }
        }
    }

    private static String query(AdminCall call, String name) {
        return Optional.ofNullable(call.query().get(name))
                .orElseThrow(() -> new Refused(Problem.missing("The parameter " + name + " is missing.")));
    }

    private static boolean yesNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(Problem.invalid("chosen is either true or false."));
        };
    }
}

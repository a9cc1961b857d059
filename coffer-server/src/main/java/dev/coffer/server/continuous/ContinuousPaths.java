package dev.coffer.server.continuous;

import dev.coffer.core.continuous.Following;
import dev.coffer.core.continuous.Gap;
import dev.coffer.core.continuous.Window;
import dev.coffer.engine.continuous.ContinuousService;
import dev.coffer.engine.continuous.ContinuousService.Standing;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminEndpoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What continuous backups can restore, and how they stand. Times are in UTC, each to its whole second where it is one that can be restored.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET continuous?vaultName=&amp;resourceArn=&amp;maxResults=&amp;nextToken=</td><td>those of the account and Region, by ARN</td></tr>
 * <tr><td>GET continuous/ARN</td><td>one, with its windows and gaps</td></tr>
 * </table>
 */
public final class ContinuousPaths {
    private ContinuousPaths() {}

    public static void addTo(AdminEndpoint admin, ContinuousService continuous) {
        admin.put("GET", "continuous", call -> {
            call.allowParameters("vaultName", "resourceArn", "maxResults", "nextToken");
            var page = continuous.list(
                    call.caller(), call.parameter("vaultName"), call.parameter("resourceArn"), call.page());
            var answer = new LinkedHashMap<String, Object>();
            answer.put(
                    "ContinuousBackups",
                    page.rows().stream().map(ContinuousPaths::summary).toList());
            page.next().ifPresent(token -> answer.put("NextToken", token));
            return AdminAnswer.ok(answer);
        });
        admin.put("GET", "continuous/{arn}", call -> {
            call.allowParameters();
            return AdminAnswer.ok(shown(continuous.show(call.caller(), call.named("arn"))));
        });
    }

    private static Map<String, Object> summary(Standing standing) {
        var series = standing.series();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("RecoveryPointArn", series.point().toString());
        shown.put("BackupVaultName", series.vault().value());
        shown.put("ResourceArn", series.resource().toString());
        shown.put("ResourceType", series.type().wireName());
        shown.put("RetentionDays", series.days());
        switch (standing.following()) {
            case Following.UpToDate() -> {
                shown.put("State", "FOLLOWING");
                series.standing().message().ifPresent(message -> shown.put("Message", message));
            }
            case Following.Lagging(var since, var why) -> stands(shown, "LAGGING", since, why);
            case Following.Stopped(var since, var why, var forGood) -> {
                stands(shown, "STOPPED", since, why);
                shown.put("StoppedForGood", forGood);
            }
        }
        if (!standing.windows().isEmpty()) {
            var last = standing.windows().getLast();
            put(shown, "FirstRestorableTime", standing.windows().getFirst().earliest());
            put(shown, "LastRestorableTime", last.latest());
            if (!last.isCertain()) {
                put(shown, "CertainUntil", last.checked());
            }
        }
        standing.lag().ifPresent(lag -> shown.put("LagSeconds", lag.toSeconds()));
        shown.put("GapCount", standing.gaps().size());
        return shown;
    }

    private static void stands(Map<String, Object> shown, String state, Instant since, String why) {
        shown.put("State", state);
        put(shown, "Since", since);
        shown.put("Message", why);
    }

    private static Map<String, Object> shown(Standing standing) {
        var series = standing.series();
        var shown = summary(standing);
        series.roundAt().ifPresent(at -> put(shown, "LastRoundTime", at));
        if (series.standing().isFollowed()) {
            put(shown, "NextRoundTime", series.nextAt());
        }
        shown.put("MarkCount", standing.marks());
        standing.forgetsNext().ifPresent(at -> put(shown, "NextForgettingTime", at));
        shown.put(
                "Windows",
                standing.windows().stream().map(ContinuousPaths::shown).toList());
        shown.put("Gaps", standing.gaps().stream().map(ContinuousPaths::shown).toList());
        return shown;
    }

    private static Map<String, Object> shown(Window window) {
        var shown = new LinkedHashMap<String, Object>();
        put(shown, "From", window.earliest());
        put(shown, "To", window.latest());
        if (!window.isCertain()) {
            put(shown, "CertainUntil", window.checked());
        }
        return shown;
    }

    private static Map<String, Object> shown(Gap gap) {
        var shown = new LinkedHashMap<String, Object>();
        put(shown, "After", gap.after());
        put(shown, "Before", gap.before());
        shown.put("Reason", gap.why().orElse("Not recorded."));
        return shown;
    }

    private static void put(Map<String, Object> shown, String name, Instant moment) {
        shown.put(name, moment.toString());
    }
}

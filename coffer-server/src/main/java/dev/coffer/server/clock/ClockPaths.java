package dev.coffer.server.clock;

import dev.coffer.core.clock.VaultClock;
import dev.coffer.engine.clock.ClockService;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminEndpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The vault clock.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET clock</td><td>whether it is trusted, what it shows, and why it is suspect</td></tr>
 * <tr><td>POST clock</td><td>403: it is acknowledged on the host itself</td></tr>
 * </table>
 */
public final class ClockPaths {
    private ClockPaths() {}

    public static void addTo(AdminEndpoint admin, ClockService clock) {
        admin.put("GET", "clock", call -> AdminAnswer.ok(shown(clock.describe(call.caller()))));
        admin.put("POST", "clock", call -> {
            throw clock.refuseAcknowledgement(call.caller());
        });
    }

    private static Map<String, Object> shown(VaultClock clock) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("State", clock.isTrusted() ? "TRUSTED" : "SUSPECT");
        shown.put("Earliest", clock.earliest().toString());
        shown.put("Latest", clock.latest().toString());
        shown.put("System", clock.system().toString());
        shown.put("LagSeconds", clock.lag().toSeconds());
        shown.put("UnexplainedSeconds", clock.unexplained().toSeconds());
        shown.put("AllowanceLeftSeconds", clock.allowance().toSeconds());
        clock.suspicion().ifPresent(doubt -> {
            shown.put("Reason", doubt.reason().name());
            shown.put("Message", "The vault clock is suspect: " + doubt.reason().text() + ".");
            shown.put("Since", doubt.since().toString());
        });
        return shown;
    }
}

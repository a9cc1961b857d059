package dev.coffer.server.plan;

import dev.coffer.core.catalog.ScheduledRunRows;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.plan.PlanRunService;
import dev.coffer.server.admin.AdminAnswer;
import dev.coffer.server.admin.AdminCall;
import dev.coffer.server.admin.AdminEndpoint;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;

/**
 * When plans fired, and what became of it. Times are in UTC.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>GET plan-runs?plan=&amp;state=&amp;endedAfter=&amp;endedBefore=&amp;maxResults=&amp;nextToken=</td><td>those of the account and Region, the newest instants first</td></tr>
 * </table>
 */
public final class PlanRunPaths {
    private PlanRunPaths() {}

    public static void addTo(AdminEndpoint admin, PlanRunService runs) {
        admin.put("GET", "plan-runs", call -> {
            call.allowParameters("plan", "state", "endedAfter", "endedBefore", "maxResults", "nextToken");
            var filter = new ScheduledRunRows.Filter(
                    call.parameter("plan").map(PlanId::new),
                    call.parameter("state").map(PlanRunPaths::state),
                    moment(call, "endedBefore"),
                    moment(call, "endedAfter"));
            var page = runs.list(call.caller(), filter, call.page());
            var answer = new LinkedHashMap<String, Object>();
            answer.put("PlanRuns", page.rows().stream().map(PlanRunShape::of).toList());
            page.next().ifPresent(token -> answer.put("NextToken", token));
            return AdminAnswer.ok(answer);
        });
    }

    private static String state(String text) {
        var name = text.toUpperCase(Locale.ROOT);
        if (!RunState.WIRE_NAMES.contains(name)) {
            throw new Refused(Problem.invalid("state is none of " + String.join(", ", RunState.WIRE_NAMES) + "."));
        }
        return name;
    }

    private static Optional<Instant> moment(AdminCall call, String name) {
        return call.parameter(name).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException other) {
                throw new Refused(Problem.invalid(name + " is a time such as 2026-03-01T05:00:00Z."));
            }
        });
    }
}

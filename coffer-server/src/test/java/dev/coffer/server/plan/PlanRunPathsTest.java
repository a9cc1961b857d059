package dev.coffer.server.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.plan.PlanRunService;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.testkit.catalog.PlanSamples;
import dev.coffer.wire.WireHeaders;
import dev.coffer.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan that fired five times: at each full hour from 05:00 to 09:00, and every time something else became of it. */
final class PlanRunPathsTest {
    private static final AccountId ACCOUNT = new AccountId("111122223333");
    private static final Caller ROOT =
            new Caller(ACCOUNT, new Arn("aws", "iam", "", "111122223333", "root"), new Region("eu-west-1"));
    private static final Instant FIRST = Instant.parse("2026-03-01T05:00:00Z");

    private final JsonMapper json = JsonMapper.builder().build();
    private final SqlCatalog catalog;
    private final AdminEndpoint admin = new AdminEndpoint();

    PlanRunPathsTest(@TempDir Path folder) {
        catalog = SqlCatalog.open(folder);
        var plan = PlanSamples.plan(ROOT.scope(), "plan-1", FIRST, Optional.empty());
        var states = List.of(
                new RunState.Done(FIRST.plusSeconds(1), 3),
                new RunState.Missed(FIRST.plusSeconds(7200), "It was too late.", 0),
                new RunState.Missed(FIRST.plusSeconds(10_800), "Not all.", 2),
                new RunState.Merged(FIRST.plusSeconds(10_801), new RuleId("rule-full")),
                RunState.Open.FRESH);
        catalog.<Boolean>write(tx -> {
            tx.plans().insert(plan, PlanSamples.clock(1));
            for (int i = 0; i < states.size(); i++) {
                tx.scheduledRuns()
                        .insertIfAbsent(PlanSamples.run(plan, "plain", FIRST.plus(Duration.ofHours(i)), states.get(i)));
            }
            return true;
        });
        PlanRunPaths.addTo(admin, new PlanRunService(catalog, new Gate(catalog, InstantSource.system())));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private JsonNode answer(String query) {
        var response = admin.answer(
                ROOT,
                new WireRequest(
                        "GET",
                        AdminEndpoint.PREFIX + "plan-runs",
                        Optional.of(query),
                        WireHeaders.none(),
                        new byte[0]));
        assertThat(response.status()).isEqualTo(200);
        return json.readTree(new String(response.body(), StandardCharsets.UTF_8));
    }

    private static List<String> states(JsonNode answer) {
        var states = new ArrayList<String>();
        answer.get("PlanRuns")
                .forEach(run -> states.add(run.get("FireAt").asString().substring(11, 13) + " "
                        + run.get("State").asString()));
        return states;
    }

    @Test
    void aRunIsShownWithTheNamesOfItsPlanAndWhatBecameOfIt() {
        var runs = answer("").get("PlanRuns");
        assertThat(runs.get(3).toString())
                .isEqualTo("{\"BackupPlanId\":\"plan-1\",\"BackupPlanName\":\"plan\",\"RuleId\":\"rule-plain\","
                        + "\"RuleName\":\"plain\",\"BackupPlanVersion\":\"version-1\","
                        + "\"FireAt\":\"2026-03-01T06:00:00Z\",\"WindowEndsAt\":\"2026-03-01T07:00:00Z\","
                        + "\"State\":\"MISSED\",\"EndedAt\":\"2026-03-01T07:00:00Z\",\"Jobs\":0,"
                        + "\"Reason\":\"It was too late.\"}");
        assertThat(runs.get(0).has("EndedAt")).isFalse();
        assertThat(runs.get(1).get("MergedIntoRuleId").asString()).isEqualTo("rule-full");
        assertThat(runs.get(2).get("Jobs").asInt()).isEqualTo(2);
        assertThat(runs.get(4).has("Reason")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "plan=plan-1 | 09 OPEN, 08 MERGED, 07 MISSED, 06 MISSED, 05 DONE",
                "state=MISSED | 07 MISSED, 06 MISSED",
                "state=open | 09 OPEN",
                "plan=plan-1&state=merged | 08 MERGED",
                "endedAfter=2026-03-01T07:00:00Z | 08 MERGED, 07 MISSED",
                "endedBefore=2026-03-01T07:00:00Z | 05 DONE",
                "state=missed&endedAfter=2026-03-01T07:00:00Z&endedBefore=2026-03-02T00:00:00Z | 07 MISSED",
                "plan=unknown | none"
            })
    void filtersLeaveOut(String query, String states) {
        assertThat(String.join(", ", states(answer(query))))
                .isEqualTo(Optional.ofNullable(states).orElse(""));
    }

    @Test
    void pagesGoOnBehindTheLast() {
        var first = answer("maxResults=2");
        assertThat(states(first)).containsExactly("09 OPEN", "08 MERGED");
        var next = answer("maxResults=3&nextToken=" + first.get("NextToken").asString());
        assertThat(states(next)).containsExactly("07 MISSED", "06 MISSED", "05 DONE");
        assertThat(next.has("NextToken")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxResults=0 | from 1 to 1000",
                "maxResults=1001 | from 1 to 1000",
                "maxResults=many | from 1 to 1000",
                "nextToken=x | NextToken was not issued for this list",
                "state=failed | OPEN, DONE, MISSED, MERGED",
                "endedAfter=yesterday | endedAfter is a time such as",
                "endedBefore=2026-03-01 | endedBefore is a time such as",
                "planId=x | no parameter planId"
            })
    void aParameterThatCannotBeIsRefused(String query, String words) {
        var refused = catchThrowableOfType(Refused.class, () -> answer(query));
        assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused.problem().message()).contains(words);
    }
}

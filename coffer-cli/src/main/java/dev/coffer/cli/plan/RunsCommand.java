package dev.coffer.cli.plan;

import dev.coffer.cli.ask.AskCommand;
import dev.coffer.cli.ask.Table;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer plan runs}. */
@Command(
        name = "runs",
        description = "List the instants at which backup plans fired, and what became of them, the newest first.",
        mixinStandardHelpOptions = true)
final class RunsCommand extends AskCommand {
    @Option(names = "--plan", paramLabel = "ID", description = "Only those of this backup plan.")
    private @Nullable String plan;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those in this state: open, done, missed or merged.")
    private @Nullable String state;

    @Override
    protected ObjectNode answer() throws InterruptedException {
        return whole(
                "plan-runs?maxResults=1000"
                        + (plan == null ? "" : "&plan=" + segment(plan))
                        + (state == null ? "" : "&state=" + segment(state)),
                "PlanRuns");
    }

    @Override
    public void print(JsonNode answer, PrintWriter out) {
        var runs = answer.get("PlanRuns");
        if (runs.isEmpty()) {
            out.println("There are no such runs.");
            return;
        }
        var table = new Table("INSTANT", "STATE", "JOBS", "PLAN", "RULE", "WHY");
        for (var run : runs) {
            table.row(List.of(
                    run.get("FireAt").asString(),
                    run.get("State").asString(),
                    run.get("Jobs").asString(),
                    run.get("BackupPlanName").asString(),
                    run.get("RuleName").asString(),
                    why(run)));
        }
        table.print(out);
    }

    private static String why(JsonNode run) {
        if (run.has("Reason")) {
            return run.get("Reason").asString();
        }
        return run.has("MergedIntoRuleId")
                ? "The rule " + run.get("MergedIntoRuleId").asString() + " ran for it."
                : "";
    }
}

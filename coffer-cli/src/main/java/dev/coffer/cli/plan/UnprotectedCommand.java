package dev.coffer.cli.plan;

import dev.coffer.cli.ask.AskCommand;
import dev.coffer.cli.ask.Table;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer plan unprotected}. */
@Command(
        name = "unprotected",
        description = "List the resources that no backup plan chooses.",
        mixinStandardHelpOptions = true)
final class UnprotectedCommand extends AskCommand {
    private static final String PATH = "unprotected?maxResults=1000";

    /** {@inheritDoc} All pages are put together as one answer. */
    @Override
    protected ObjectNode answer() throws InterruptedException {
        return whole(PATH, "Resources");
    }

    @Override
    public void print(JsonNode answer, PrintWriter out) {
        out.println(answer.get("UnprotectedCount").asInt() + " of "
                + answer.get("ResourceCount").asInt() + " resources are chosen by no plan.");
        Table.printOutages(answer, out);
        if (answer.get("Resources").isEmpty()) {
            return;
        }
        out.println();
        var table = new Table("TYPE", "NAME", "RESOURCE", "NEAREST SELECTION");
        for (var resource : answer.get("Resources")) {
            var leftOutBy = resource.get("LeftOutBy");
            table.row(List.of(
                    resource.get("ResourceType").asString(),
                    resource.get("ResourceName").asString(),
                    resource.get("ResourceArn").asString(),
                    leftOutBy.isEmpty() ? "-" : nearest(leftOutBy.get(0))));
        }
        table.print(out);
    }

    private static String nearest(JsonNode judgement) {
        return judgement.get("BackupPlanName").asString() + "/"
                + judgement.get("SelectionName").asString() + ": "
                + judgement.get("Why").asString();
    }
}

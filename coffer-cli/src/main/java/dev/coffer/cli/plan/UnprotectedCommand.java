package dev.coffer.cli.plan;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
    ObjectNode answer() throws InterruptedException {
        var whole = get(PATH);
        var resources = (ArrayNode) whole.get("Resources");
        var next = whole.remove("NextToken");
        while (next != null) {
            var page = get(PATH + "&nextToken=" + URLEncoder.encode(next.asString(), StandardCharsets.UTF_8));
            resources.addAll((ArrayNode) page.get("Resources"));
            next = page.remove("NextToken");
        }
        return whole;
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
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

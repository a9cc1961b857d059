package dev.coffer.cli.plan;

import dev.coffer.cli.ask.AskCommand;
import dev.coffer.cli.ask.Table;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer plan why}. */
@Command(
        name = "why",
        description = "Tell for one resource which selections of which plans choose it, which do not, and why.",
        mixinStandardHelpOptions = true)
final class WhyCommand extends AskCommand {
    @Parameters(index = "0", paramLabel = "RESOURCE", description = "The ARN of the resource.")
    private String resource;

    @Override
    protected ObjectNode answer() throws InterruptedException {
        return get("resources/" + segment(resource) + "/why");
    }

    @Override
    public void print(JsonNode answer, PrintWriter out) {
        out.println(Table.printable(answer.get("ResourceArn").asString() + " ("
                + answer.get("ResourceType").asString() + " "
                + answer.get("ResourceName").asString() + ")"));
        if (!answer.get("Exists").asBoolean()) {
            out.println("There is no such resource now.");
        }
        if (!answer.get("OptedIn").asBoolean()) {
            out.println("Its type is opted out in this Region (UpdateRegionSettings).");
        }
        Table.printOutages(answer, out);
        out.println(
                answer.has("LastBackupTime")
                        ? "Last backup: " + answer.get("LastBackupTime").asString() + " in "
                                + answer.get("LastBackupVaultArn").asString()
                        : "It has never been backed up.");
        var selections = answer.get("Selections");
        if (selections.isEmpty()) {
            out.println("No plan has a selection, so nothing chooses it.");
            return;
        }
        out.println(answer.get("Chosen").asBoolean() ? "A plan chooses it." : "No plan chooses it.");
        out.println();
        var table = new Table("PLAN", "SELECTION", "CHOSEN", "WHY");
        for (var selection : selections) {
            table.row(List.of(
                    selection.get("BackupPlanName").asString(),
                    selection.get("SelectionName").asString(),
                    selection.get("Chosen").asBoolean() ? "yes" : "no",
                    selection.get("Why").asString()));
        }
        table.print(out);
    }
}

package dev.coffer.cli.continuous;

import dev.coffer.cli.ask.AskCommand;
import dev.coffer.cli.ask.Table;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer continuous list}. */
@Command(
        name = "list",
        description = "List the continuous backups with what can be restored, and how they stand.",
        mixinStandardHelpOptions = true)
final class ContinuousListCommand extends AskCommand {
    @Option(names = "--vault", paramLabel = "VAULT", description = "Only those in this vault.")
    private @Nullable String vault;

    @Option(names = "--resource", paramLabel = "ARN", description = "Only those of this resource.")
    private @Nullable String resource;

    @Override
    protected ObjectNode answer() throws InterruptedException {
        return whole(
                "continuous?maxResults=1000"
                        + (vault == null ? "" : "&vaultName=" + segment(vault))
                        + (resource == null ? "" : "&resourceArn=" + segment(resource)),
                "ContinuousBackups");
    }

    @Override
    public void print(JsonNode answer, PrintWriter out) {
        var backups = answer.get("ContinuousBackups");
        if (backups.isEmpty()) {
            out.println("There are no continuous backups.");
            return;
        }
        var table = new Table("STATE", "LAG", "RESTORABLE FROM", "TO", "GAPS", "RESOURCE", "VAULT", "RECOVERY POINT");
        for (var backup : backups) {
            table.row(List.of(
                    backup.get("State").asString(),
                    Spans.lag(backup),
                    Spans.text(backup, "FirstRestorableTime"),
                    Spans.text(backup, "LastRestorableTime"),
                    backup.get("GapCount").asString(),
                    backup.get("ResourceArn").asString(),
                    backup.get("BackupVaultName").asString(),
                    backup.get("RecoveryPointArn").asString()));
        }
        table.print(out);
    }
}

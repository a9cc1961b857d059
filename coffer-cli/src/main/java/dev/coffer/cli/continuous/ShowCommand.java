package dev.coffer.cli.continuous;

import dev.coffer.cli.ask.AskCommand;
import dev.coffer.cli.ask.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code coffer continuous show}. */
@Command(
        name = "show",
        description =
                "Tell of one continuous backup what can be restored, where the gaps are and why, and whether it is"
                        + " followed.",
        mixinStandardHelpOptions = true)
final class ShowCommand extends AskCommand {
    @Parameters(index = "0", paramLabel = "RECOVERY_POINT_ARN", description = "The ARN of the recovery point.")
    private String point;

    @Override
    protected ObjectNode answer() throws InterruptedException {
        return get("continuous/" + segment(point));
    }

    @Override
    public void print(JsonNode answer, PrintWriter out) {
        out.println(Table.printable(answer.get("RecoveryPointArn").asString()));
        out.println(Table.printable("of " + answer.get("ResourceArn").asString() + " in the vault "
                + answer.get("BackupVaultName").asString() + ", kept for "
                + answer.get("RetentionDays").asString() + " days"));
        out.println();
        printState(answer, out);
        out.println();
        printWindows(answer, out);
        out.println();
        out.println("Last round:          " + Spans.text(answer, "LastRoundTime"));
        out.println("Next round:          " + Spans.text(answer, "NextRoundTime"));
        out.println("Marks:               " + answer.get("MarkCount").asString());
        out.println("Forgets, not before: " + Spans.text(answer, "NextForgettingTime"));
    }

    private static void printState(JsonNode answer, PrintWriter out) {
        var message = Spans.text(answer, "Message");
        switch (answer.get("State").asString()) {
            case "FOLLOWING" -> {
                out.println("FOLLOWING: the last restorable second is " + Spans.lag(answer) + " ago.");
                if (answer.has("Message")) {
                    out.println("Note: " + Table.printable(message));
                }
            }
            case "LAGGING" -> {
                out.println("LAGGING since " + answer.get("Since").asString() + ": the last restorable second is "
                        + Spans.lag(answer) + " ago. Nothing is lost yet.");
                out.println("Why: " + Table.printable(message));
            }
            default -> {
                out.println("STOPPED at " + answer.get("Since").asString()
                        + (answer.get("StoppedForGood").asBoolean()
                                ? ". It is never followed again."
                                : ". The next run of its plan takes it up again, with a gap."));
                out.println("Why: " + Table.printable(message));
            }
        }
    }

    private static void printWindows(JsonNode answer, PrintWriter out) {
        if (answer.get("Windows").isEmpty()) {
            out.println("No second can be restored.");
            return;
        }
        out.println("Every second can be restored (both ends included), but for the gaps:");
        var table = new Table("", "FROM", "TO", "FOR", "");
        var gaps = answer.get("Gaps");
        int shown = 0;
        for (var window : answer.get("Windows")) {
            if (shown > 0) {
                var gap = gaps.get(shown - 1);
                table.row(row("gap", gap, "After", "Before", gap.get("Reason").asString()));
            }
            shown++;
            table.row(row(
                    "restorable",
                    window,
                    "From",
                    "To",
                    window.has("CertainUntil")
                            ? "certain until " + window.get("CertainUntil").asString()
                                    + ", then as the source has told so far"
                            : ""));
        }
        table.print(out);
    }

    private static List<String> row(String what, JsonNode span, String from, String to, String note) {
        var length = Duration.between(
                Instant.parse(span.get(from).asString()),
                Instant.parse(span.get(to).asString()));
        return List.of(what, span.get(from).asString(), span.get(to).asString(), Spans.shown(length), note);
    }
}

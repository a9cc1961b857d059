package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** Writes the compatibility table from what the other tests have seen, and compares it with the one in the repository. */
final class CompatibilityTableTest {
    private static final Path TABLE = Path.of(System.getProperty("coffer.source"), "docs", "api-compatibility.md");

    /** How the note of an operation begins that answers AWS's refusal to every call, since what it works on does not exist here. */
    private static final String REFUSES = "refuses ";

    @Test
    void theTableInTheRepositoryIsWhatTheTestsHaveSeen() throws IOException {
        var now = table();
        if (Boolean.getBoolean("coffer.write-table")) {
            Files.writeString(TABLE, now);
        }
        assertThat(Files.exists(TABLE) ? Files.readString(TABLE) : "")
                .as("docs/api-compatibility.md; write it with ./coffer test -Dcoffer.write-table=true")
                .isEqualTo(now);
    }

    private static String table() throws IOException {
        var operations = OperationTable.load();
        var notes = notes();
        var text = new StringBuilder();
        var rows = new ArrayList<String>();
        int works = 0;
        int missing = 0;
        for (var service : AwsService.values()) {
            for (var operation : operations.operations(service).stream()
                    .sorted(java.util.Comparator.comparing(Operation::name))
                    .toList()) {
                var status = status(operation, notes);
                works += status.equals("missing") || status.equals("refuses") ? 0 : 1;
                missing += status.equals("missing") ? 1 : 0;
                rows.add("| " + operation.name() + " | " + status + " | "
                        + (status.equals("missing") ? "" : "AWS SDK for Java") + " | "
                        + (status.equals("missing") ? "" : notes.getProperty(operation.name(), "")) + " |");
            }
            rows.add("");
        }
        text.append("""
                # The AWS Backup API in Coffer

                This page is written by the tests (`CompatibilityTableTest`), which call every operation through the real AWS SDK. An operation counts as working when a test has seen
                it succeed; *partly* names what is left out; *refuses* answers every call with AWS's refusal; *missing* answers 501 `NotImplementedException` with the operation's name.

                """);
        text.append(works).append(" operations work, ").append(missing).append(" are missing.\n");
        var titles = List.of("backup", "backupsearch");
        int title = 0;
        boolean head = true;
        for (var row : rows) {
            if (row.isEmpty()) {
                head = true;
                continue;
            }
            if (head) {
                text.append("\n## ")
                        .append(titles.get(title++))
                        .append("\n\n| operation | status | tested with | notes |\n|---|---|---|---|\n");
                head = false;
            }
            text.append(row).append('\n');
        }
        return text.toString();
    }

    private static String status(Operation operation, Properties notes) throws IOException {
        var name = operation.service().modelKey() + "-" + operation.name();
        var routed = Files.readString(CallRecorder.folderOf("routed").resolve(name));
        boolean succeeded = Files.exists(CallRecorder.folderOf("java-sdk").resolve(name));
        if (routed.equals("missing")) {
            assertThat(succeeded)
                    .as(operation + " is missing and was seen to succeed")
                    .isFalse();
            return "missing";
        }
        if (notes.getProperty(operation.name(), "").startsWith(REFUSES)) {
            assertThat(succeeded)
                    .as(operation + " refuses everything and was seen to succeed")
                    .isFalse();
            return "refuses";
        }
        assertThat(succeeded).as("no test has seen " + operation + " succeed").isTrue();
        return notes.containsKey(operation.name()) ? "partly" : "works";
    }

    /** What is left out of an operation that works otherwise. */
    private static Properties notes() throws IOException {
        var notes = new Properties();
        try (var in = Files.newBufferedReader(
                Path.of(System.getProperty("coffer.source"), "docs", "api-compatibility-notes.properties"))) {
            notes.load(in);
        }
        return notes;
    }
}

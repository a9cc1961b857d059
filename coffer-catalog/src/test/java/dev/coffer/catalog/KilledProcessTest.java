package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.TokenTable.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a catalog is after its process was killed (SIGKILL). A power cut is the file system's and SQLite's promise and not tried here. */
final class KilledProcessTest {
    private static final int ROUNDS = 10;

    @TempDir
    private Path folder;

    @Test
    void everyCommitThatReturnedIsThereWholeAfterAKill() throws Exception {
        var random = new Random(9);
        int next = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var printed = commitUntilKilled(next, random.nextInt(1, 40));
            int returned = next + printed.size();
            for (int number = next; number < returned; number++) {
                assertThat(printed.get(number - next)).isEqualTo(CommittingProcess.row(number));
            }
            next = checkedRows(returned);
            checkIntegrity();
        }
        assertThat(next).isGreaterThanOrEqualTo(ROUNDS);
    }

    /** The lines that a process has printed, which was killed after some of them. */
    private List<String> commitUntilKilled(int first, int lines) throws IOException, InterruptedException {
        var errors = folder.resolve("errors.txt");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProcess.class.getName(),
                        folder.toString(),
                        Integer.toString(first))
                .redirectError(errors.toFile())
                .start();
        try (var out = process.inputReader()) {
            var printed = new ArrayList<String>();
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                printed.add(line);
                if (printed.size() == lines) {
                    // Through the handle, because Process closes the stream, which may hold lines yet to be read.
                    assertThat(process.toHandle().destroyForcibly()).isTrue();
                }
            }
            assertThat(printed.size()).as("%s", Files.readString(errors)).isGreaterThanOrEqualTo(lines);
            if (printed.getLast().length() < CommittingProcess.row(0).length()) {
                printed.removeLast();
            }
            return printed;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Checks that all rows below the number are there, whole, and that at most the one commit is there that could not report. The first number that is free. */
    private int checkedRows(int returned) {
        try (var catalog = SqlCatalog.open(folder)) {
            int free = returned;
            for (int number = 0; number <= returned + 1; number++) {
                var row = CommittingProcess.row(number);
                var setting = catalog.read(view -> view.settings().installation(row));
                var token = catalog.write(tx -> tx.tokens().find(SCOPE, CommittingProcess.OPERATION, row))
                        .map(Token::result);
                assertThat(token).as("both rows of %s, or none", row).isEqualTo(setting);
                if (number < returned) {
                    assertThat(setting).as("%s", row).contains(CommittingProcess.content(number));
                } else if (setting.isPresent()) {
                    assertThat(number).as("one commit may be unreported").isEqualTo(returned);
                    free = number + 1;
                }
            }
            return free;
        }
    }

    private void checkIntegrity() throws SQLException {
        try (var connection = CatalogFile.in(folder).connectForWriting();
                var statement = connection.createStatement();
                var answer = statement.executeQuery("pragma integrity_check")) {
            assertThat(answer.next()).isTrue();
            assertThat(answer.getString(1)).isEqualTo("ok");
        }
    }
}

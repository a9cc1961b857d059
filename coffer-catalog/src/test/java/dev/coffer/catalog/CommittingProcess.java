package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;

import dev.coffer.core.catalog.TokenTable.Token;
import java.nio.file.Path;

/** A process that commits rows with growing numbers, and prints each number once its commit has returned, until it is killed. */
final class CommittingProcess {
    static final String OPERATION = "Commit";

    private CommittingProcess() {}

    public static void main(String[] arguments) {
        try (var catalog = SqlCatalog.open(Path.of(arguments[0]))) {
            for (int number = Integer.parseInt(arguments[1]); ; number++) {
                var row = row(number);
                var content = content(number);
                catalog.write(tx -> {
                    tx.settings().putInstallation(row, content);
                    tx.tokens().insert(SCOPE, OPERATION, row, new Token("digest", content, at(0)));
                    return true;
                });
                System.out.println(row);
                System.out.flush();
            }
        }
    }

    /** The name of a row; all are of the same length, so that one that was cut off is known. */
    static String row(int number) {
        return "row-%08d".formatted(number);
    }

    /** What the row holds: from a few bytes to some pages of the file. */
    static String content(int number) {
        return (number + " ").repeat(1 + number * 37 % 3_000);
    }
}

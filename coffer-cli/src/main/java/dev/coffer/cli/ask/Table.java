package dev.coffer.cli.ask;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Columns as wide as what is in them; the last one ends where its text ends. Used by one thread. */
public final class Table {
    private static final String BETWEEN = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with the titles of its columns. */
    public Table(String... titles) {
        rows.add(List.of(titles));
    }

    /** Adds a row with a cell for each column. */
    public void row(List<String> cells) {
        rows.add(cells.stream().map(Table::printable).toList());
    }

    /** Prints all rows. */
    public void print(PrintWriter out) {
        int last = rows.getFirst().size() - 1;
        var widths = new ArrayList<Integer>();
        for (int column = 0; column < last; column++) {
            widths.add(width(column));
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < last; column++) {
                var cell = row.get(column);
                line.append(cell)
                        .append(" ".repeat(widths.get(column) - cell.length()))
                        .append(BETWEEN);
            }
            out.println(line.append(row.get(last)).toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
    }

    /** Tells of endpoints that did not say what they have, so that the answer may be incomplete. */
    public static void printOutages(JsonNode answer, PrintWriter out) {
        if (answer.has("Outages")) {
            answer.get("Outages").forEach(outage -> out.println("Warning: " + printable(outage.asString())));
        }
    }

    /** The text without what a terminal would obey. */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}

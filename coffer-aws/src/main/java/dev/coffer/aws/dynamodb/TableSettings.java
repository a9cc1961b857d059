package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.Source;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a table is read, by the names of the configuration file. How its endpoint is reached is the affair of {@link dev.coffer.aws.endpoint.EndpointClients}.
 *
 * @param readShare the part of a table's provisioned read capacity that a capture may use, above 0 and at most 1
 * @param segments how many parts of a table are read at once
 * @param recheckDays after how many days a capture reads the whole table again, though its stream has all changes; 0 for every capture
 * @param followSeconds the time between two looks at a table that is followed
 */
record TableSettings(double readShare, int segments, int recheckDays, int followSeconds) {
    /** The setting of a source that names its table. */
    static final String TABLE = "table";

    private static final int SEGMENTS_AT_MOST = 64;

    static TableSettings of(Source source) {
        var settings = source.settings();
        var what = "source " + source.arn();
        return new TableSettings(
                share(settings.getOrDefault("readShare", "0.5"), what),
                segments(settings.getOrDefault("segments", "4"), what),
                whole("recheckDays", settings.getOrDefault("recheckDays", "7"), what),
                whole("followSeconds", settings.getOrDefault("followSeconds", "30"), what));
    }

    /** The place of the tables, for people. */
    static String place(Endpoint endpoint) {
        return Optional.ofNullable(endpoint.settings().get("endpoint"))
                .orElseGet(() -> "AWS in " + endpoint.scope().region());
    }

    /** The name of the source's table. */
    static String table(Source source) {
        var resource = source.arn().resource();
        return Optional.ofNullable(source.settings().get(TABLE))
                .orElseGet(() -> resource.substring(resource.indexOf('/') + 1));
    }

    /** The settings of a source for a table behind the endpoint. */
    static Map<String, String> ofTable(Map<String, String> endpoint, String table) {
        var settings = new HashMap<>(endpoint);
        settings.put(TABLE, table);
        return Map.copyOf(settings);
    }

    private static double share(String text, String what) {
        try {
            double share = Double.parseDouble(text);
            if (share > 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible(
                "readShare of the " + what + " is a number above 0 and at most 1, for example 0.5.");
    }

    private static int whole(String name, String text, String what) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible(name + " of the " + what + " is a whole number from 0 on.");
    }

    private static int segments(String text, String what) {
        try {
            int segments = Integer.parseInt(text);
            if (segments >= 1 && segments <= SEGMENTS_AT_MOST) {
                return segments;
            }
        } catch (NumberFormatException notOne) {
            // Refused below.
        }
        throw new SourceException.Impossible("segments of the " + what + " is 1 to " + SEGMENTS_AT_MOST + ".");
    }
}

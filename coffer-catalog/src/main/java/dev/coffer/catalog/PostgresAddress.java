package dev.coffer.catalog;

import java.util.Optional;

/**
 * Where a catalog on PostgreSQL is, and who opens it.
 *
 * @param url as the JDBC driver reads it, {@code jdbc:postgresql://HOST,HOST/NAME?PARAMETERS}; without user and password
 * @param user a database user that may make tables
 * @param password empty if the server asks for none, or the driver finds it elsewhere
 */
public record PostgresAddress(String url, String user, Optional<String> password) {
    /** What the URL begins with. */
    public static final String SCHEME = "jdbc:postgresql:";

    /** The URL without its parameters. */
    public String place() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return user + " at " + place();
    }
}

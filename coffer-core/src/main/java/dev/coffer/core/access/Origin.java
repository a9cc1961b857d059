package dev.coffer.core.access;

import java.util.Optional;

/**
 * Where a request came from, for conditions.
 *
 * @param sourceIp the address of the other end of the connection; absent for calls from within
 * @param secure whether the connection is encrypted; absent for calls from within
 */
public record Origin(Optional<String> sourceIp, Optional<Boolean> secure) {
    /** A call from within. */
    public static final Origin WITHIN = new Origin(Optional.empty(), Optional.empty());

    /** The other end of a connection. */
    public static Origin of(String sourceIp, boolean secure) {
        return new Origin(Optional.of(sourceIp), Optional.of(secure));
    }

    /** The condition keys. */
    public Facts facts() {
        return Facts.NONE.with("aws:SourceIp", sourceIp).with("aws:SecureTransport", secure.map(Object::toString));
    }
}

package dev.coffer.core.repository;

import java.util.regex.Pattern;

/** The name of one write to a vault, chosen by the caller so that a repeat after a crash finds its earlier result. 1 to 64 letters, digits and hyphens. */
public record SessionId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9-]{1,64}");

    public SessionId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a session id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

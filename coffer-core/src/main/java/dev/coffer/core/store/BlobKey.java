package dev.coffer.core.store;

import java.util.regex.Pattern;

/** The name of a blob: segments of letters, digits, dots, hyphens and underscores, joined by slashes. No segment begins with a dot. */
public record BlobKey(String value) implements Comparable<BlobKey> {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]*(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)*");
    private static final int LONGEST = 512;

    public BlobKey {
        if (value.length() > LONGEST || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a blob key");
        }
    }

    @Override
    public int compareTo(BlobKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

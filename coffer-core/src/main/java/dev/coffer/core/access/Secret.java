package dev.coffer.core.access;

/** A secret in clear, for as long as it is needed. {@link #toString} shows none of it. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "Secret";
    }
}

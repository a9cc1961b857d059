package dev.coffer.testkit.format;

/** A vault breaks a rule of the format's pages. */
public final class BrokenVault extends RuntimeException {
    BrokenVault(String what) {
        super(what);
    }

    BrokenVault(String what, Throwable cause) {
        super(what, cause);
    }
}

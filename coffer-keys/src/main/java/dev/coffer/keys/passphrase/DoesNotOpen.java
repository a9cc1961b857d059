package dev.coffer.keys.passphrase;

/** Sealed bytes do not open. */
public final class DoesNotOpen extends Exception {
    private final Why why;

    /** The two cases, which call for different next steps. */
    public enum Why {
        /** They are no sealed bytes, or ask for a derivation outside of the bounds. */
        MALFORMED,
        /** The passphrase or the context is another one, or a bit has changed. */
        ANOTHER_KEY
    }

    DoesNotOpen(Why why) {
        super(why.toString());
        this.why = why;
    }

    public Why why() {
        return why;
    }
}

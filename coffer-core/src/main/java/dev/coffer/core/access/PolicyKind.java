package dev.coffer.core.access;

/** What a policy is for, which decides what it may say. */
public enum PolicyKind {
    /** Attached to a user or role, or their boundary. */
    IDENTITY(10_240),
    /** Given with a session. */
    SESSION(2_048),
    /** Who may take on a role. */
    TRUST(4_096),
    /** Who may use a vault. */
    VAULT(20_480);

    private final int charactersAtMost;

    PolicyKind(int charactersAtMost) {
        this.charactersAtMost = charactersAtMost;
    }

    int charactersAtMost() {
        return charactersAtMost;
    }

    /** Whether it names principals; the others are about their owner. */
    boolean namesPrincipals() {
        return this == TRUST || this == VAULT;
    }
}

package dev.coffer.testkit.fs;

import java.util.Optional;

/** Which operation fails, and how. Used under the lock of its tree. */
final class Faults {
    private Optional<Errno> armed = Optional.empty();
    private long at;
    private boolean lasting;
    private long met;
    private long struck;

    void arm(long operation, Errno errno, boolean untilHealed) {
        if (operation < 1) {
            throw new IllegalArgumentException("the first operation is number 1");
        }
        armed = Optional.of(errno);
        at = operation;
        lasting = untilHealed;
        met = 0;
        struck = 0;
    }

    void heal() {
        armed = Optional.empty();
    }

    long met() {
        return met;
    }

    long struck() {
        return struck;
    }

    /** What this operation ends in; empty if it may go on. */
    Optional<Errno> meet(Operation operation) {
        if (armed.isEmpty() || !armed.get().strikes(operation)) {
            return Optional.empty();
        }
        met++;
        if (met < at || (met > at && !lasting)) {
            return Optional.empty();
        }
        struck++;
        return armed;
    }
}

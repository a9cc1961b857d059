package dev.coffer.core.maintenance;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Optional;

/**
 * One piece of maintenance of a vault.
 *
 * @param vaultId the vault's storage: a later vault of the same name has runs of its own
 * @param runner the process that does it
 * @param leaseUntil until when that process has said to be there
 * @param result what came of it; empty while it runs, and if it did not complete
 * @param message why it did not complete, for people
 */
public record MaintenanceRun(
        String id,
        Scope scope,
        VaultName vault,
        VaultId vaultId,
        Kind kind,
        State state,
        Instant startedAt,
        Optional<Instant> endedAt,
        RunnerId runner,
        Instant leaseUntil,
        Optional<Result> result,
        Optional<String> message) {
    private static final String LOST =
            "The server that ran it stopped before its end. Nothing is lost by that: start it again.";

    /** What is done. */
    public enum Kind {
        SWEEP,
        VERIFY,
        REWRAP
    }

    /** How far it is. */
    public enum State {
        RUNNING,
        COMPLETED,
        FAILED,
        /** Its process ended, or was not heard of, before it did. */
        INTERRUPTED
    }

    /** What came of it. */
    public sealed interface Result {
        record Swept(SweepReport report) implements Result {}

        record Verified(VerifyReport report) implements Result {}

        /** @param changed whether the data key was wrapped under another key before */
        record Rewrapped(boolean changed) implements Result {}
    }

    /** A run that begins now. */
    public static MaintenanceRun begun(
            String id, Vault vault, Kind kind, Instant now, RunnerId runner, Instant leaseUntil) {
        return new MaintenanceRun(
                id,
                vault.scope(),
                vault.name(),
                vault.id(),
                kind,
                State.RUNNING,
                now,
                Optional.empty(),
                runner,
                leaseUntil,
                Optional.empty(),
                Optional.empty());
    }

    /** A run that its process may end. */
    public boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Whether it is running as far as is told, but its process is gone: an earlier start of this node, or one that was not heard of in time. */
    public boolean isLost(RunnerId asked, Instant now) {
        boolean earlierStart =
                runner.node().equals(asked.node()) && !runner.start().equals(asked.start());
        return isRunning() && (earlierStart || !now.isBefore(leaseUntil));
    }

    /** The run as it is shown: a lost one is interrupted, since its lease ended. */
    public MaintenanceRun seenBy(RunnerId asked, Instant now) {
        return isLost(asked, now) ? ended(State.INTERRUPTED, now, Optional.empty(), Optional.of(LOST)) : this;
    }

    /** It came to its end. */
    public MaintenanceRun completed(Instant at, Result with) {
        return ended(State.COMPLETED, at, Optional.of(with), Optional.empty());
    }

    /** It did not. */
    public MaintenanceRun failed(Instant at, String why) {
        return ended(State.FAILED, at, Optional.empty(), Optional.of(why));
    }

    private MaintenanceRun ended(State as, Instant at, Optional<Result> with, Optional<String> why) {
        return new MaintenanceRun(
                id, scope, vault, vaultId, kind, as, startedAt, Optional.of(at), runner, leaseUntil, with, why);
    }
}

package dev.coffer.engine.maintenance;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Optional;

/**
 * One piece of maintenance of a vault.
 *
 * @param result what came of it; empty while it runs, and if it failed
 * @param message why it failed, for people
 */
public record MaintenanceRun(
        String id,
        Scope scope,
        VaultName vault,
        Kind kind,
        State state,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<Result> result,
        Optional<String> message) {
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
        FAILED
    }

    /** What came of it. */
    public sealed interface Result {
        record Swept(SweepReport report) implements Result {}

        record Verified(VerifyReport report) implements Result {}

        /** @param changed whether the data key was wrapped under another key before */
        record Rewrapped(boolean changed) implements Result {}
    }

    MaintenanceRun completed(Instant at, Result with) {
        return new MaintenanceRun(
                id, scope, vault, kind, State.COMPLETED, startedAt, Optional.of(at), Optional.of(with), message);
    }

    MaintenanceRun failed(Instant at, String why) {
        return new MaintenanceRun(
                id, scope, vault, kind, State.FAILED, startedAt, Optional.of(at), result, Optional.of(why));
    }
}

package dev.coffer.core.repository;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.Optional;

/**
 * A legal hold as a vault's own storage has it. It keeps the points of the vault that it covers and that are not younger than it.
 *
 * @param cancellation empty while it is in force
 */
public record HoldFact(
        HoldId id,
        String title,
        String description,
        HoldSelection selection,
        Instant createdAt,
        Optional<HoldState.Cancellation> cancellation) {
    /** The number of a hold that is in force. */
    public static final long IN_FORCE = 1;

    /** The number of one that is cancelled. */
    public static final long CANCELLED = 2;

    /** The hold as the vault is to have it. */
    public static HoldFact of(LegalHold hold) {
        return new HoldFact(
                hold.id(),
                hold.title(),
                hold.description(),
                hold.selection(),
                hold.createdAt(),
                hold.state().cancellation());
    }

    /** The same hold, cancelled. */
    public HoldFact cancelled(HoldState.Cancellation why) {
        return new HoldFact(id, title, description, selection, createdAt, Optional.of(why));
    }

    /** Its place in the order of the hold's records: what cancels it comes behind. */
    public long number() {
        return cancellation.isPresent() ? CANCELLED : IN_FORCE;
    }

    /**
     * The hold of an account. One in force has its points yet to be collected.
     *
     * @throws dev.coffer.core.problem.Refused if its texts are not those of a hold
     */
    public LegalHold in(Scope scope) {
        var state = cancellation
                .<HoldState>map(HoldState.Canceling::new)
                .orElseGet(() -> new HoldState.Creating(Optional.empty()));
        return new LegalHold(scope, id, title, description, selection, createdAt, state);
    }

    /** Whether it keeps the completed point, which is in its vault. */
    public boolean keeps(RecoveryPoint point) {
        return cancellation.isEmpty() && in(point.scope()).takes(point);
    }
}

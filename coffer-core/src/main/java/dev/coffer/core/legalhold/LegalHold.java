package dev.coffer.core.legalhold;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import java.time.Instant;
import java.util.Optional;

/** A legal hold. Points that existed when it was made, and that its selection covers, are not deleted before it is cancelled. */
public record LegalHold(
        Scope scope,
        HoldId id,
        String title,
        String description,
        HoldSelection selection,
        Instant createdAt,
        HoldState state) {
    /** How many holds of an account and Region may be in force (AWS quota). */
    public static final int AT_MOST = 50;

    /** How long the record is kept by default after a cancellation, in days. */
    public static final long RECORD_DAYS = 180;

    private static final int TITLE_LENGTH = 128;
    private static final int DESCRIPTION_LENGTH = 280;

    public LegalHold {
        text("Title", title, TITLE_LENGTH);
        text("Description", description, DESCRIPTION_LENGTH);
    }

    /** Checks a text of a hold: not blank, and not longer than this. */
    private static void text(String name, String value, int longest) {
        if (value.isBlank() || value.length() > longest) {
            throw new Refused(Problem.invalid(name + " has 1 to " + longest + " characters and is not blank."));
        }
    }

    /** Refuses a reason for a cancellation that cannot be. */
    public static void checkCancelDescription(String text) {
        text("CancelDescription", text, DESCRIPTION_LENGTH);
    }

    /** The hold's ARN. */
    public Arn arn() {
        return id.arn(scope);
    }

    /** The same hold in another state. */
    public LegalHold in(HoldState now) {
        return new LegalHold(scope, id, title, description, selection, createdAt, now);
    }

    /** Whether the hold takes the point: a finished one that was there when the hold was made. */
    public boolean takes(RecoveryPoint point) {
        boolean standing = switch (point.status()) {
            case COMPLETED -> true;
            case CREATING, DELETING, EXPIRED -> false;
            // A continuous backup is never held (AWS Backup).
            case AVAILABLE, STOPPED -> false;
        };
        return standing
                && point.scope().equals(scope)
                && !point.createdAt().isAfter(createdAt)
                && selection.covers(point);
    }

    /** Whether it counts against the quota. */
    public boolean isInForce() {
        return switch (state) {
            case HoldState.Creating _, HoldState.Active _ -> true;
            case HoldState.Canceling _, HoldState.Canceled _ -> false;
        };
    }

    /** When the record of a cancelled hold may go. */
    public Optional<Instant> recordUntil() {
        return state.cancellation().map(HoldState.Cancellation::recordUntil);
    }
}

package dev.coffer.core.continuous;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.FeedPosition;
import dev.coffer.core.job.Lease;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What stands behind one continuous recovery point: a series of marks in its vault, and whether it is followed. Its row and that of the point come and go together.
 *
 * @param point the point's ARN
 * @param firstSession the session of mark 1
 * @param days the retention: how far back can be restored
 * @param options of the backups (BackupOptions)
 * @param position how far the history has been followed
 * @param nextAt when the next round is due
 * @param roundAt when the last round ended, whatever came of it
 * @param epoch of the latest lease; grows with every claim
 * @param lease who runs a round now
 */
public record Series(
        Scope scope,
        VaultName vault,
        Arn point,
        Arn resource,
        ResourceType type,
        String firstSession,
        long days,
        Map<String, String> options,
        Standing standing,
        FeedPosition position,
        Instant nextAt,
        Optional<Instant> roundAt,
        long epoch,
        Optional<Lease> lease) {
    /** The longest retention. */
    public static final long DAYS_AT_MOST = 35;

    public Series {
        options = Map.copyOf(options);
    }

    /** The repository session of a mark: always the same, so that a round that is repeated after a crash finds what was stored. */
    public SessionId session(long number) {
        return session(firstSession, number);
    }

    /** The same for a series whose first mark has the session. */
    public static SessionId session(String firstSession, long number) {
        return new SessionId(number == 1 ? firstSession : firstSession + "-" + number);
    }

    public Duration retention() {
        return Duration.ofDays(days);
    }

    /** What was recorded before can no longer be restored. */
    public Instant oldest(Instant now) {
        return now.minus(retention());
    }

    public Series standing(Standing now) {
        return with(options, now, position, nextAt, roundAt, epoch, lease);
    }

    public Series with(Map<String, String> now) {
        return with(now, standing, position, nextAt, roundAt, epoch, lease);
    }

    /** The same series, further on. */
    public Series at(FeedPosition now) {
        return with(options, standing, now, nextAt, roundAt, epoch, lease);
    }

    /** The same series after a round that ended now; the next is due then. */
    public Series rounded(Instant now, Instant next) {
        return with(options, standing, position, next, Optional.of(now), epoch, lease);
    }

    /** The same series, whose next round is due then. */
    public Series dueAt(Instant next) {
        return with(options, standing, position, next, roundAt, epoch, lease);
    }

    /** The same series in the hands of a process; its epoch tells older holders that they are late. */
    public Series heldBy(Lease holder) {
        return with(options, standing, position, nextAt, roundAt, holder.epoch(), Optional.of(holder));
    }

    /** The same series in nobody's hands. */
    public Series letGo() {
        return with(options, standing, position, nextAt, roundAt, epoch, Optional.empty());
    }

    /** The same series with a newer epoch than any holder has. */
    public Series outdated() {
        return with(options, standing, position, nextAt, roundAt, epoch + 1, lease);
    }

    private Series with(
            Map<String, String> newOptions,
            Standing newStanding,
            FeedPosition newPosition,
            Instant newNextAt,
            Optional<Instant> newRoundAt,
            long newEpoch,
            Optional<Lease> newLease) {
        return new Series(
                scope,
                vault,
                point,
                resource,
                type,
                firstSession,
                days,
                newOptions,
                newStanding,
                newPosition,
                newNextAt,
                newRoundAt,
                newEpoch,
                newLease);
    }
}

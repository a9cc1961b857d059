package dev.coffer.engine.job;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.View;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.continuous.Standing;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.resource.ResourceType;
import java.util.Map;
import java.util.Optional;

/** What a backup job is to make, in view of the continuous backups of its resource. The texts are AWS's. */
sealed interface ContinuousAim {
    /**
     * An ordinary recovery point.
     *
     * @param options instead of the job's, where those of a continuous backup count
     * @param message what the user is told of it when it is complete
     */
    record Snapshot(Optional<Map<String, String>> options, Optional<String> message) implements ContinuousAim {}

    /** The base of a new continuous backup; one that is followed in the same vault gives way to it. */
    record Begin() implements ContinuousAim {}

    /** A round of one that is there. */
    record GoOn(Series series) implements ContinuousAim {}

    /** Nothing, since it may not. */
    record Refuse(String message) implements ContinuousAim {}

    String FAILED = "Enabling continuous backup failed, because of the following error: ";

    /** @param canFollow whether the type's connector can follow resources */
    static ContinuousAim of(View view, BackupJob job, boolean canFollow) {
        var all = view.continuous().ofResource(job.scope(), job.resource());
        var followed =
                all.stream().filter(series -> series.standing().isFollowed()).findFirst();
        boolean elsewhere =
                followed.filter(series -> !series.vault().equals(job.vault())).isPresent();
        if (elsewhere && job.resourceType() == ResourceType.S3) {
            return new Refuse("Bucket " + job.resource().resource()
                    + " already has continuous backup enabled for another vault Backup job failed.");
        }
        if (!canFollow || !view.continuous().isWanted(job.id())) {
            return snapshotBeside(followed, job);
        }
        if (followed.isPresent()) {
            return beside(view, followed.get(), job, elsewhere);
        }
        return all.stream()
                .filter(series -> series.standing() instanceof Standing.Interrupted
                        && series.vault().equals(job.vault())
                        && series.days() == days(job))
                .findFirst()
                .<ContinuousAim>map(GoOn::new)
                .orElseGet(Begin::new);
    }

    private static ContinuousAim beside(View view, Series series, BackupJob job, boolean elsewhere) {
        var creator = view.recoveryPoints()
                .find(series.scope(), series.vault(), series.point())
                .flatMap(RecoveryPoint::createdBy);
        boolean ofRule = creator.map(CreatedBy::rule).equals(job.createdBy().map(CreatedBy::rule));
        if (!elsewhere && series.days() == days(job)) {
            return new GoOn(series);
        }
        if (!elsewhere && (ofRule || days(job) > series.days())) {
            return new Begin();
        }
        return new Snapshot(
                Optional.empty(),
                Optional.of(FAILED + "PITR already configured in backup plan: ["
                        + creator.map(CreatedBy::planArn).map(Arn::toString).orElse("") + "]"));
    }

    /** A snapshot of a bucket that is followed has what the continuous backup has. */
    private static ContinuousAim snapshotBeside(Optional<Series> followed, BackupJob job) {
        return followed.filter(_ -> job.resourceType() == ResourceType.S3)
                .filter(series -> !series.options().equals(job.options()))
                .map(series -> new Snapshot(
                        Optional.of(series.options()),
                        Optional.of("Periodic/snapshot backup for bucket "
                                + job.resource().resource()
                                + " has different backup options than the continuous backup. When"
                                + " using continuous backups along with snapshot backups for the same"
                                + " bucket, the snapshot will use the same settings for backing up"
                                + " ACLs and Object tags as the continuous backup.")))
                .orElseGet(() -> new Snapshot(Optional.empty(), Optional.empty()));
    }

    /** The retention of what the job makes. */
    static long days(BackupJob job) {
        return job.lifecycle().deleteAfterDays().orElse(Series.DAYS_AT_MOST);
    }
}

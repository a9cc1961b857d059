package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.continuous.History;
import dev.coffer.core.continuous.Mark;
import dev.coffer.core.continuous.Series;
import dev.coffer.core.job.JobId;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads continuous backups. A series has tens of thousands of marks, so no method but {@link #numbers} reads all of them. */
public interface ContinuousRows {
    /**
     * The conditions of a list; all of them hold.
     *
     * @param vault that holds the series
     * @param resource that is followed
     */
    record Filter(Optional<VaultName> vault, Optional<Arn> resource) {
        /** No conditions. */
        public static Filter none() {
            return new Filter(Optional.empty(), Optional.empty());
        }
    }

    /** The series behind a recovery point; empty for a snapshot. */
    Optional<Series> find(Scope scope, VaultName vault, Arn point);

    /** The series of a scope that pass, by the ARN of their points. */
    Page<Series> list(Scope scope, Filter filter, PageRequest page);

    /** All series of the resource in the scope, in whichever vault, by the ARN of their points. */
    List<Series> ofResource(Scope scope, Arn resource);

    /** Followed series of all scopes whose next round is due by now, the longest due first. */
    List<Series> due(Instant now, int limit);

    /**
     * Series of all scopes, by vault and the ARN of their points.
     *
     * @param after the last of those before; they go on behind it
     */
    List<Series> all(Optional<Series> after, int limit);

    /** The last marks of the series, at most so many, in the order of their numbers. */
    List<Mark> newest(Series series, int count);

    /** The mark of the number. */
    Optional<Mark> mark(Series series, long number);

    /** The last image of the series. */
    Optional<Mark> newestImage(Series series);

    /** The first image whose number is greater. */
    Optional<Mark> imageAfter(Series series, long number);

    /** The first and the last mark of every stretch: enough for {@link History#windows} and {@link History#gaps}, and for nothing else. */
    History outline(Series series);

    /** A part of the marks that has all that {@link History#serving} needs for the moment. */
    History around(Series series, Instant moment);

    /** The oldest marks, at most so many, that are not younger than {@code oldest}, and the outline: what {@link History#forgettable} finds among them is forgettable. */
    History outdated(Series series, Instant oldest, int limit);

    /** The numbers of all marks of the series, in order. */
    List<Long> numbers(Series series);

    /** How many marks the series has. */
    long count(Series series);

    /** Whether the backup job is to make or to continue a continuous backup. */
    boolean isWanted(JobId job);
}

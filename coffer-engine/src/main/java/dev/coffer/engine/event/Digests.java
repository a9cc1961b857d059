package dev.coffer.engine.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.PlannedRuns;
import dev.coffer.core.catalog.RestoreJobRows;
import dev.coffer.core.catalog.ScheduledRunRows;
import dev.coffer.core.catalog.View;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.Digest.Failure;
import dev.coffer.core.event.Digest.Subject;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.BackupState;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.CopyState;
import dev.coffer.core.job.IndexJob;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.RestoreJob;
import dev.coffer.core.job.RestoreState;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.plan.ScheduledRun;
import dev.coffer.core.resource.ProtectedResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Draws up digests from the catalog. */
final class Digests {
    private static final int PAGE = 500;
    private static final int FAILURES_SHOWN = 100;

    private final View view;
    private final Scope scope;
    private final List<Failure> failures = new ArrayList<>();
    private final Map<Rule, Misses> missesByRule = new LinkedHashMap<>();
    private long backups;
    private long withIssues;
    private long copies;
    private long restores;
    private long newBytes;
    private long open;

    private Digests(View view, Scope scope) {
        this.view = view;
        this.scope = scope;
    }

    /** What ended between the two moments, and what is still open. */
    static Digest of(View view, Scope scope, Instant from, Instant to) {
        var digests = new Digests(view, scope);
        digests.each(page -> view.backupJobs().list(scope, endedBackups(from, to), page), digests::add);
        digests.each(page -> view.restoreJobs().list(scope, endedRestores(from, to), page), digests::add);
        digests.each(
                page -> view.copyJobs().list(scope, CopyJobRows.Filter.endedBetween(from, to), page), digests::add);
        digests.each(
                page -> view.indexJobs().list(scope, failedIndexes(), page), index -> digests.add(index, from, to));
        digests.each(
                page -> view.scheduledRuns()
                        .list(scope, ScheduledRunRows.Filter.missedAfter(from).before(to), page),
                digests::add);
        digests.addMisses();
        for (var state : List.of("CREATED", "RUNNING")) {
            digests.each(page -> view.copyJobs().list(scope, CopyJobRows.Filter.in(state), page), _ -> digests.open++);
        }
        for (var state : List.of("CREATED", "PENDING", "RUNNING", "ABORTING")) {
            digests.each(page -> view.backupJobs().list(scope, backupsIn(state), page), _ -> digests.open++);
        }
        for (var state : List.of("PENDING", "RUNNING")) {
            digests.each(page -> view.restoreJobs().list(scope, restoresIn(state), page), _ -> digests.open++);
        }
        digests.failures.sort(Comparator.comparing(Failure::at).reversed());
        var shown = digests.failures.subList(0, Math.min(FAILURES_SHOWN, digests.failures.size()));
        return new Digest(
                scope,
                from,
                to,
                shown,
                digests.failures.size() - shown.size(),
                digests.backups,
                digests.withIssues,
                digests.copies,
                digests.restores,
                digests.newBytes,
                digests.open);
    }

    private <T> void each(Function<PageRequest, Page<T>> list, Consumer<T> add) {
        Optional<String> next = Optional.empty();
        do {
            var page = list.apply(new PageRequest(PAGE, next));
            page.rows().forEach(add);
            next = page.next();
        } while (next.isPresent());
    }

    private void add(BackupJob job) {
        if (!(job.state() instanceof BackupState.Ended ended)) {
            return;
        }
        switch (ended) {
            case BackupState.Completed(var _, var message) -> {
                backups++;
                withIssues += message.isPresent() ? 1 : 0;
                newBytes += job.progress().transferredBytes();
            }
            case BackupState.Failed failed -> fail("Backup failed", job, failed);
            case BackupState.Expired expired -> fail("Backup expired", job, expired);
            case BackupState.Aborted aborted -> fail("Backup was stopped", job, aborted);
        }
    }

    private void fail(String what, BackupJob job, BackupState.Ended ended) {
        failures.add(new Failure(
                what,
                job.resourceName(),
                job.vault().value(),
                ended.statusMessage().orElse(""),
                ended instanceof BackupState.Aborted
                        ? "Nothing, if that was meant; else start the backup again."
                        : nextStep(MessageCategory.of(ended.statusMessage())),
                ended.at(),
                Subject.JOB,
                job.id().value()));
    }

    private void add(CopyJob job) {
        switch (job.state()) {
            case CopyState.Completed _ -> copies++;
            case CopyState.Failed(var at, var message) ->
                failures.add(new Failure(
                        "Copy failed",
                        job.resourceName(),
                        job.destination().name().value(),
                        message,
                        nextStep(MessageCategory.of(Optional.of(message))),
                        at,
                        Subject.JOB,
                        job.id().value()));
            case CopyState.Created _, CopyState.Running _ -> {}
        }
    }

    private void add(RestoreJob job) {
        switch (job.state()) {
            case RestoreState.Completed _ -> restores++;
            case RestoreState.Failed(var at, var message) ->
                failures.add(new Failure(
                        "Restore failed",
                        nameOf(job.sourceResource()),
                        job.vault().value(),
                        message,
                        nextStep(MessageCategory.of(Optional.of(message))),
                        at,
                        Subject.JOB,
                        job.id().value()));
            case RestoreState.Pending _, RestoreState.Running _ -> {}
        }
    }

    private void add(IndexJob index, Instant from, Instant to) {
        if (index.state() instanceof IndexState.Failed(var at, var message) && at.isAfter(from) && at.isBefore(to)) {
            failures.add(new Failure(
                    "Search index failed",
                    nameOf(index.resource()),
                    index.vault().value(),
                    message,
                    "Verify the vault if the message speaks of damage. Put right what it names, then enable the index"
                            + " again.",
                    at,
                    Subject.RECOVERY_POINT,
                    index.recoveryPoint().toString()));
        }
    }

    /** A rule whose runs were missed, altogether or in part. */
    private record Rule(PlanId plan, RuleId rule, boolean inPart) {}

    /** The missed runs of a rule: the last one, and from when on how many there were. */
    private record Misses(ScheduledRun last, RunState.Missed state, Instant first, long count) {
        Misses and(Misses earlier) {
            return new Misses(last, state, earlier.first, count + earlier.count);
        }

        String why() {
            return count == 1
                    ? state.reason()
                    : state.reason() + " " + count + " instants of the rule since " + first + " were missed.";
        }
    }

    /** The newest come first. After a downtime a rule may have missed hundreds, which are one failure and not the whole digest. */
    private void add(ScheduledRun run) {
        if (run.state() instanceof RunState.Missed missed) {
            missesByRule.merge(
                    new Rule(run.plan(), run.rule(), missed.inPart()),
                    new Misses(run, missed, run.fireAt(), 1),
                    Misses::and);
        }
    }

    private void addMisses() {
        var planned = new PlannedRuns(view);
        missesByRule.forEach((key, misses) -> {
            var run = planned.of(misses.last());
            failures.add(new Failure(
                    key.inPart() ? "Scheduled backup ran in part" : "Scheduled backup did not run",
                    run.planName(),
                    run.rule().vault().value(),
                    misses.why(),
                    "Start the missing backups by hand if they matter. Keep a server running over the start window, or"
                            + " give the rule a longer one.",
                    misses.last().fireAt(),
                    Subject.RULE,
                    run.rule().name()));
        });
    }

    private String nameOf(Arn resource) {
        return view.resources()
                .findProtected(scope, resource)
                .map(ProtectedResource::name)
                .filter(name -> !name.isBlank())
                .orElseGet(resource::toString);
    }

    /** What to do about failures of a category. */
    static String nextStep(MessageCategory category) {
        return switch (category) {
            case ACCESS_DENIED, ACCESS_KEY_ERROR, TOKEN_EXPIRED ->
                "Check the role and the rights that the server has on the resource, then start the job again.";
            case CONCURRENT_JOB ->
                "Another job of the resource ran too long: look at its duration, or start this one at another time.";
            case JOB_EXPIRED ->
                "Give the job longer start and completion windows, or let fewer jobs run at the same time.";
            case INVALID_LIFECYCLE -> "Change the retention so that it fits the vault's lock.";
            case KMS_KEY_ERROR -> "Check that the key exists and that the server may use it.";
            case RESOURCE_NOT_FOUND -> "Check that the resource is there and mounted, then start the job again.";
            case RESOURCE_NOT_SUPPORTED, UNSUPPORTED_OPERATION, LOGICALLY_AIR_GAPPED_BACKUP_VAULT_NOT_SUPPORTED ->
                "Take the resource out of the plan, or back it up by a type that is supported.";
            case LIMIT_EXCEEDED, TAG_COPY_ERROR -> "Reduce what the message names, then start the job again.";
            case FEATURE_NOT_ENABLED -> "Enable the feature that the message names.";
            case INVALID_STATE, HYPERVISOR_OFFLINE, VSS_ERROR ->
                "Bring the resource into a state in which it can be read, then start the job again.";
            case FATAL_ERROR -> "Look for the job's id in the server's log.";
            case SUCCESS, MISCELLANEOUS ->
                "Read the message; the server's log has more under the job's id. Then start the job again.";
        };
    }

    private static BackupJobRows.Filter endedBackups(Instant from, Instant to) {
        return new BackupJobRows.Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(to),
                Optional.of(from),
                Optional.empty());
    }

    private static BackupJobRows.Filter backupsIn(String state) {
        return new BackupJobRows.Filter(
                Optional.empty(),
                Optional.of(state),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static IndexJobRows.Filter failedIndexes() {
        return new IndexJobRows.Filter(
                Optional.empty(), Optional.empty(), Optional.of(IndexState.FAILED), Optional.empty(), Optional.empty());
    }

    private static RestoreJobRows.Filter endedRestores(Instant from, Instant to) {
        return new RestoreJobRows.Filter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(to),
                Optional.of(from),
                Optional.empty(),
                Optional.empty());
    }

    private static RestoreJobRows.Filter restoresIn(String state) {
        return new RestoreJobRows.Filter(
                Optional.of(state),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}

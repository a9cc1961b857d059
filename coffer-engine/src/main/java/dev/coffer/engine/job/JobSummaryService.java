package dev.coffer.engine.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.JobCount;
import dev.coffer.core.job.JobSummary;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.SummaryQuery;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.access.Gate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The use cases of job summaries. Jobs count on the day, in UTC, on which they were created; the present day is not over and not counted. */
public final class JobSummaryService {
    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;

    public JobSummaryService(Catalog catalog, Gate gate, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
    }

    /**
     * Counts of backup jobs, the newest day first.
     *
     * @param accountId the caller's; no other account's jobs are seen
     * @throws Refused ACCESS_DENIED for another account
     */
    public Page<JobSummary> backupJobs(
            Caller caller, SummaryQuery query, Optional<String> accountId, PageRequest page) {
        check(caller, "backup:ListBackupJobSummaries", accountId);
        return page(
                query,
                page,
                view -> view.backupJobs()
                        .counts(
                                caller.scope(),
                                days(query),
                                query.state().required(),
                                query.type().required(),
                                query.category().required()));
    }

    /** Counts of copy jobs, as {@link #backupJobs}. */
    public Page<JobSummary> copyJobs(Caller caller, SummaryQuery query, Optional<String> accountId, PageRequest page) {
        check(caller, "backup:ListCopyJobSummaries", accountId);
        return page(
                query,
                page,
                view -> view.copyJobs()
                        .counts(
                                caller.scope(),
                                days(query),
                                query.state().required(),
                                query.type().required(),
                                query.category().required()));
    }

    /** Counts of restore jobs, as {@link #backupJobs}; the message category of the query does not count. */
    public Page<JobSummary> restoreJobs(
            Caller caller, SummaryQuery query, Optional<String> accountId, PageRequest page) {
        check(caller, "backup:ListRestoreJobSummaries", accountId);
        return page(
                query,
                page,
                view -> view.restoreJobs()
                        .counts(
                                caller.scope(),
                                days(query),
                                query.state().required(),
                                query.type().required()));
    }

    private void check(Caller caller, String action, Optional<String> accountId) {
        gate.checkAccount(caller, accountId);
        gate.check(
                caller,
                action,
                new Arn(
                        "aws",
                        "backup",
                        caller.region().value(),
                        caller.account().value(),
                        "*"));
    }

    private Days days(SummaryQuery query) {
        var now = clock.instant();
        return new Days(query.period().first(now), query.period().end(now));
    }

    /** Some rows. There are at most as many as days, states, types and categories, so all are made and the page is cut out. */
    private Page<JobSummary> page(SummaryQuery query, PageRequest page, Function<View, List<JobCount>> counts) {
        var rest = query.of(catalog.read(counts), clock.instant()).stream()
                .filter(row -> page.after()
                        .filter(after -> key(row).compareTo(after) <= 0)
                        .isEmpty())
                .toList();
        if (rest.size() <= page.limit()) {
            return new Page<>(rest, Optional.empty());
        }
        var shown = rest.subList(0, page.limit());
        return new Page<>(shown, Optional.of(key(shown.getLast())));
    }

    /** A text that orders as the rows do. */
    private static String key(JobSummary row) {
        return "%020d/%s/%s/%s"
                .formatted(
                        Long.MAX_VALUE - row.from().getEpochSecond(),
                        row.state().orElse(""),
                        row.type().map(ResourceType::wireName).orElse(""),
                        row.category().map(MessageCategory::name).orElse(""));
    }
}

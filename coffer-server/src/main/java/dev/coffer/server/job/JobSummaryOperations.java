package dev.coffer.server.job;

import dev.coffer.core.access.Caller;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.job.JobSummary;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.job.SummaryQuery;
import dev.coffer.core.job.SummaryQuery.Dimension;
import dev.coffer.core.job.SummaryQuery.Period;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.job.JobSummaryService;
import dev.coffer.server.api.Call;
import dev.coffer.server.api.Filters;
import dev.coffer.server.api.Operations;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.BackupJobSummary;
import software.amazon.awssdk.services.backup.model.CopyJobSummary;
import software.amazon.awssdk.services.backup.model.ListBackupJobSummariesRequest;
import software.amazon.awssdk.services.backup.model.ListBackupJobSummariesResponse;
import software.amazon.awssdk.services.backup.model.ListCopyJobSummariesRequest;
import software.amazon.awssdk.services.backup.model.ListCopyJobSummariesResponse;
import software.amazon.awssdk.services.backup.model.ListRestoreJobSummariesRequest;
import software.amazon.awssdk.services.backup.model.ListRestoreJobSummariesResponse;
import software.amazon.awssdk.services.backup.model.RestoreJobSummary;

/** ListBackupJobSummaries, ListCopyJobSummaries, ListRestoreJobSummaries. A dimension that the request does not name is summed over. */
public final class JobSummaryOperations {
    private static final String ANY = "ANY";
    private static final String AGGREGATE_ALL = "AGGREGATE_ALL";
    private static final int PAGE_AT_MOST = 500;

    private JobSummaryOperations() {}

    public static void addTo(Operations operations, JobSummaryService summaries) {
        operations.put(ListBackupJobSummariesRequest.class, (call, request) -> {
            var query = query(
                    request.stateAsString(),
                    request.resourceType(),
                    category(request.messageCategory()),
                    request.aggregationPeriodAsString());
            var page = summaries.backupJobs(
                    call.caller(),
                    query,
                    account(request.accountId()),
                    page(call, request.maxResults(), request.nextToken()));
            return ListBackupJobSummariesResponse.builder()
                    .backupJobSummaries(page.rows().stream()
                            .map(row -> backup(call.caller(), row))
                            .toList())
                    .aggregationPeriod(query.period().name())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListCopyJobSummariesRequest.class, (call, request) -> {
            var query = query(
                    request.stateAsString(),
                    request.resourceType(),
                    category(request.messageCategory()),
                    request.aggregationPeriodAsString());
            var page = summaries.copyJobs(
                    call.caller(),
                    query,
                    account(request.accountId()),
                    page(call, request.maxResults(), request.nextToken()));
            return ListCopyJobSummariesResponse.builder()
                    .copyJobSummaries(page.rows().stream()
                            .map(row -> copy(call.caller(), row))
                            .toList())
                    .aggregationPeriod(query.period().name())
                    .nextToken(call.nextToken(page))
                    .build();
        });
        operations.put(ListRestoreJobSummariesRequest.class, (call, request) -> {
            var query = query(
                    request.stateAsString(),
                    request.resourceType(),
                    new Dimension.Together<>(),
                    request.aggregationPeriodAsString());
            var page = summaries.restoreJobs(
                    call.caller(),
                    query,
                    account(request.accountId()),
                    page(call, request.maxResults(), request.nextToken()));
            return ListRestoreJobSummariesResponse.builder()
                    .restoreJobSummaries(page.rows().stream()
                            .map(row -> restore(call.caller(), row))
                            .toList())
                    .aggregationPeriod(query.period().name())
                    .nextToken(call.nextToken(page))
                    .build();
        });
    }

    private static SummaryQuery query(
            @Nullable String state,
            @Nullable String type,
            Dimension<MessageCategory> category,
            @Nullable String aggregationPeriod) {
        return new SummaryQuery(
                dimension(state, Function.identity()),
                dimension(type, JobSummaryOperations::type),
                category,
                period(aggregationPeriod));
    }

    private static Dimension<MessageCategory> category(@Nullable String name) {
        return dimension(upper(name), text -> Filters.category(text).orElseThrow());
    }

    private static BackupJobSummary backup(Caller caller, JobSummary row) {
        return BackupJobSummary.builder()
                .region(caller.region().value())
                .accountId(caller.account().value())
                .state(row.state().orElse(AGGREGATE_ALL))
                .resourceType(row.type().map(ResourceType::wireName).orElse(AGGREGATE_ALL))
                .messageCategory(row.category().map(MessageCategory::name).orElse(AGGREGATE_ALL))
                .count(Math.toIntExact(row.count()))
                .startTime(row.from())
                .endTime(row.until())
                .build();
    }

    private static CopyJobSummary copy(Caller caller, JobSummary row) {
        return CopyJobSummary.builder()
                .region(caller.region().value())
                .accountId(caller.account().value())
                .state(row.state().orElse(AGGREGATE_ALL))
                .resourceType(row.type().map(ResourceType::wireName).orElse(AGGREGATE_ALL))
                .messageCategory(row.category().map(MessageCategory::name).orElse(AGGREGATE_ALL))
                .count(Math.toIntExact(row.count()))
                .startTime(row.from())
                .endTime(row.until())
                .build();
    }

    private static RestoreJobSummary restore(Caller caller, JobSummary row) {
        return RestoreJobSummary.builder()
                .region(caller.region().value())
                .accountId(caller.account().value())
                .state(row.state().orElse(AGGREGATE_ALL))
                .resourceType(row.type().map(ResourceType::wireName).orElse(AGGREGATE_ALL))
                .count(Math.toIntExact(row.count()))
                .startTime(row.from())
                .endTime(row.until())
                .build();
    }

    private static <T> Dimension<T> dimension(@Nullable String name, Function<String, T> value) {
        if (name == null || name.equals(AGGREGATE_ALL)) {
            return new Dimension.Together<>();
        }
        return name.equals(ANY) ? new Dimension.Apart<>() : new Dimension.Only<>(value.apply(name));
    }

    private static ResourceType type(String name) {
        return Filters.type(name).orElseThrow();
    }

    private static @Nullable String upper(@Nullable String name) {
        return name == null ? null : name.toUpperCase(Locale.ROOT);
    }

    private static Period period(@Nullable String name) {
        return name == null ? Period.FOURTEEN_DAYS : Period.valueOf(name);
    }

    /** The account that the request names; both words for all of them leave a caller with the own one. */
    private static Optional<String> account(@Nullable String id) {
        return Optional.ofNullable(id).filter(text -> !text.equals(ANY) && !text.equals(AGGREGATE_ALL));
    }

    /** AWS shows at most 500 rows of a summary at a time. */
    private static PageRequest page(Call call, @Nullable Integer maxResults, @Nullable String nextToken) {
        var page = call.page(maxResults, nextToken);
        return new PageRequest(Math.min(page.limit(), PAGE_AT_MOST), page.after());
    }
}

package dev.coffer.core.job;

import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a job summary is asked for: which jobs count, what is told apart, and over which days (AWS Backup: ANY, AGGREGATE_ALL, aggregation period). */
public record SummaryQuery(
        Dimension<String> state, Dimension<ResourceType> type, Dimension<MessageCategory> category, Period period) {
    /** One property of jobs. */
    public sealed interface Dimension<T> {
        /** All values, in one row. */
        record Together<T>() implements Dimension<T> {}

        /** All values, each in a row of its own. */
        record Apart<T>() implements Dimension<T> {}

        /** One value. */
        record Only<T>(T value) implements Dimension<T> {}

        /** The value that jobs must have, if they must. */
        default Optional<T> required() {
            return switch (this) {
                case Together<T> _, Apart<T> _ -> Optional.empty();
                case Only<T>(var value) -> Optional.of(value);
            };
        }

        /** What a row shows for jobs with this value. */
        private Optional<T> shown(Optional<T> value) {
            return switch (this) {
                case Together<T> _ -> Optional.empty();
                case Apart<T> _, Only<T> _ -> value;
            };
        }
    }

    /** The days that a summary covers. The last of them is yesterday: the present day is not over. */
    public enum Period {
        /** Each of the last 14 days by itself. */
        ONE_DAY(14),
        /** The last 7 days together. */
        SEVEN_DAYS(7),
        /** The last 14 days together. */
        FOURTEEN_DAYS(14);

        private final int days;

        Period(int days) {
            this.days = days;
        }

        /** The first day, in UTC. */
        public LocalDate first(Instant now) {
            return end(now).minusDays(days);
        }

        /** The day after the last, in UTC. */
        public LocalDate end(Instant now) {
            return LocalDate.ofInstant(now, ZoneOffset.UTC);
        }
    }

    /** The jobs that belong to one row. */
    private record Group(
            LocalDate first,
            LocalDate end,
            Optional<String> state,
            Optional<ResourceType> type,
            Optional<MessageCategory> category) {
        static final Comparator<Group> NEWEST_FIRST = Comparator.comparing(Group::first)
                .reversed()
                .thenComparing(group -> group.state().orElse(""))
                .thenComparing(group -> group.type().map(ResourceType::wireName).orElse(""))
                .thenComparing(
                        group -> group.category().map(MessageCategory::name).orElse(""));

        JobSummary of(long count) {
            return new JobSummary(startOf(first), startOf(end), state, type, category, count);
        }
    }

    /**
     * The rows, the newest day first. There is none for what no job is like.
     *
     * @param counts of jobs that this query requires, created within its days
     */
    public List<JobSummary> of(Collection<JobCount> counts, Instant now) {
        var sumByGroup = new LinkedHashMap<Group, Long>();
        counts.forEach(count -> sumByGroup.merge(group(count, now), count.count(), Long::sum));
        Function<Group, JobSummary> row = group -> group.of(sumByGroup.getOrDefault(group, 0L));
        return sumByGroup.keySet().stream().sorted(Group.NEWEST_FIRST).map(row).toList();
    }

    private Group group(JobCount count, Instant now) {
        boolean daily = period == Period.ONE_DAY;
        return new Group(
                daily ? count.day() : period.first(now),
                daily ? count.day().plusDays(1) : period.end(now),
                state.shown(Optional.of(count.state())),
                type.shown(Optional.of(count.type())),
                category.shown(count.category()));
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}

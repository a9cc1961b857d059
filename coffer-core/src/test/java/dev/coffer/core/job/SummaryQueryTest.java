package dev.coffer.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.SummaryQuery.Dimension;
import dev.coffer.core.job.SummaryQuery.Period;
import dev.coffer.core.resource.ResourceType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SummaryQueryTest {
    private static final Instant NOW = Instant.parse("2026-03-15T23:59:59Z");
    private static final LocalDate YESTERDAY = LocalDate.parse("2026-03-14");
    private static final List<JobCount> COUNTS = List.of(
            count(YESTERDAY.minusDays(1), "COMPLETED", ResourceType.EFS, MessageCategory.SUCCESS, 1),
            count(YESTERDAY, "COMPLETED", ResourceType.EFS, MessageCategory.SUCCESS, 2),
            count(YESTERDAY, "COMPLETED", ResourceType.EFS, MessageCategory.MISCELLANEOUS, 4),
            count(YESTERDAY, "FAILED", ResourceType.S3, MessageCategory.ACCESS_DENIED, 8));

    private static JobCount count(
            LocalDate day, String state, ResourceType type, MessageCategory category, long count) {
        return new JobCount(day, state, type, Optional.of(category), count);
    }

    private static List<String> rows(SummaryQuery query) {
        return query.of(COUNTS, NOW).stream()
                .map(row -> row.from().toString().substring(0, 10) + ".."
                        + row.until().toString().substring(0, 10) + " "
                        + row.state().orElse("-") + " "
                        + row.type().map(ResourceType::wireName).orElse("-") + " "
                        + row.category().map(MessageCategory::name).orElse("-") + " " + row.count())
                .toList();
    }

    @Test
    void whatIsTogetherIsSummedOverAllDaysOfThePeriod() {
        assertThat(rows(new SummaryQuery(
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        Period.FOURTEEN_DAYS)))
                .containsExactly("2026-03-01..2026-03-15 - - - 15");
        assertThat(rows(new SummaryQuery(
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        Period.SEVEN_DAYS)))
                .containsExactly("2026-03-08..2026-03-15 - - - 15");
    }

    @Test
    void everyDayHasARowOfItsOwnTheNewestFirst() {
        assertThat(rows(new SummaryQuery(
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        Period.ONE_DAY)))
                .containsExactly("2026-03-14..2026-03-15 - - - 14", "2026-03-13..2026-03-14 - - - 1");
    }

    @Test
    void whatIsApartHasARowForEachValueThatJobsHave() {
        assertThat(rows(new SummaryQuery(
                        new Dimension.Apart<>(),
                        new Dimension.Together<>(),
                        new Dimension.Together<>(),
                        Period.FOURTEEN_DAYS)))
                .containsExactly("2026-03-01..2026-03-15 COMPLETED - - 7", "2026-03-01..2026-03-15 FAILED - - 8");
        assertThat(rows(new SummaryQuery(
                        new Dimension.Apart<>(), new Dimension.Apart<>(), new Dimension.Apart<>(), Period.ONE_DAY)))
                .containsExactly(
                        "2026-03-14..2026-03-15 COMPLETED EFS MISCELLANEOUS 4",
                        "2026-03-14..2026-03-15 COMPLETED EFS SUCCESS 2",
                        "2026-03-14..2026-03-15 FAILED S3 ACCESS_DENIED 8",
                        "2026-03-13..2026-03-14 COMPLETED EFS SUCCESS 1");
    }

    @Test
    void aSingleValueIsRequiredAndShown() {
        var query = new SummaryQuery(
                new Dimension.Only<>("COMPLETED"),
                new Dimension.Together<>(),
                new Dimension.Together<>(),
                Period.FOURTEEN_DAYS);

        assertThat(query.state().required()).contains("COMPLETED");
        assertThat(query.type().required()).isEmpty();
        assertThat(query.of(COUNTS.subList(0, 3), NOW))
                .extracting(JobSummary::state)
                .containsExactly(Optional.of("COMPLETED"));
        assertThat(query.of(List.of(), NOW)).isEmpty();
    }

    @Test
    void thePresentDayIsNotCountedAndDaysAreOfUtc() {
        assertThat(Period.ONE_DAY.end(NOW)).isEqualTo(LocalDate.parse("2026-03-15"));
        assertThat(Period.ONE_DAY.first(NOW)).isEqualTo(LocalDate.parse("2026-03-01"));
        assertThat(Period.SEVEN_DAYS.first(NOW)).isEqualTo(LocalDate.parse("2026-03-08"));
        assertThat(Period.ONE_DAY.end(NOW.plusSeconds(1))).isEqualTo(LocalDate.parse("2026-03-16"));
    }
}

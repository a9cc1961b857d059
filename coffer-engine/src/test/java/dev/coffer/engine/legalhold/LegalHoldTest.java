package dev.coffer.engine.legalhold;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LegalHoldTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final EngineBench bench;

    LegalHoldTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static CreateHold asks(List<String> vaults, List<String> resources, Optional<Instant> from) {
        return new CreateHold(
                "case-4711",
                "litigation",
                Optional.empty(),
                vaults,
                resources,
                from,
                from.map(at -> at.plus(DAY)),
                Map.of());
    }

    private LegalHold create(List<String> vaults, List<String> resources, Optional<Instant> from)
            throws InterruptedException {
        var hold = bench.holds.create(ADMIN, asks(vaults, resources, from));
        bench.holding.tick();
        return hold;
    }

    private LegalHold everything() throws InterruptedException {
        return create(List.of(), List.of(), Optional.empty());
    }

    private List<Arn> held(LegalHold hold) {
        return bench.holds.points(ADMIN, hold.id().value(), PageRequest.first(100)).rows().stream()
                .map(RecoveryPoint::arn)
                .toList();
    }

    private String state(LegalHold hold) {
        return bench.holds.get(ADMIN, hold.id().value()).state().wireName();
    }

    private void cancel(LegalHold hold) throws InterruptedException {
        bench.holds.cancel(ADMIN, hold.id().value(), Optional.of("settled"), Optional.empty());
    }

    @Test
    void aHoldTakesTheFinishedPointsThatMeetAllItsConditionsAndNoneThatComeLater() throws Exception {
        var prod = bench.vault("prod");
        var dev = bench.vault("dev");
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 8; i++) {
            points.add(bench.point(i % 2 == 0 ? prod : dev, "fs-" + i % 4, START.minus(DAY.multipliedBy(i))));
        }
        bench.point(prod, "fs-0", START, RecoveryPointStatus.CREATING);
        bench.point(prod, "fs-0", START, RecoveryPointStatus.DELETING);
        bench.point(prod, "fs-0", START, RecoveryPointStatus.EXPIRED);

        var all = everything();
        var inProd = create(List.of("prod"), List.of(), Optional.empty());
        var ofResource = create(List.of(), List.of(points.get(2).resource().toString()), Optional.empty());
        var ofType = create(List.of(), List.of("EFS"), Optional.empty());
        var ofOtherType = create(List.of(), List.of("S3"), Optional.empty());
        var both = create(
                List.of("prod", "dev"),
                List.of(points.get(1).resource().toString()),
                Optional.of(START.minus(DAY.multipliedBy(5))));
        bench.clock.advance(Duration.ofSeconds(1));
        bench.point(prod, "fs-0", bench.clock.instant());
        bench.holding.tick();

        assertThat(held(all)).containsExactlyInAnyOrderElementsOf(arns(points, 0, 1, 2, 3, 4, 5, 6, 7));
        assertThat(held(inProd)).containsExactlyInAnyOrderElementsOf(arns(points, 0, 2, 4, 6));
        assertThat(held(ofResource)).containsExactlyInAnyOrderElementsOf(arns(points, 2, 6));
        assertThat(held(ofType)).hasSize(8);
        assertThat(held(ofOtherType)).isEmpty();
        assertThat(state(ofOtherType)).isEqualTo("ACTIVE");
        assertThat(held(both)).as("both ends belong to the range").containsExactlyElementsOf(arns(points, 5));
    }

    private static List<Arn> arns(List<RecoveryPoint> points, int... chosen) {
        return java.util.Arrays.stream(chosen)
                .mapToObj(i -> points.get(i).arn())
                .toList();
    }

    @Test
    void aPointIsHeldFromTheMomentTheHoldIsMadeAndUntilTheLastOneGoes() throws Exception {
        var point = bench.keptFor(bench.point(bench.vault("prod"), "fs-1", START), OptionalLong.of(1));
        bench.trustRole();
        var first = bench.holds.create(ADMIN, asks(List.of(), List.of(), Optional.empty()));
        assertThat(first.state().wireName()).isEqualTo("CREATING");
        assertRefused(point);
        bench.holding.tick();
        assertThat(state(first)).isEqualTo("ACTIVE");
        assertRefused(point);
        var second = everything();

        bench.clock.advance(DAY.multipliedBy(2));
        bench.expire();
        assertThat(bench.stored(point).orElseThrow().status()).isEqualTo(RecoveryPointStatus.COMPLETED);
        cancel(first);
        assertThat(state(first)).isEqualTo("CANCELING");
        bench.holding.tick();
        assertThat(state(first)).isEqualTo("CANCELED");
        bench.expire();
        assertRefused(point);
        cancel(second);
        bench.holding.tick();
        bench.expire();
        assertThat(bench.stored(point)).isEmpty();
    }

    private void assertRefused(RecoveryPoint point) {
        assertThat(refusal(() -> bench.points.delete(ADMIN, "prod", point.arn().toString())))
                .isEqualTo(Problem.invalidRequest(
                        "The recovery point cannot be deleted because it has active legal hold(s)"));
    }

    @Test
    void aCancelledHoldTellsWhyAndItsRecordGoesWhenItWasToldTo() throws Exception {
        var hold = bench.holds.create(
                ADMIN,
                new CreateHold(
                        "t",
                        "d",
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("case", "1")));
        assertThat(bench.tags.list(ADMIN, hold.arn().toString()).valueByKey()).containsEntry("case", "1");
        bench.tags.tag(ADMIN, hold.arn().toString(), Map.of("more", "2"));
        bench.holds.cancel(ADMIN, hold.id().value(), Optional.of("settled"), Optional.of(30L));
        bench.holding.tick();
        var why =
                bench.holds.get(ADMIN, hold.id().value()).state().cancellation().orElseThrow();
        assertThat(why.description()).isEqualTo("settled");
        assertThat(why.recordUntil()).isEqualTo(START.plus(DAY.multipliedBy(30)));
        assertThat(refusal(() -> cancel(hold)).kind()).isEqualTo(Problem.Kind.INVALID_RESOURCE_STATE);
        bench.clock.advance(DAY.multipliedBy(29));
        bench.holding.tick();
        assertThat(bench.holds.list(ADMIN, PageRequest.first(9)).rows()).hasSize(1);
        bench.clock.advance(DAY);
        bench.holding.tick();
        assertThat(bench.holds.list(ADMIN, PageRequest.first(9)).rows()).isEmpty();
        assertThat(refusal(() -> bench.tags.list(ADMIN, hold.arn().toString())).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void aSuspectClockReleasesNothing() throws Exception {
        var point = bench.point(bench.vault("prod"), "fs-1", START);
        var hold = everything();
        bench.setClockBy(DAY.multipliedBy(3));
        assertThat(refusal(() -> cancel(hold)).kind()).isEqualTo(Problem.Kind.INVALID_RESOURCE_STATE);
        bench.setClockBy(DAY.multipliedBy(-3));
        cancel(hold);
        bench.setClockBy(DAY.multipliedBy(3));
        bench.trusted.tick();
        bench.holding.tick();
        assertThat(state(hold)).isEqualTo("CANCELING");
        assertRefused(point);
        bench.trusted.acknowledge("looked at by two");
        bench.holding.tick();
        assertThat(state(hold)).isEqualTo("CANCELED");
    }

    @Test
    void aTokenFindsItsHoldAgainAndFiftyMayBeInForce() throws Exception {
        var request = new CreateHold(
                "t", "d", Optional.of("token"), List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());
        var first = bench.holds.create(ADMIN, request);
        assertThat(bench.holds.create(ADMIN, request)).isEqualTo(first);
        var other = new CreateHold(
                "u", "d", Optional.of("token"), List.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());
        assertThat(refusal(() -> bench.holds.create(ADMIN, other)).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        for (int i = 1; i < LegalHold.AT_MOST; i++) {
            bench.holds.create(ADMIN, asks(List.of(), List.of(), Optional.empty()));
        }
        assertThat(refusal(this::everything).kind()).isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
        assertThat(bench.holds.create(ADMIN, request))
                .as("a repeat needs no room")
                .isEqualTo(first);
        cancel(first);
        everything();
    }

    @ParameterizedTest
    @CsvSource({"'', d, prod, EFS", "t, ' ', prod, EFS", "t, d, nothing, EFS", "t, d, p, EFS", "t, d, prod, Tape"})
    void valuesThatCannotBeAreRefused(String title, String description, String vault, String resource)
            throws Exception {
        bench.vault("prod");
        assertThat(refusal(() -> bench.holds.create(
                                ADMIN,
                                new CreateHold(
                                        title,
                                        description,
                                        Optional.empty(),
                                        List.of(vault),
                                        List.of(resource),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Map.of())))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void datesAndReasonsThatCannotBeAreRefused() throws Exception {
        assertThat(refusal(() -> bench.holds.create(
                                ADMIN,
                                new CreateHold(
                                        "t",
                                        "d",
                                        Optional.empty(),
                                        List.of(),
                                        List.of(),
                                        Optional.of(START),
                                        Optional.of(START.minusMillis(1)),
                                        Map.of())))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        var hold = everything();
        assertThat(refusal(() -> bench.holds.cancel(ADMIN, hold.id().value(), Optional.empty(), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
        for (long days : List.of(-1L, 36_501L)) {
            assertThat(refusal(() ->
                                    bench.holds.cancel(ADMIN, hold.id().value(), Optional.of("why"), Optional.of(days)))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
        assertThat(state(hold)).isEqualTo("ACTIVE");
    }

    @Test
    void anotherAccountSeesNoHoldAndHoldsNothingHere() throws Exception {
        var point = bench.point(bench.vault("prod"), "fs-1", START);
        var hold = everything();
        var id = hold.id().value();
        assertThat(bench.holds.list(STRANGER, PageRequest.first(9)).rows()).isEmpty();
        assertThat(refusal(() -> bench.holds.get(STRANGER, id)).kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.holds.points(STRANGER, id, PageRequest.first(9)))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> bench.holds.cancel(STRANGER, id, Optional.of("x"), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        var theirs = bench.holds.create(STRANGER, asks(List.of(), List.of(), Optional.empty()));
        bench.holding.tick();
        cancel(hold);
        bench.holding.tick();
        bench.points.delete(ADMIN, "prod", point.arn().toString());
        assertThat(bench.holds
                        .points(STRANGER, theirs.id().value(), PageRequest.first(9))
                        .rows())
                .isEmpty();
    }
}

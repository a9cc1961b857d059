package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.job.FollowWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.continuous.Following;
import dev.coffer.core.continuous.Gap;
import dev.coffer.core.continuous.Window;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.continuous.ContinuousService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of a continuous backup. */
final class ContinuousViewTest {
    private FollowWorld world;
    private ContinuousService service;
    private Instant base;

    @BeforeEach
    void open(@TempDir Path folder) throws InterruptedException {
        world = new FollowWorld(folder);
        world.engine.vault("Default");
        service = new ContinuousService(world.engine.catalog, world.engine.gate, world.engine.clock);
        world.connector.change("a", Optional.of("first"));
        world.plan("plan", rule("pitr", "Default", 7, true));
        world.runPlans();
        base = now();
        for (int i = 0; i < 4; i++) {
            world.connector.change("n" + i, Optional.of("x"));
            world.follow();
        }
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Instant now() {
        return world.engine.clock.instant();
    }

    private ContinuousService.Standing shown() {
        return service.show(ADMIN, world.point().arn().toString());
    }

    @Test
    void aFollowedResourceIsShownWithItsWindowItsLagAndWhatComesNext() {
        var end = now();
        world.engine.clock.advance(Duration.ofSeconds(40));
        var shown = shown();

        assertThat(shown.series().resource()).isEqualTo(FollowWorld.BUCKET);
        assertThat(shown.following()).isEqualTo(new Following.UpToDate());
        assertThat(shown.windows()).containsExactly(new Window(base, end));
        assertThat(shown.gaps()).isEmpty();
        assertThat(shown.lag()).contains(Duration.ofSeconds(40));
        assertThat(shown.series().roundAt()).contains(end);
        assertThat(shown.series().nextAt()).isEqualTo(end.plus(LogConnector.INTERVAL));
        assertThat(shown.marks()).isEqualTo(5);
        var secondImage = world.history().marks().get(2);
        assertThat(shown.forgetsNext()).contains(secondImage.at().plus(Duration.ofDays(7)));
    }

    @Test
    void roundsThatFailOrDoNotComeAreALagSinceThen() throws InterruptedException {
        var end = now();
        world.engine.clock.advance(
                LogConnector.INTERVAL.plus(Following.PATIENCE).plusSeconds(1));
        assertThat(shown().following()).isInstanceOfSatisfying(Following.Lagging.class, lagging -> {
            assertThat(lagging.since()).isEqualTo(end.plus(LogConnector.INTERVAL));
            assertThat(lagging.why()).contains("No server has carried out the round");
        });
        world.connector.fault.set(
                Optional.of(new SourceException.Unavailable("It does not answer.", new IllegalStateException())));
        world.followNow();
        var failing = now();
        world.follow();
        assertThat(shown().following()).isEqualTo(new Following.Lagging(failing, "It does not answer."));
        assertThat(shown().windows()).containsExactly(new Window(base, end));
        world.connector.fault.set(Optional.empty());
        world.follow();
        assertThat(shown().following()).isEqualTo(new Following.UpToDate());
    }

    @Test
    void aGapIsShownWithItsReason() throws InterruptedException {
        var end = now();
        world.engine.clock.advance(LogConnector.INTERVAL);
        world.connector.change("lost", Optional.of("x"));
        world.connector.loseLog();
        world.followNow();
        var second = now();
        world.connector.fault.set(Optional.of(new SourceException.Impossible("Versioning is suspended.")));
        world.follow();
        var stopped = now();
        assertThat(shown().following()).isEqualTo(new Following.Stopped(stopped, "Versioning is suspended.", false));
        world.connector.fault.set(Optional.empty());
        world.runPlans();

        assertThat(shown().windows())
                .containsExactly(new Window(base, end), new Window(second, second), new Window(now(), now()));
        assertThat(shown().gaps())
                .containsExactly(
                        new Gap(end, second, Optional.of("the log was cut")),
                        new Gap(second, now(), Optional.of("Versioning is suspended.")));
        world.engine.points.disassociate(ADMIN, "Default", world.point().arn().toString());
        assertThat(shown().following())
                .isInstanceOfSatisfying(
                        Following.Stopped.class,
                        over -> assertThat(over.forGood()).isTrue());
    }

    @Test
    void theListIsTheCallersOwnAndOfItsVaultAndResource() {
        assertThat(list(ADMIN, Optional.empty(), Optional.empty())).isEqualTo(1);
        assertThat(list(ADMIN, Optional.of("Default"), Optional.of(FollowWorld.BUCKET.toString())))
                .isEqualTo(1);
        assertThat(list(ADMIN, Optional.of("other"), Optional.empty())).isZero();
        assertThat(list(ADMIN, Optional.of("no such name!"), Optional.empty())).isZero();
        assertThat(list(ADMIN, Optional.empty(), Optional.of("arn:aws:s3:::other")))
                .isZero();
        var elsewhere = new Caller(ADMIN.account(), ADMIN.principal(), new Region("ap-south-1"));
        assertThat(list(elsewhere, Optional.empty(), Optional.empty())).isZero();
        var account = new AccountId("444455556666");
        var stranger = new Caller(account, Gate.administratorOf(account), ADMIN.region());
        assertThat(list(stranger, Optional.empty(), Optional.empty())).isZero();
        var arn = world.point().arn().toString();
        assertThatThrownBy(() -> service.show(stranger, arn)).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> service.show(elsewhere, arn))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problem().kind()).isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND));
    }

    private int list(Caller caller, Optional<String> vault, Optional<String> resource) {
        return service.list(caller, vault, resource, PageRequest.first(10))
                .rows()
                .size();
    }
}

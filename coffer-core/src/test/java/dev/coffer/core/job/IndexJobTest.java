package dev.coffer.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class IndexJobTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    private static final IndexState.Walk WALK = new IndexState.Walk(NOW, 7, new SessionId("s"));
    private static final Lease LEASE = new Lease(new RunnerId("n", "1"), 1, NOW.plusSeconds(30));

    private static final IndexState WAITING = new IndexState.Waiting(NOW, Optional.empty(), Optional.empty());
    private static final IndexState AGAIN = new IndexState.Waiting(NOW, Optional.of("full"), Optional.of(WALK));
    private static final IndexState RUNNING = new IndexState.Running(LEASE, NOW, Optional.empty());
    private static final IndexState WALKING_AGAIN = new IndexState.Running(LEASE, NOW, Optional.of(WALK));
    private static final IndexState ACTIVE = new IndexState.Active(WALK);
    private static final IndexState FAILED = new IndexState.Failed(NOW, "damage");
    private static final IndexState DELETING = new IndexState.Deleting(NOW);
    private static final List<IndexState> ALL =
            List.of(WAITING, AGAIN, RUNNING, WALKING_AGAIN, ACTIVE, FAILED, DELETING);

    private static IndexJob in(IndexState state) {
        return new IndexJob(
                new JobId("i"),
                SCOPE,
                VaultName.DEFAULT,
                Arn.ofRecoveryPoint(SCOPE, "p"),
                Arn.ofBucket("b"),
                ResourceType.S3,
                Arn.ofRole(SCOPE.account(), "r"),
                NOW,
                false,
                NOW,
                0,
                state);
    }

    @Test
    void anIndexIsPendingUntilAWalkHasEndedAndActiveWhileAnotherIsUnderWay() {
        assertThat(ALL.stream().map(Job.State::wireName))
                .containsExactly("PENDING", "ACTIVE", "PENDING", "ACTIVE", "ACTIVE", "FAILED", "DELETING");
    }

    @Test
    void aMessageTellsWhyItWaitsOrHasFailed() {
        assertThat(ALL.stream().map(state -> in(state).statusMessage()))
                .containsExactly(
                        Optional.empty(),
                        Optional.of("full"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("damage"),
                        Optional.empty());
    }

    @Test
    void anotherIsMadeOnlyInThePlaceOfAFailedOneAndOneThatWaitsIsLeftToWait() {
        var kindByState = ALL.stream()
                .collect(Collectors.toMap(
                        state -> state, state -> in(state).objectionToAnother().map(Problem::kind)));
        var refused = Optional.of(Problem.Kind.INVALID_REQUEST);
        assertThat(kindByState)
                .isEqualTo(Map.of(
                        WAITING, Optional.empty(),
                        AGAIN, refused,
                        RUNNING, Optional.empty(),
                        WALKING_AGAIN, refused,
                        ACTIVE, refused,
                        FAILED, Optional.empty(),
                        DELETING, refused));
    }

    @Test
    void aBackupThatGoesOnMakesAFailedIndexAnewAndNotTwiceADay() {
        var tomorrow = NOW.plus(IndexJob.AGAIN_AFTER);
        assertThat(ALL.stream().filter(state -> in(state).isDueAnew(tomorrow))).containsExactly(FAILED);
        assertThat(ALL.stream().filter(state -> in(state).isDueAnew(tomorrow.minusMillis(1))))
                .isEmpty();
    }

    @Test
    void whatIsNotWorkedOnHasAnEnd() {
        assertThat(ALL.stream().map(state -> in(state).completedAt().isPresent()))
                .containsExactly(false, false, false, false, true, true, true);
    }
}

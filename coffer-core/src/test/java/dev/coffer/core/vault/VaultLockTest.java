package dev.coffer.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.clock.Suspicion;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultLockTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final VaultClock CLOCK = VaultClock.begun(NOW);
    private static final VaultClock SUSPECT = CLOCK.suspect(Suspicion.Reason.JUMPED);
    private static final VaultLock NONE = new VaultLock.None();
    private static final VaultLock GOVERNANCE = new VaultLock.Governance(bounds(7L, 100L));
    private static final VaultLock GRACE = new VaultLock.Compliance(bounds(7L, 100L), NOW.plusMillis(1));
    private static final VaultLock PERMANENT = new VaultLock.Compliance(bounds(7L, 100L), NOW);

    private static RetentionBounds bounds(@Nullable Long min, @Nullable Long max) {
        return RetentionBounds.ofRequest(Optional.ofNullable(min), Optional.ofNullable(max));
    }

    @ParameterizedTest
    @CsvSource({
        "7,   100, 6,   true",
        "7,   100, 7,   false",
        "7,   100, 100, false",
        "7,   100, 101, true",
        "7,   100, ,    true",
        "7,   ,    ,    false",
        "7,   ,    6,   true",
        ",    100, 1,   false",
        ",    100, ,    true",
        ",    ,    ,    false",
    })
    void aNewPointMustBeKeptWithinTheBounds(
            @Nullable Long min, @Nullable Long max, @Nullable Long days, boolean refused) {
        var lifecycle = Lifecycle.ofRequest(Optional.empty(), Optional.ofNullable(days), Optional.empty());
        for (var lock :
                List.of(new VaultLock.Governance(bounds(min, max)), new VaultLock.Compliance(bounds(min, max), NOW))) {
            assertThat(lock.objectsTo(lifecycle).map(Problem::message))
                    .isEqualTo(refused ? Optional.of(RetentionBounds.OUTSIDE) : Optional.empty());
        }
        assertThat(NONE.objectsTo(lifecycle)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0     | 5     |   | MinRetentionDays must be at least 1 day",
                "1     | 36501 |   | MaxRetentionDays cannot exceed 36500 days",
                "36501 |       |   | MinRetentionDays cannot exceed 36500 days",
                "6     | 5     |   | MinRetentionDays cannot be greater than MaxRetentionDays",
                "1     | 5     | 2 | ChangeableForDays must be at least 3 days",
                "1     | 5     | 36501 | ChangeableForDays cannot exceed 36500 days",
            })
    void daysThatCannotBeAreRefused(@Nullable Long min, @Nullable Long max, @Nullable Long changeable, String message) {
        assertThatThrownBy(() -> VaultLock.ofRequest(bounds(min, max), Optional.ofNullable(changeable), CLOCK))
                .isInstanceOf(Refused.class)
                .hasMessage(message);
    }

    @Test
    void theDaysForWhichALockCanBeChangedMakeItCompliance() {
        assertThat(VaultLock.ofRequest(VaultLock.UNBOUNDED, Optional.empty(), CLOCK))
                .isEqualTo(new VaultLock.Governance(VaultLock.UNBOUNDED));
        assertThat(VaultLock.ofRequest(bounds(1L, null), Optional.of(3L), CLOCK).lockDate())
                .contains(NOW.plus(Duration.ofDays(3)));
    }

    @Test
    void everyLockKeepsItsPointsFromChangesAtOnce() {
        var vault = new VaultName("prod");
        assertThat(NONE.objectsToChanges(vault)).isEmpty();
        for (var lock : List.of(GOVERNANCE, GRACE, PERMANENT)) {
            assertThat(lock.isLocked()).isTrue();
            assertThat(lock.objectsToChanges(vault).orElseThrow())
                    .isEqualTo(Problem.invalidRequest("Backup vault prod is locked. Recovery points in a locked backup"
                            + " vault cannot be deleted or modified."));
        }
    }

    @Test
    void onlyCompliancePastItsDateIsPermanent() {
        assertThat(List.of(NONE, GOVERNANCE, GRACE)).noneMatch(lock -> lock.isPermanent(CLOCK));
        assertThat(PERMANENT.isPermanent(CLOCK)).isTrue();
        assertThat(PERMANENT.objectsToReplacement(GRACE, CLOCK).orElseThrow().message())
                .isEqualTo("Vault Lock configuration is immutable and cannot be modified");
        assertThat(PERMANENT.objectsToRemoval(CLOCK).orElseThrow().message())
                .isEqualTo("Vault Lock configuration is immutable and cannot be deleted");
        for (var lock : List.of(NONE, GOVERNANCE, GRACE)) {
            assertThat(lock.objectsToRemoval(CLOCK)).isEmpty();
            assertThat(lock.objectsToReplacement(NONE, CLOCK)).isEmpty();
        }
    }

    @Test
    void aSuspectClockLetsALockBecomeStricterAlone() {
        assertThat(NONE.objectsToReplacement(GOVERNANCE, SUSPECT)).isEmpty();
        assertThat(NONE.objectsToRemoval(SUSPECT)).isEmpty();
        assertThat(GOVERNANCE.objectsToReplacement(GRACE, SUSPECT)).isEmpty();
        assertThat(GOVERNANCE.objectsToReplacement(new VaultLock.Governance(bounds(8L, 90L)), SUSPECT))
                .isEmpty();
        for (var weaker : List.of(
                new VaultLock.Governance(bounds(6L, 100L)),
                new VaultLock.Governance(bounds(7L, 101L)),
                new VaultLock.Governance(bounds(7L, null)),
                new VaultLock.Governance(bounds(null, 100L)))) {
            assertThat(GOVERNANCE.objectsToReplacement(weaker, SUSPECT)).isPresent();
        }
        assertThat(GRACE.objectsToReplacement(GOVERNANCE, SUSPECT)).isPresent();
        assertThat(GRACE.objectsToReplacement(new VaultLock.Compliance(bounds(7L, 100L), NOW.plusMillis(2)), SUSPECT))
                .isPresent();
        assertThat(GOVERNANCE.objectsToRemoval(SUSPECT)).isPresent();
        assertThat(GRACE.objectsToRemoval(SUSPECT)).isPresent();
    }
}

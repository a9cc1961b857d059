package dev.coffer.testkit.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultLock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a vault promises of the locks, lifecycles and legal holds that it holds. */
abstract class VaultFactsContract extends RepositoryBench {
    private static final RetentionBounds BOUNDS = new RetentionBounds(OptionalLong.of(7), OptionalLong.of(36_500));

    private Repository madeVault() throws InterruptedException {
        repositories.create(SCOPE, NAME, ID);
        return repositories.open(SCOPE, NAME, ID);
    }

    @Test
    void aNewVaultHasNoLockAndItsPointsTheLifecyclesOfTheirManifests() throws Exception {
        var facts = madeVault().facts();
        assertThat(facts.lock()).isEmpty();
        assertThat(facts.lifecycle(FIRST)).isEmpty();
    }

    @Test
    void theNewestLockOfEveryModeComesBack() throws Exception {
        var facts = madeVault().facts();
        long number = 0;
        for (var lock : List.<VaultLock>of(
                new VaultLock.Governance(VaultLock.UNBOUNDED),
                new VaultLock.Governance(BOUNDS),
                new VaultLock.None(),
                new VaultLock.Compliance(BOUNDS, Instant.parse("2031-03-01T05:00:00.123456789Z")),
                new VaultLock.Compliance(VaultLock.UNBOUNDED, Instant.EPOCH))) {
            number++;
            assertThat(facts.put(new LockFact(number, lock))).isTrue();
            assertThat(facts.lock()).contains(new LockFact(number, lock));
        }
    }

    @Test
    void aLockIsNeverOverwritten() throws Exception {
        var facts = madeVault().facts();
        var first = new LockFact(1, new VaultLock.Governance(BOUNDS));
        assertThat(facts.put(first)).isTrue();
        assertThat(facts.put(new LockFact(1, new VaultLock.None()))).isFalse();
        assertThat(facts.lock()).contains(first);
    }

    @Test
    void ofSeveralWhoPutTheNextLockOneSucceeds() throws Exception {
        var facts = madeVault().facts();
        var put = new AtomicInteger();
        inParallel(8, number -> {
            var bounds = new RetentionBounds(OptionalLong.of(number + 1), OptionalLong.empty());
            put.addAndGet(facts.put(new LockFact(1, new VaultLock.Governance(bounds))) ? 1 : 0);
        });
        assertThat(put).hasValue(1);
    }

    @Test
    void theNewestLifecycleOfAPointComesBackUntilThePointIsForgotten() throws Exception {
        var vault = madeVault();
        vault.write(FIRST, POINT, Optional.empty(), _ -> SUMMARY, () -> {});
        vault.write(SECOND, POINT, Optional.empty(), _ -> SUMMARY, () -> {});
        for (var lifecycle : List.of(
                new Lifecycle(OptionalLong.of(1), OptionalLong.of(91), Optional.of(true)),
                new Lifecycle(OptionalLong.empty(), OptionalLong.of(36_500), Optional.of(false)),
                Lifecycle.NONE,
                new Lifecycle(OptionalLong.empty(), OptionalLong.of(30), Optional.empty()))) {
            vault.facts().put(FIRST, lifecycle);
            assertThat(vault.facts().lifecycle(FIRST)).contains(lifecycle);
        }
        assertThat(vault.facts().lifecycle(SECOND)).isEmpty();
        vault.facts().put(SECOND, Lifecycle.NONE);
        vault.forget(FIRST);
        assertThat(vault.facts().lifecycle(FIRST)).isEmpty();
        assertThat(vault.facts().lifecycle(SECOND)).contains(Lifecycle.NONE);
    }

    private static final HoldState.Cancellation SETTLED = new HoldState.Cancellation(
            Instant.parse("2026-03-01T05:00:00.123Z"), "settled", Instant.parse("2026-09-01T05:00:00Z"));

    private static HoldFact hold(String id, HoldSelection selection) {
        return new HoldFact(
                new HoldId(id),
                "case " + id,
                "Über alles",
                selection,
                Instant.parse("2026-02-01T05:00:00.5Z"),
                Optional.empty());
    }

    @Test
    void holdsComeBackWithWhatTheyCoverAndWhyTheyAreCancelled() throws Exception {
        var facts = madeVault().facts();
        assertThat(facts.holds()).isEmpty();
        var all = hold("all", HoldSelection.ALL);
        var some = hold(
                "all-2",
                new HoldSelection(
                        List.of("one", "two"),
                        List.of("EFS", "arn:aws:s3:::bucket"),
                        Optional.of(
                                new HoldSelection.DateRange(Instant.EPOCH, Instant.parse("2026-01-01T00:00:00Z")))));
        assertThat(facts.put(all)).isTrue();
        assertThat(facts.put(some)).isTrue();
        assertThat(facts.put(hold("all", some.selection())))
                .as("a hold is never changed")
                .isFalse();
        assertThat(facts.holds()).containsExactlyInAnyOrder(all, some);
        assertThat(facts.put(all.cancelled(SETTLED))).isTrue();
        assertThat(facts.put(all)).isFalse();
        assertThat(facts.holds()).containsExactlyInAnyOrder(all.cancelled(SETTLED), some);
    }

    @Test
    void onlyACancelledHoldIsForgotten() throws Exception {
        var facts = madeVault().facts();
        var one = hold("one", HoldSelection.ALL);
        var other = hold("one-more", HoldSelection.ALL);
        facts.put(one);
        facts.put(other);
        facts.forget(one.id());
        assertThat(facts.holds()).containsExactlyInAnyOrder(one, other);
        facts.put(one.cancelled(SETTLED));
        facts.forget(one.id());
        facts.forget(one.id());
        assertThat(facts.holds()).containsExactly(other);
    }

    @Test
    void aVaultThatIsMadeAgainHasNoLockOfTheOneBefore() throws Exception {
        var facts = madeVault().facts();
        facts.put(new LockFact(1, new VaultLock.Governance(BOUNDS)));
        facts.put(hold("one", HoldSelection.ALL));
        repositories.destroy(SCOPE, NAME, ID);
        repositories.create(SCOPE, NAME, OTHER);
        assertThat(repositories.open(SCOPE, NAME, OTHER).facts().lock()).isEmpty();
        assertThat(repositories.open(SCOPE, NAME, OTHER).facts().holds()).isEmpty();
    }
}

package dev.coffer.testkit.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.lifecycle.Lifecycle;
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

/** What a vault promises of the locks and lifecycles that it holds. */
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

    @Test
    void aVaultThatIsMadeAgainHasNoLockOfTheOneBefore() throws Exception {
        madeVault().facts().put(new LockFact(1, new VaultLock.Governance(BOUNDS)));
        repositories.destroy(SCOPE, NAME, ID);
        repositories.create(SCOPE, NAME, OTHER);
        assertThat(repositories.open(SCOPE, NAME, OTHER).facts().lock()).isEmpty();
    }
}

package dev.coffer.engine.legalhold;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever changes the catalog, and nothing else, makes no held point go: the vaults win, and it is told. */
final class HoldFactsTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final EngineBench bench;

    HoldFactsTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        bench.trustRole();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** What somebody does to the rows of the catalog. */
    enum Tampering {
        REMOVES_THE_HOLD {
            @Override
            void change(EngineBench bench, LegalHold hold) {
                bench.write(tx -> {
                    tx.legalHolds().release(hold, 100);
                    tx.legalHolds().delete(hold);
                });
            }
        },
        CANCELS_THE_HOLD {
            @Override
            void change(EngineBench bench, LegalHold hold) throws InterruptedException {
                bench.write(tx -> tx.legalHolds()
                        .put(hold.in(new HoldState.Canceling(new HoldState.Cancellation(START, "forged", START)))));
                bench.holding.tick();
            }
        },
        TAKES_THE_POINTS_FROM_IT {
            @Override
            void change(EngineBench bench, LegalHold hold) {
                bench.write(tx -> tx.legalHolds().release(hold, 100));
            }
        };

        abstract void change(EngineBench bench, LegalHold hold) throws InterruptedException;
    }

    private LegalHold hold(String... vaults) throws InterruptedException {
        var hold = bench.holds.create(
                ADMIN,
                new CreateHold(
                        "case-4711",
                        "litigation",
                        Optional.empty(),
                        List.of(vaults),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of()));
        bench.holding.tick();
        return bench.holds.get(ADMIN, hold.id().value());
    }

    private void cancel(LegalHold hold) throws InterruptedException {
        bench.holds.cancel(ADMIN, hold.id().value(), Optional.of("settled"), Optional.of(1L));
    }

    private String state(LegalHold hold) {
        return bench.holds.get(ADMIN, hold.id().value()).state().wireName();
    }

    private List<HoldFact> inVault(Vault vault) throws InterruptedException {
        return bench.repositories
                .open(vault.scope(), vault.name(), vault.id())
                .facts()
                .holds();
    }

    private RecoveryPointStatus status(RecoveryPoint point) {
        return bench.stored(point).orElseThrow().status();
    }

    @ParameterizedTest
    @EnumSource
    void nothingGoesAndTheCatalogIsPutRight(Tampering tampering) throws Exception {
        var vault = bench.vault("prod");
        var point = bench.keptFor(bench.point(vault, "fs-1", START), OptionalLong.of(1));
        var hold = hold();
        bench.clock.advance(DAY.multipliedBy(2));

        tampering.change(bench, hold);
        bench.expire();

        assertThat(bench.isStored(point)).isTrue();
        assertThat(status(point)).isEqualTo(RecoveryPointStatus.COMPLETED);
        bench.audit();
        bench.holding.tick();
        assertThat(state(hold)).isEqualTo("ACTIVE");
        assertThat(bench.catalog.<Boolean>read(view -> view.legalHolds().holds(point)))
                .isTrue();
        if (tampering != Tampering.TAKES_THE_POINTS_FROM_IT) {
            assertThat(bench.disagreements.get()).isGreaterThan(1);
        }
        long told = bench.disagreements.get();
        bench.audit();
        assertThat(bench.disagreements).hasValue(told);

        cancel(hold);
        bench.holding.tick();
        bench.expire();
        assertThat(bench.isStored(point)).as("it is free").isFalse();
    }

    @Test
    void aHoldIsInEveryVaultThatItIsAboutBeforeItIsActive() throws Exception {
        var prod = bench.vault("prod");
        var dev = bench.vault("dev");
        var all = hold();
        var some = hold("prod");
        assertThat(inVault(prod)).containsExactlyInAnyOrder(HoldFact.of(all), HoldFact.of(some));
        assertThat(inVault(dev)).containsExactly(HoldFact.of(all));
        cancel(all);
        assertThat(inVault(dev)).extracting(HoldFact::number).containsExactly(HoldFact.CANCELLED);
        assertThat(inVault(dev))
                .containsExactly(HoldFact.of(bench.holds.get(ADMIN, all.id().value())));
        bench.audit();
        assertThat(bench.disagreements).hasValue(0);
    }

    @Test
    void theRecordOfACancelledHoldGoesFromTheVaultsToo() throws Exception {
        var vault = bench.vault("prod");
        var hold = hold();
        cancel(hold);
        bench.holding.tick();
        assertThat(inVault(vault)).hasSize(1);
        bench.clock.advance(DAY.multipliedBy(2));
        bench.holding.tick();
        assertThat(inVault(vault)).isEmpty();
        bench.audit();
        assertThat(bench.holds.list(ADMIN, PageRequest.first(9)).rows()).isEmpty();
    }

    @Test
    void aCancellationThatStoppedBetweenTwoVaultsIsCompleted() throws Exception {
        var prod = bench.vault("prod");
        var dev = bench.vault("dev");
        var point = bench.point(dev, "fs-1", START);
        var hold = hold();
        var cancelled = HoldFact.of(hold).cancelled(new HoldState.Cancellation(START, "settled", START.plus(DAY)));
        bench.repositories.open(prod.scope(), prod.name(), prod.id()).facts().put(cancelled);
        bench.audit();
        assertThat(inVault(dev)).containsExactly(cancelled);
        bench.holding.tick();
        assertThat(state(hold)).isEqualTo("CANCELED");
        bench.points.delete(ADMIN, "dev", point.arn().toString());
        bench.expire();
        assertThat(bench.isStored(point)).isFalse();
    }

    @Test
    void aHoldFromBeforeVaultsHeldHoldsIsRecordedInTheVaultAndNotToldAsWrong() throws Exception {
        var vault = bench.vault("prod");
        var hold = hold();
        var other = hold.in(new HoldState.Active());
        var old = new LegalHold(hold.scope(), new HoldId("old"), "old", "old", hold.selection(), START, other.state());
        bench.write(tx -> tx.legalHolds().put(old));
        bench.audit();
        assertThat(inVault(vault)).contains(HoldFact.of(old));
        assertThat(bench.disagreements).hasValue(0);
    }

    @Test
    void aPointThatWasNotFinishedWhenItsHoldCameIsKeptAndNobodyIsToldOfTampering() throws Exception {
        var vault = bench.vault("prod");
        var point = bench.point(vault, "fs-1", START, RecoveryPointStatus.CREATING);
        var hold = hold();
        var finished = bench.point(vault, "fs-2", START);
        bench.write(tx -> tx.recoveryPoints().put(finished));
        bench.points.delete(ADMIN, "prod", finished.arn().toString());
        bench.expire();
        assertThat(bench.isStored(finished)).isTrue();
        assertThat(status(finished)).isEqualTo(RecoveryPointStatus.COMPLETED);
        assertThat(bench.disagreements).hasValue(0);
        assertThat(EngineBench.refusal(() -> bench.points.delete(
                                ADMIN, "prod", finished.arn().toString()))
                        .message())
                .as("from now on")
                .contains("legal hold");
        assertThat(status(point)).isEqualTo(RecoveryPointStatus.CREATING);
        cancel(hold);
    }

    @Test
    void aLaterPointAndAPointOfAnotherVaultAreNotKept() throws Exception {
        var prod = bench.vault("prod");
        var dev = bench.vault("dev");
        var elsewhere = bench.point(dev, "fs-1", START);
        hold("prod");
        bench.clock.advance(DAY);
        var later = bench.point(prod, "fs-1", bench.clock.instant());
        bench.points.delete(ADMIN, "prod", later.arn().toString());
        bench.points.delete(ADMIN, "dev", elsewhere.arn().toString());
        bench.expire();
        assertThat(bench.isStored(later)).isFalse();
        assertThat(bench.isStored(elsewhere)).isFalse();
    }
}

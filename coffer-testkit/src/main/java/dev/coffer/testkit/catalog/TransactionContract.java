package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.OutboxRows;
import dev.coffer.core.catalog.View;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What transactions and views promise. */
public interface TransactionContract extends CatalogUnderTest {
    @Test
    default void anExceptionFromTheBodyLeavesNothing() {
        var samples = samples();
        var kept = samples.vault("kept", at(0));
        catalog().write(tx -> {
            tx.vaults().insert(kept);
            return kept;
        });

        assertThatThrownBy(() -> catalog().write(tx -> {
                    tx.vaults().delete(kept);
                    tx.vaults().insert(samples.vault("lost", at(1)));
                    tx.emit(samples.event(at(1)));
                    throw new UnsupportedOperationException("stop here");
                }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("stop here");

        assertThat(catalog().<List<?>>read(view -> view.vaults().all())).isEqualTo(List.of(kept));
        assertThat(catalog().<List<?>>read(view -> view.outbox().after(0, 10))).isEmpty();
    }

    @Test
    default void aTransactionSeesItsOwnChanges() {
        var vault = samples().vault("mine", at(0));
        var found = catalog().write(tx -> {
            tx.vaults().insert(vault);
            return tx.vaults().find(SCOPE, vault.name());
        });
        assertThat(found).contains(vault);
    }

    @Test
    default void aViewDoesNotChangeWhileOthersCommit() throws Exception {
        var samples = samples();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var counts = catalog().read(view -> {
                var before = view.vaults().count(SCOPE);
                var other = threads.submit(() -> catalog().write(tx -> {
                    tx.vaults().insert(samples.vault("later", at(0)));
                    return true;
                }));
                assertThat(CatalogUnderTest.got(other)).isTrue();
                return List.of(before, view.vaults().count(SCOPE));
            });
            assertThat(counts).containsExactly(0L, 0L);
        }
        assertThat(catalog().<Long>read(view -> view.vaults().count(SCOPE))).isEqualTo(1);
    }

    @Test
    default void aViewEndsWithItsBody() {
        View kept = catalog().read(view -> view);
        assertThatThrownBy(() -> kept.vaults().all()).isInstanceOf(IllegalStateException.class);
        View transaction = catalog().write(tx -> tx);
        assertThatThrownBy(() -> transaction.vaults().all()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void writersThatReadFirstNeverLoseAnUpdate() throws Exception {
        int writers = 4;
        int rounds = 25;
        catalog().write(tx -> {
            tx.settings().putInstallation("count", "0");
            return true;
        });
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int writer = 0; writer < writers; writer++) {
                running.add(threads.submit(() -> {
                    go.await();
                    for (int round = 0; round < rounds; round++) {
                        catalog().write(tx -> {
                            int count = Integer.parseInt(
                                    tx.settings().installation("count").orElseThrow());
                            tx.settings().putInstallation("count", Integer.toString(count + 1));
                            return count;
                        });
                    }
                    return true;
                }));
            }
            go.countDown();
            for (var one : running) {
                one.get();
            }
        }
        assertThat(catalog().<Optional<String>>read(view -> view.settings().installation("count")))
                .contains(Integer.toString(writers * rounds));
    }

    @Test
    default void twoWritersOfOneNameHaveOneWinner() throws Exception {
        var samples = samples();
        var first = samples.vault("wanted", at(0));
        var second = samples.vault("wanted", at(0));
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<Future<Boolean>>();
            for (var vault : List.of(first, second)) {
                results.add(threads.submit(() -> {
                    go.await();
                    return catalog().write(tx -> {
                        if (tx.vaults().find(SCOPE, vault.name()).isPresent()) {
                            return false;
                        }
                        tx.vaults().insert(vault);
                        return true;
                    });
                }));
            }
            go.countDown();
            assertThat(List.of(CatalogUnderTest.got(results.getFirst()), CatalogUnderTest.got(results.getLast())))
                    .containsExactlyInAnyOrder(true, false);
        }
        assertThat(catalog().<Long>read(view -> view.vaults().count(SCOPE))).isEqualTo(1);
    }

    @Test
    default void eventsCommitWithTheirCauseInOrder() {
        var samples = samples();
        var events = new ArrayList<Event>();
        for (int round = 0; round < 3; round++) {
            int number = round;
            catalog().write(tx -> {
                tx.vaults().insert(samples.vault("vault-" + number, at(number)));
                for (int i = 0; i < 2; i++) {
                    var event = samples.event(at(number));
                    events.add(event);
                    tx.emit(event);
                }
                return true;
            });
        }

        var entries = catalog().read(view -> view.outbox().after(0, 10));
        assertThat(entries).extracting(entry -> entry.event()).containsExactlyElementsOf(events);
        assertThat(entries).extracting(entry -> entry.position()).isSorted().doesNotHaveDuplicates();
        var behindSecond =
                catalog().read(view -> view.outbox().after(entries.get(1).position(), 3));
        assertThat(behindSecond).isEqualTo(entries.subList(2, 5));
    }

    @Test
    default void theOutboxForgetsOnlyWhatEverySinkHasTaken() {
        var samples = samples();
        catalog().write(tx -> {
            for (int i = 0; i < 4; i++) {
                tx.emit(samples.event(at(i)));
            }
            return true;
        });
        var entries = catalog().read(view -> view.outbox().after(0, 10));
        assertThat(catalog().<Optional<SinkState>>read(view -> view.outbox().state("log")))
                .isEmpty();

        var removed = catalog().write(tx -> {
            tx.outbox().put(SinkState.at("log", entries.get(3).position()));
            tx.outbox().put(SinkState.at("webhook", entries.get(0).position()));
            tx.outbox().put(SinkState.at("webhook", entries.get(1).position()));
            return tx.outbox().deleteBefore(at(1)) + tx.outbox().deleteBefore(at(100));
        });

        assertThat(removed).isEqualTo(2);
        assertThat(catalog().<List<OutboxRows.Entry>>read(view -> view.outbox().after(0, 10)))
                .isEqualTo(entries.subList(2, 4));
        assertThat(catalog().<Optional<SinkState>>read(view -> view.outbox().state("webhook")))
                .contains(SinkState.at("webhook", entries.get(1).position()));
    }

    @Test
    default void aPositionIsNotGivenTwice() {
        var samples = samples();
        catalog().write(tx -> {
            tx.emit(samples.event(at(0)));
            return true;
        });
        var first = catalog().read(view -> view.outbox().after(0, 1)).getFirst();
        var second = catalog().write(tx -> {
            tx.outbox().deleteBefore(at(100));
            tx.emit(samples.event(at(1)));
            return tx.outbox().after(0, 10);
        });
        assertThat(second).hasSize(1);
        assertThat(second.getFirst().position()).isGreaterThan(first.position());
    }

    @Test
    default void aTakenVaultNameIsRefused() {
        var samples = samples();
        assertThatThrownBy(() -> catalog().write(tx -> {
                    tx.vaults().insert(samples.vault("same", at(0)));
                    tx.vaults().insert(samples.vault("same", at(1)));
                    return true;
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(catalog().<Optional<Vault>>read(view -> view.vaults().find(SCOPE, new VaultName("same"))))
                .isEmpty();
    }
}

package dev.coffer.engine.legalhold;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.vault.Vault;
import dev.coffer.engine.vault.LockKeeper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Legal holds, which the vaults themselves hold besides the catalog. A new hold is in the catalog first, and in every vault that it is about before it is ACTIVE; a cancellation is in the vaults first. So a vault that has a hold
 * in force where the catalog has none, or a cancelled one, is right, and so is one that has a cancellation: of several vaults, the one that is further. For any number of threads and processes.
 */
public final class HoldKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HoldKeeper.class);
    private static final int HOLDS_AT_ONCE = 100;

    private final Catalog catalog;
    private final Repositories repositories;
    private final LockKeeper locks;
    // So that no thread of this process compares while another is between the vaults and the catalog.
    private final ReentrantLock halves = new ReentrantLock();

    /** @param locks is told each time that the catalog was not what a vault says */
    public HoldKeeper(Catalog catalog, Repositories repositories, LockKeeper locks) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.locks = locks;
    }

    private VaultFacts facts(Vault vault) throws InterruptedException {
        return repositories.open(vault.scope(), vault.name(), vault.id()).facts();
    }

    private List<Vault> vaultsOf(LegalHold hold) {
        return catalog.read(view -> view.vaults().all()).stream()
                .filter(vault -> isAbout(hold, vault))
                .toList();
    }

    private static boolean isAbout(LegalHold hold, Vault vault) {
        var names = hold.selection().vaultNames();
        return vault.scope().equals(hold.scope())
                && (names.isEmpty() || names.contains(vault.name().value()));
    }

    /** Records the hold, as it is, in every vault that it is about; durable on return. A repeat changes nothing. */
    void seal(LegalHold hold) throws InterruptedException {
        for (var vault : vaultsOf(hold)) {
            var _ = facts(vault).put(HoldFact.of(hold));
        }
    }

    /** Records in every vault that the hold is cancelled, and then has the catalog say so. What fails half way goes on with a repeat, or with the next {@link #agree}. */
    void cancel(LegalHold hold, HoldState.Cancellation why, Runnable inCatalog) throws InterruptedException {
        halves.lockInterruptibly();
        try {
            for (var vault : vaultsOf(hold)) {
                var _ = facts(vault).put(HoldFact.of(hold).cancelled(why));
            }
            inCatalog.run();
        } finally {
            halves.unlock();
        }
    }

    /** Removes what the vaults say of a cancelled hold. */
    void forget(LegalHold hold) throws InterruptedException {
        for (var vault : vaultsOf(hold)) {
            facts(vault).forget(hold.id());
        }
    }

    /** The holds of a scope that vaults know: what each vault says, and of each hold what is furthest. */
    private record Told(Map<Vault, Map<HoldId, HoldFact>> byVault, Map<HoldId, HoldFact> newest) {}

    /**
     * Sees that the catalog says of the holds of all accounts what the vaults say, and that every vault says it. Holds that only the catalog has, from before vaults held them, are recorded in the vaults. What the catalog had
     * wrong is told and logged. A vault that cannot be read is left for the next time.
     */
    public void agree() throws InterruptedException {
        var byScope = catalog.read(view -> view.vaults().all()).stream()
                .collect(Collectors.groupingBy(Vault::scope, LinkedHashMap::new, Collectors.toList()));
        for (var scope : byScope.entrySet()) {
            halves.lockInterruptibly();
            try {
                agree(scope.getKey(), told(scope.getValue()));
            } finally {
                halves.unlock();
            }
        }
    }

    private Told told(List<Vault> vaults) throws InterruptedException {
        var told = new Told(new LinkedHashMap<>(), new HashMap<>());
        for (var vault : vaults) {
            try {
                var byId = facts(vault).holds().stream().collect(Collectors.toMap(HoldFact::id, fact -> fact));
                told.byVault.put(vault, byId);
                byId.values()
                        .forEach(fact -> told.newest.merge(
                                fact.id(), fact, (one, other) -> one.number() >= other.number() ? one : other));
            } catch (RuntimeException failure) {
                warn(vault, failure);
            }
        }
        return told;
    }

    private static void warn(Vault vault, RuntimeException failure) {
        LOG.atWarn()
                .addKeyValue("vault", vault.arn())
                .setCause(failure)
                .log(
                        "the legal holds that a vault has could not be compared with the catalog's; they will be looked at again");
    }

    private void agree(Scope scope, Told told) throws InterruptedException {
        for (var fact : told.newest.values()) {
            boolean wrong = catalog.write(tx -> corrected(tx, scope, fact));
            if (wrong) {
                var vault = told.byVault.entrySet().stream()
                        .filter(vaults -> fact.equals(vaults.getValue().get(fact.id())))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
                locks.tell(
                        vault,
                        "legal hold " + fact.id() + " is "
                                + (fact.cancellation().isPresent() ? "cancelled" : "in force")
                                + ", and the catalog does not say so");
            }
        }
        for (var hold : standing(scope)) {
            for (var vault : told.byVault.entrySet()) {
                // Of an old catalog, or of a call that stopped between two vaults.
                if (isAbout(hold, vault.getKey())
                        && !HoldFact.of(hold).equals(vault.getValue().get(hold.id()))) {
                    spread(hold, vault.getKey());
                }
            }
        }
    }

    private void spread(LegalHold hold, Vault vault) throws InterruptedException {
        try {
            var _ = facts(vault).put(HoldFact.of(hold));
        } catch (RuntimeException failure) {
            warn(vault, failure);
        }
    }

    /** Holds that keep something or are about to let it go. */
    private List<LegalHold> standing(Scope scope) {
        var found = new ArrayList<LegalHold>();
        var page = PageRequest.first(HOLDS_AT_ONCE);
        while (true) {
            var request = page;
            var some = catalog.read(view -> view.legalHolds().list(scope, request));
            some.rows().stream()
                    .filter(hold -> !(hold.state() instanceof HoldState.Canceled))
                    .forEach(found::add);
            if (some.next().isEmpty()) {
                return found;
            }
            page = new PageRequest(HOLDS_AT_ONCE, some.next());
        }
    }

    /** Whether the catalog was wrong, and is right now. The record of a cancelled hold that it has no more stays gone. */
    private static boolean corrected(Transaction tx, Scope scope, HoldFact fact) {
        var known = tx.legalHolds().find(scope, fact.id());
        boolean inForce = known.filter(LegalHold::isInForce).isPresent();
        var right = fact.cancellation().isPresent()
                ? known.filter(_ -> inForce).map(hold -> hold.in(fact.in(scope).state()))
                : Optional.of(fact.in(scope)).filter(_ -> !inForce);
        right.ifPresent(tx.legalHolds()::put);
        return right.isPresent();
    }
}

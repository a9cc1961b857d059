package dev.coffer.engine.vault;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks of vaults, which the vaults themselves hold besides the catalog. A change is recorded in the vault first, against the record before it, and then in the catalog. So where the two differ, the vault is right: a call has
 * stopped in between, or somebody has changed or replaced the catalog. For any number of threads and processes.
 */
public final class LockKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LockKeeper.class);

    private final Catalog catalog;
    private final Repositories repositories;
    private final Runnable disagreed;
    // So that no thread of this process looks at a vault between the two halves of a change.
    private final ReentrantLock halves = new ReentrantLock();

    /** @param disagreed is told each time that the catalog was not what a vault says */
    public LockKeeper(Catalog catalog, Repositories repositories, Runnable disagreed) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.disagreed = disagreed;
    }

    private VaultFacts facts(Vault vault) throws InterruptedException {
        return repositories.open(vault.scope(), vault.name(), vault.id()).facts();
    }

    /** The lock that the vault itself has. */
    public VaultLock inVault(Vault vault) throws InterruptedException {
        return facts(vault).lock().map(LockFact::lock).orElseGet(VaultLock.None::new);
    }

    /**
     * Changes a lock; durable in both places on return.
     *
     * @param objection why the lock that the vault has may not give way
     * @param alongside what changes in the catalog with it; it throws if the vault is gone
     * @throws Refused for the objection
     */
    void change(
            Vault vault,
            VaultLock wanted,
            Function<VaultLock, Optional<Problem>> objection,
            Consumer<Transaction> alongside)
            throws InterruptedException {
        var lock = inMillis(wanted);
        var facts = facts(vault);
        halves.lockInterruptibly();
        try {
            boolean recorded = false;
            while (!recorded) {
                var last = facts.lock();
                objection
                        .apply(last.map(LockFact::lock).orElseGet(VaultLock.None::new))
                        .ifPresent(problem -> {
                            throw new Refused(problem);
                        });
                recorded = facts.put(after(last, lock));
            }
            catalog.<Boolean>write(tx -> {
                alongside.accept(tx);
                tx.locks().put(vault, lock);
                return true;
            });
            // Another process may have been faster in one place and slower in the other.
            var _ = caughtUp(vault, facts);
        } finally {
            halves.unlock();
        }
    }

    /** Sees that the catalog says what the vault says. A lock that only the catalog has, from before vaults held them, is recorded in the vault. Whether the catalog was wrong; that is told and logged. */
    public boolean agree(Vault vault) throws InterruptedException {
        var facts = facts(vault);
        halves.lockInterruptibly();
        try {
            var known = catalog.read(view -> view.locks().of(vault));
            if (facts.lock().isEmpty() && (!known.isLocked() || facts.put(new LockFact(1, known)))) {
                return false;
            }
            boolean wrong = caughtUp(vault, facts);
            if (wrong) {
                tell(vault, "the catalog says " + known + ", and the vault " + inVault(vault));
            }
            return wrong;
        } finally {
            halves.unlock();
        }
    }

    /** Says that the catalog was wrong about what keeps a vault's points. */
    public void tell(Vault vault, String what) {
        disagreed.run();
        LOG.atError()
                .addKeyValue("event", "lock.disagreement")
                .addKeyValue("vault", vault.arn())
                .addKeyValue("what", what)
                .log("the catalog was not what the vault says, and follows it now; find out who changed the catalog");
    }

    private boolean caughtUp(Vault vault, VaultFacts facts) throws InterruptedException {
        boolean changed = false;
        while (true) {
            var newest = facts.lock().map(LockFact::lock).orElseGet(VaultLock.None::new);
            boolean same = catalog.<Boolean>write(tx -> {
                boolean equal = tx.locks().of(vault).equals(newest);
                boolean there = tx.vaults()
                        .find(vault.scope(), vault.name())
                        .filter(found -> found.id().equals(vault.id()))
                        .isPresent();
                if (there && !equal) {
                    tx.locks().put(vault, newest);
                }
                return equal || !there;
            });
            if (same) {
                return changed;
            }
            changed = true;
        }
    }

    private static LockFact after(Optional<LockFact> last, VaultLock lock) {
        return new LockFact(last.map(LockFact::number).orElse(0L) + 1, lock);
    }

    /** As the catalog can hold it. */
    private static VaultLock inMillis(VaultLock lock) {
        return switch (lock) {
            case VaultLock.None none -> none;
            case VaultLock.Governance governance -> governance;
            case VaultLock.Compliance(var bounds, var from) ->
                new VaultLock.Compliance(bounds, from.truncatedTo(ChronoUnit.MILLIS));
        };
    }
}

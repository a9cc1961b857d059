package dev.coffer.engine.job;

import dev.coffer.core.recoverypoint.CopyFacts;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.vault.VaultId;
import java.util.List;
import java.util.Optional;

/**
 * An earlier copy of a resource in a destination, and what it was made of, so that a later copy need not read what has not changed in between.
 *
 * @param copy its session in the destination; empty, as the source is, if there is none that can be compared with
 */
record EarlierCopy(Optional<SessionId> copy, Optional<RecoveryPointReader> source) implements AutoCloseable {
    /**
     * The first of the copies that came from the vault and whose source is still there.
     *
     * @param copies sessions in the destination, the newest first
     * @param vault the identity of the source vault
     */
    static EarlierCopy among(List<SessionId> copies, VaultId vault, Repository from, Repository into)
            throws InterruptedException {
        for (var copy : copies) {
            var source = source(copy, vault, from, into);
            if (source.isPresent()) {
                return new EarlierCopy(Optional.of(copy), source);
            }
        }
        return new EarlierCopy(Optional.empty(), Optional.empty());
    }

    private static Optional<RecoveryPointReader> source(SessionId copy, VaultId vault, Repository from, Repository into)
            throws InterruptedException {
        try (var reader = into.open(copy)) {
            var facts = CopyFacts.of(reader.manifest().point().facts())
                    .filter(found -> found.vault().equals(vault));
            return facts.isPresent()
                    ? Optional.of(from.open(new SessionId(facts.get().session())))
                    : Optional.empty();
        } catch (RepositoryException goneOrDamaged) {
            // It would only have saved work.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        source.ifPresent(RecoveryPointReader::close);
    }
}

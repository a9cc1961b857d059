package dev.coffer.repository.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.repository.format.Vectors;
import dev.coffer.repository.key.VaultKeys;
import dev.coffer.testkit.store.MemoryBlobStore;
import dev.coffer.testkit.time.TestClock;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Locks, lifecycles and holds are byte for byte what the vectors say, which were worked out from the page of the format. */
final class FactVectorsTest {
    private static final SessionId ONE = new SessionId("one");
    private static final HoldFact HOLD = new HoldFact(
            new HoldId("case-1"),
            "case 4711",
            "Müller",
            new HoldSelection(
                    List.of("prod"),
                    List.of("EFS", "arn:aws:s3:::films"),
                    Optional.of(new HoldSelection.DateRange(Instant.EPOCH, Instant.ofEpochSecond(1_767_225_600)))),
            Instant.ofEpochSecond(1_769_900_000, 500_000_000),
            Optional.empty());
    private static final HoldFact CANCELLED = HOLD.cancelled(new HoldState.Cancellation(
            Instant.ofEpochSecond(1_772_323_200), "settled", Instant.ofEpochSecond(1_787_875_200)));
    private static final HoldFact OF_ALL = new HoldFact(
            new HoldId("case-2"), "t", "d", HoldSelection.ALL, Instant.ofEpochSecond(-1), Optional.empty());
    private static final VaultLock GOVERNANCE =
            new VaultLock.Governance(new RetentionBounds(OptionalLong.of(7), OptionalLong.empty()));
    private static final VaultLock COMPLIANCE = new VaultLock.Compliance(
            new RetentionBounds(OptionalLong.empty(), OptionalLong.of(36_500)),
            Instant.ofEpochSecond(1_772_323_200, 123_000_000));
    private static final Lifecycle DAYS = new Lifecycle(OptionalLong.of(30), OptionalLong.of(200), Optional.of(true));

    private final MemoryBlobStore store = new MemoryBlobStore(new TestClock(Instant.EPOCH));
    private final StoredFacts facts = new StoredFacts(store, keys(), 1024, new FixedSalt());

    /** The salt of the vectors, again and again. */
    private static final class FixedSalt extends SecureRandom {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(Vectors.bytes("salt"), 0, bytes, 0, bytes.length);
        }
    }

    private static VaultKeys keys() {
        var id = ByteBuffer.wrap(Vectors.bytes("vault-id"));
        return new VaultKeys(new VaultId(new UUID(id.getLong(), id.getLong())), Vectors.bytes("data-key"));
    }

    private void assertBlob(String key, String vector) throws InterruptedException {
        assertThat(store.bytes(new BlobKey(key))).as(vector).isEqualTo(Vectors.bytes(vector));
    }

    @Test
    void whatIsWrittenIsWhatThePageSays() throws Exception {
        facts.put(new LockFact(1, new VaultLock.None()));
        facts.put(new LockFact(2, GOVERNANCE));
        facts.put(new LockFact(300, COMPLIANCE));
        facts.put(ONE, Lifecycle.NONE);
        facts.put(ONE, DAYS);
        facts.put(HOLD);
        facts.put(CANCELLED);
        facts.put(OF_ALL);
        assertBlob("locks/000000000001", "lock-none");
        assertBlob("locks/000000000002", "lock-governance");
        assertBlob("locks/000000000300", "lock-compliance");
        assertBlob("lifecycles/one/000000000001", "lifecycle-never");
        assertBlob("lifecycles/one/000000000002", "lifecycle-days");
        assertBlob("holds/case-1/000000000001", "hold-in-force");
        assertBlob("holds/case-1/000000000002", "hold-cancelled");
        assertBlob("holds/case-2/000000000001", "hold-of-all");
    }

    private void put(String key, String vector) {
        store.put(new BlobKey(key), Vectors.bytes(vector));
    }

    @Test
    void whatThePageSaysIsRead() throws Exception {
        put("locks/000000000001", "lock-none");
        assertThat(facts.lock()).contains(new LockFact(1, new VaultLock.None()));
        put("locks/000000000002", "lock-governance");
        assertThat(facts.lock()).contains(new LockFact(2, GOVERNANCE));
        put("locks/000000000300", "lock-compliance");
        assertThat(facts.lock()).contains(new LockFact(300, COMPLIANCE));
        put("lifecycles/one/000000000001", "lifecycle-never");
        assertThat(facts.lifecycle(ONE)).contains(Lifecycle.NONE);
        put("lifecycles/one/000000000002", "lifecycle-days");
        assertThat(facts.lifecycle(ONE)).contains(DAYS);
        put("holds/case-1/000000000001", "hold-in-force");
        assertThat(facts.holds()).containsExactly(HOLD);
        put("holds/case-1/000000000002", "hold-cancelled");
        put("holds/case-2/000000000001", "hold-of-all");
        assertThat(facts.holds()).containsExactlyInAnyOrder(CANCELLED, OF_ALL);
    }
}

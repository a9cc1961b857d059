package dev.coffer.testkit.repository;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.repository.HoldFact;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.LockFact;
import dev.coffer.core.repository.Manifest;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VaultFacts;
import dev.coffer.core.store.BlobKey;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.vault.VaultId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** What one vault holds. It survives the repository that is opened over it, as a folder would. */
final class MemoryStorage implements VaultFacts {
    /** A committed point. */
    record Point(Manifest manifest, NavigableMap<ItemPath, Item> itemByPath) {}

    /** A block after it was stored. */
    record Stored(ByteBuffer bytes, boolean isNew) {}

    private final VaultId vault;
    private final ConcurrentSkipListMap<SessionId, Point> pointById =
            new ConcurrentSkipListMap<>(Comparator.comparing(SessionId::value));
    private final ConcurrentHashMap<ByteBuffer, ByteBuffer> blockByBytes = new ConcurrentHashMap<>();
    private final Set<SessionId> forgotten = ConcurrentHashMap.newKeySet();
    private final Set<SessionId> cold = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<SessionId, Instant> retainedUntil = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, LockFact> lockByNumber = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<String, HoldFact> holdByName = new ConcurrentSkipListMap<>();
    private final ConcurrentHashMap<SessionId, Lifecycle> lifecycleById = new ConcurrentHashMap<>();
    private final AtomicBoolean gone = new AtomicBoolean();
    private final Optional<InstantSource> retention;

    /** @param retention the clock of storage that can keep things; empty for one that cannot */
    MemoryStorage(VaultId vault, Optional<InstantSource> retention) {
        this.vault = vault;
        this.retention = retention;
    }

    void retain(SessionId id, Instant until) {
        if (!pointById.containsKey(id)) {
            throw new RepositoryException.NotFound("recovery point " + id);
        }
        if (retention.isPresent()) {
            retainedUntil.merge(id, until, (was, now) -> now.isAfter(was) ? now : was);
        }
    }

    /** Notes which points are cold; in memory all storage is the same. */
    void chill(Collection<SessionId> ids) {
        ids.stream().filter(pointById::containsKey).forEach(cold::add);
    }

    List<SessionId> cold() {
        return pointById.keySet().stream().filter(cold::contains).toList();
    }

    VaultId vault() {
        return vault;
    }

    Optional<Point> point(SessionId id) {
        return Optional.ofNullable(pointById.get(id));
    }

    /** Forgotten if the point was deleted, ever. */
    void mustNotBeForgotten(SessionId id) {
        if (forgotten.contains(id)) {
            throw new RepositoryException.Forgotten(id);
        }
    }

    /** Commits unless the id has committed; what has, comes back. */
    Point commit(Point point) {
        mustNotBeForgotten(point.manifest().id());
        if (gone.get()) {
            throw new IllegalStateException("the storage of vault " + vault + " is destroyed");
        }
        var earlier = pointById.putIfAbsent(point.manifest().id(), point);
        return earlier == null ? point : earlier;
    }

    void forget(SessionId id) {
        var until = retainedUntil.getOrDefault(id, Instant.MIN);
        if (retention.filter(clock -> clock.instant().isBefore(until)).isPresent()) {
            throw new StoreException.Retained(new BlobKey("points/" + id));
        }
        forgotten.add(id);
        pointById.remove(id);
        lifecycleById.remove(id);
    }

    @Override
    public Optional<LockFact> lock() {
        return Optional.ofNullable(lockByNumber.lastEntry()).map(Map.Entry::getValue);
    }

    @Override
    public boolean put(LockFact fact) {
        return lockByNumber.putIfAbsent(fact.number(), fact) == null;
    }

    @Override
    public Optional<Lifecycle> lifecycle(SessionId id) {
        return Optional.ofNullable(lifecycleById.get(id));
    }

    @Override
    public void put(SessionId id, Lifecycle lifecycle) {
        lifecycleById.put(id, lifecycle);
    }

    @Override
    public List<HoldFact> holds() {
        var newestById = new HashMap<HoldId, HoldFact>();
        // The names of a hold's records follow each other by their numbers.
        holdByName.values().forEach(hold -> newestById.put(hold.id(), hold));
        return List.copyOf(newestById.values());
    }

    @Override
    public boolean put(HoldFact fact) {
        return holdByName.putIfAbsent(name(fact.id(), fact.number()), fact) == null;
    }

    @Override
    public void forget(HoldId id) {
        if (holdByName.containsKey(name(id, HoldFact.CANCELLED))) {
            holdByName.values().removeIf(hold -> hold.id().equals(id));
        }
    }

    private static String name(HoldId id, long number) {
        return id + "/" + number;
    }

    boolean hasPoints() {
        return !pointById.isEmpty();
    }

    Collection<Point> points() {
        return pointById.values();
    }

    /** Keeps the bytes, which must not change any more, or finds the same ones. */
    Stored store(ByteBuffer bytes) {
        var earlier = blockByBytes.putIfAbsent(bytes, bytes);
        return earlier == null ? new Stored(bytes, true) : new Stored(earlier, false);
    }

    boolean holds(ByteBuffer bytes) {
        return blockByBytes.containsKey(bytes);
    }

    long storedBytes() {
        return blockByBytes.values().stream().mapToLong(ByteBuffer::remaining).sum();
    }

    void destroy() {
        gone.set(true);
        pointById.clear();
        blockByBytes.clear();
    }
}

package dev.coffer.repository.format;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The keys of a vault's blobs. */
public final class BlobNames {
    public static final BlobKey FORMAT = new BlobKey("format");
    public static final String KEYS = "keys/";
    public static final String PACKS = "packs/";
    public static final String INDEX = "index/";
    public static final String POINTS = "points/";
    public static final String FORGOTTEN = "forgotten/";
    public static final String COLD = "cold/";
    public static final String SESSIONS = "sessions/";
    public static final String SWEEPS = "sweeps/";
    public static final String LOCKS = "locks/";
    public static final String LIFECYCLES = "lifecycles/";
    public static final String HOLDS = "holds/";

    private static final String NUMBER = "%012d";
    private static final Pattern NUMBERED = Pattern.compile("[0-9]{12}");

    private BlobNames() {}

    /** {@code packs/xx/DIGEST}; xx are the first two digits. */
    public static BlobKey pack(Bytes32 digest) {
        var hex = digest.toString();
        return new BlobKey(PACKS + hex.substring(0, 2) + "/" + hex);
    }

    public static BlobKey index(Bytes32 digest) {
        return new BlobKey(INDEX + digest);
    }

    public static BlobKey key(Bytes32 digest) {
        return new BlobKey(KEYS + digest);
    }

    public static BlobKey point(SessionId id) {
        return new BlobKey(POINTS + id);
    }

    /** Says that the point was deleted. */
    public static BlobKey forgotten(SessionId id) {
        return new BlobKey(FORGOTTEN + id);
    }

    /** Says that the point was moved to cold storage. */
    public static BlobKey cold(SessionId id) {
        return new BlobKey(COLD + id);
    }

    /** A lock of the vault. */
    public static BlobKey lock(long number) {
        return new BlobKey(LOCKS + NUMBER.formatted(number));
    }

    /** What the lifecycles of a point begin with. */
    public static String lifecycles(SessionId id) {
        return LIFECYCLES + id + "/";
    }

    /** A lifecycle that the point was given after it was made. */
    public static BlobKey lifecycle(SessionId id, long number) {
        return new BlobKey(lifecycles(id) + NUMBER.formatted(number));
    }

    /** What the records of a legal hold begin with. */
    public static String holds(HoldId id) {
        return HOLDS + id + "/";
    }

    /** A record of a legal hold. */
    public static BlobKey hold(HoldId id, long number) {
        return new BlobKey(holds(id) + NUMBER.formatted(number));
    }

    /** The number that the key has behind the prefix; empty if there is something else. */
    public static OptionalLong numberOf(BlobKey key, String prefix) {
        var text = key.value().substring(prefix.length());
        return NUMBERED.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The digest that a pack's, index blob's or key blob's key ends with; empty for a key that nobody of this format made. */
    public static Optional<Bytes32> digestOf(BlobKey key) {
        var hex = key.value().substring(key.value().lastIndexOf('/') + 1);
        try {
            var digest = Bytes32.ofHex(hex);
            boolean ours = key.equals(pack(digest)) || key.equals(index(digest)) || key.equals(key(digest));
            return ours ? Optional.of(digest) : Optional.empty();
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    /** The session whose manifest has the key; empty for a key that is no manifest's. */
    public static Optional<SessionId> sessionOf(BlobKey key) {
        return sessionOf(key, POINTS);
    }

    /** The session whose deletion mark has the key; empty for a key that is none. */
    public static Optional<SessionId> forgottenOf(BlobKey key) {
        return sessionOf(key, FORGOTTEN);
    }

    /** The session whose mark of cold storage has the key; empty for a key that is none. */
    public static Optional<SessionId> coldOf(BlobKey key) {
        return sessionOf(key, COLD);
    }

    private static Optional<SessionId> sessionOf(BlobKey key, String prefix) {
        if (!key.value().startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SessionId(key.value().substring(prefix.length())));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }
}

package dev.coffer.server.node;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.key.KeyRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Sees that every node of a catalog has the same keys: what one seals, signs or wraps, all others have to understand. The catalog remembers which they are, and none of their bytes. */
public final class InstallationKeys {
    private static final String NODE_KEY = "node-key/fingerprint";
    private static final String WRAPPING_KEY = "wrapping-key/id";

    private InstallationKeys() {}

    /**
     * The node key, made if the catalog has none yet.
     *
     * @param place of the catalog, for messages
     * @param keys the folder of keys
     * @throws NodeException if it is missing or another one than the catalog's
     */
    public static NodeKey nodeKey(Catalog catalog, String place, Path keys, SecureRandom random) {
        var file = keys.resolve("node.key");
        var known = catalog.read(view -> view.settings().installation(NODE_KEY));
        if (known.isPresent() && Files.notExists(file)) {
            throw NodeException.ofKey("the node key " + file + " is missing, and the catalog " + place
                    + " was made with one. " + copy(keys));
        }
        var key = NodeKey.open(file, random);
        var kept = catalog.write(tx -> {
            var before = tx.settings().installation(NODE_KEY);
            if (before.isEmpty()) {
                tx.settings().putInstallation(NODE_KEY, key.fingerprint());
            }
            return before.orElse(key.fingerprint());
        });
        if (!kept.equals(key.fingerprint())) {
            throw NodeException.ofKey("the node key " + file + " does not open the catalog " + place
                    + ", which was made with another one. " + copy(keys));
        }
        return key;
    }

    /**
     * Checks the keys that wrap data keys, and remembers the present one.
     *
     * @throws NodeException if the one that the other nodes wrap with is not among them
     */
    public static void check(Catalog catalog, String place, Path keys, KeyRing ring) {
        var kept = catalog.write(tx -> {
            var before = tx.settings().installation(WRAPPING_KEY).orElse(ring.keyId());
            if (ring.keyIds().contains(before)) {
                tx.settings().putInstallation(WRAPPING_KEY, ring.keyId());
            }
            return before;
        });
        if (!ring.keyIds().contains(kept)) {
            throw NodeException.ofKey(
                    "the nodes of the catalog " + place + " wrap the keys of vaults with the key " + kept
                            + ", which this node does not have. Name it under 'keys' or 'formerKeys', or, if it is a key file: "
                            + copy(keys));
        }
    }

    private static String copy(Path keys) {
        return "Stop, and replace " + keys + " by a copy of the folder keys of a node that opens the catalog.";
    }
}

package dev.coffer.core.key;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Several providers as one: the first wraps, and each unwraps what it has wrapped. So the wrapping key of an installation can change while vaults still hold data keys that are wrapped by a
 * former one.
 */
public final class KeyRing implements KeyProvider {
    private final KeyProvider first;
    private final List<KeyProvider> all;

    /**
     * @param first wraps from now on
     * @param former only unwrap
     * @throws IllegalArgumentException if two have the same {@link KeyProvider#keyId}
     */
    public KeyRing(KeyProvider first, List<? extends KeyProvider> former) {
        this.first = first;
        var providers = new ArrayList<KeyProvider>();
        providers.add(first);
        providers.addAll(former);
        this.all = List.copyOf(providers);
        var ids = new HashSet<String>();
        for (var provider : all) {
            if (!ids.add(provider.keyId())) {
                throw new IllegalArgumentException("the key " + provider.keyId() + " stands twice");
            }
        }
    }

    /** The id of the key that wraps. */
    @Override
    public String keyId() {
        return first.keyId();
    }

    /** The ids of all keys that unwrap; the one that wraps is the first. */
    public List<String> keyIds() {
        return all.stream().map(KeyProvider::keyId).toList();
    }

    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        return first.wrap(dataKey, context);
    }

    @Override
    public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
        for (var provider : all) {
            if (provider.keyId().equals(wrappedBy)) {
                return provider.unwrap(wrappedBy, wrapped, context);
            }
        }
        throw new WrongKey(wrappedBy, String.join(", ", keyIds()));
    }

    /** Names the keys, and shows none. */
    @Override
    public String toString() {
        return "KeyRing " + keyIds();
    }
}

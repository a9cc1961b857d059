package dev.coffer.core.key;

import dev.coffer.core.arn.Arn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Several providers as one: the first wraps, and each unwraps what it has wrapped. So the wrapping key of an installation can change while vaults still hold data keys that are wrapped by a
 * former one. Keys that users have named for single vaults are looked up when they are needed.
 */
public final class KeyRing implements KeyProvider {
    private final KeyProvider first;
    private final List<KeyProvider> all;
    private final CustomerKeys customers;

    /**
     * @param first wraps from now on
     * @param former only unwrap
     * @param customers keys of single vaults
     * @throws IllegalArgumentException if two have the same {@link KeyProvider#keyId}
     */
    public KeyRing(KeyProvider first, List<? extends KeyProvider> former, CustomerKeys customers) {
        this.first = first;
        this.customers = customers;
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

    /** A ring that knows no keys of single vaults. */
    public KeyRing(KeyProvider first, List<? extends KeyProvider> former) {
        this(first, former, CustomerKeys.NONE);
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
        return customerKey(wrappedBy)
                .flatMap(customers::find)
                .orElseThrow(() -> new WrongKey(wrappedBy, String.join(", ", keyIds())))
                .unwrap(wrappedBy, wrapped, context);
    }

    @Override
    public KeyProvider under(Arn customerKey) {
        var named = customers.find(customerKey);
        if (named.isEmpty()) {
            return KeyProvider.super.under(customerKey);
        }
        var others = all.stream()
                .filter(provider -> !provider.keyId().equals(named.get().keyId()))
                .toList();
        return new KeyRing(named.get(), others, customers);
    }

    @Override
    public Optional<Arn> customerKey(String wrappedBy) {
        return keyIds().contains(wrappedBy) ? Optional.empty() : customers.arnOf(wrappedBy);
    }

    /** Names the keys, and shows none. */
    @Override
    public String toString() {
        return "KeyRing " + keyIds();
    }
}

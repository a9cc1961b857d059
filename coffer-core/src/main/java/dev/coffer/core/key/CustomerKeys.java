package dev.coffer.core.key;

import dev.coffer.core.arn.Arn;
import java.util.Optional;

/** Finds keys that users have named for their vaults. Safe for several threads. */
public interface CustomerKeys {
    /** No keys: there is no key service. */
    CustomerKeys NONE = new CustomerKeys() {
        @Override
        public Optional<KeyProvider> find(Arn key) {
            return Optional.empty();
        }

        @Override
        public Optional<Arn> arnOf(String keyId) {
            return Optional.empty();
        }
    };

    /** The key, of which nothing is asked yet; empty if no key service is known that could have it. */
    Optional<KeyProvider> find(Arn key);

    /** The ARN of the key that has this {@link KeyProvider#keyId}; empty for one of another kind. */
    Optional<Arn> arnOf(String keyId);
}

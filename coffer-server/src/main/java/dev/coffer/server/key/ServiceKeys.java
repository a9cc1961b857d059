package dev.coffer.server.key;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.key.CustomerKeys;
import dev.coffer.core.key.KeyProvider;
import dev.coffer.keys.kms.AwsKmsKey;
import dev.coffer.keys.kms.KmsConnection;
import dev.coffer.keys.kms.KmsSettings;
import dev.coffer.server.config.KeyService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The keys that users name for their vaults, in the services of the section {@code kms}. Holds a connection to each service that was used until it is closed. */
final class ServiceKeys implements CustomerKeys, AutoCloseable {
    private final List<KeyService> services;
    private final Map<KeyService, KmsConnection> open = new ConcurrentHashMap<>();

    ServiceKeys(List<KeyService> services) {
        this.services = List.copyOf(services);
    }

    @Override
    public Optional<KeyProvider> find(Arn key) {
        return services.stream()
                .filter(service -> service.has(key))
                .findFirst()
                .map(service ->
                        open.computeIfAbsent(service, ServiceKeys::connected).key(key.toString()));
    }

    private static KmsConnection connected(KeyService service) {
        return KmsConnection.open(
                service.region().value(), service.endpoint(), service.credentials(), KmsSettings.USUAL_WAITING);
    }

    @Override
    public Optional<Arn> arnOf(String keyId) {
        return AwsKmsKey.arnOf(keyId).flatMap(Arn::parse);
    }

    @Override
    public void close() {
        open.values().forEach(KmsConnection::close);
    }
}

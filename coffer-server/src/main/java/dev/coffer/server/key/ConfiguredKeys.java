package dev.coffer.server.key;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyRing;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.keys.kms.AwsKmsKey;
import dev.coffer.keys.kms.KmsCredentials;
import dev.coffer.keys.kms.KmsSettings;
import dev.coffer.keys.passphrase.Passphrase;
import dev.coffer.keys.passphrase.PassphraseKey;
import dev.coffer.keys.passphrase.PassphraseSeal;
import dev.coffer.keys.secret.Secret;
import dev.coffer.keys.secret.UnusableSecret;
import dev.coffer.keys.token.Pkcs11Key;
import dev.coffer.keys.token.TokenSettings;
import dev.coffer.server.config.Config;
import dev.coffer.server.config.KeySource;
import dev.coffer.server.config.KeySource.SecretPlace;
import dev.coffer.server.node.NodeException;
import dev.coffer.server.node.VaultKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys that {@code keys} and {@code formerKeys} name, as one provider. Holds connections to key services until it is closed. */
public final class ConfiguredKeys implements AutoCloseable {
    private final Path keys;
    private final List<Path> vaults;
    private final SecureRandom random;
    private final Function<String, Optional<String>> environment;
    private final Deque<Runnable> connections = new ArrayDeque<>();

    private ConfiguredKeys(
            Path keys, List<Path> vaults, SecureRandom random, Function<String, Optional<String>> environment) {
        this.keys = keys;
        this.vaults = vaults;
        this.random = random;
        this.environment = environment;
    }

    /**
     * Ready to open keys.
     *
     * @param keys the folder of the key file
     * @param vaults the folders of the vaults: while there are any, a lost key file is not replaced
     * @param environment looks up an environment variable
     */
    public static ConfiguredKeys of(
            Path keys, List<Path> vaults, SecureRandom random, Function<String, Optional<String>> environment) {
        return new ConfiguredKeys(keys, vaults, random, environment);
    }

    /**
     * Opens all keys; the one of {@code keys} wraps.
     *
     * @throws NodeException if one of them cannot be used, or two are the same key
     */
    public KeyRing open(Config config) {
        return ring(current(config), config);
    }

    /**
     * Opens all keys as they are, to read what they have wrapped: none is made.
     *
     * @throws NodeException as {@link #open}
     */
    public KeyRing openExisting(Config config) {
        return ring(opened(config.keys(), false), config);
    }

    private KeyRing ring(KeyProvider first, Config config) {
        var former = new ArrayList<KeyProvider>();
        for (var source : config.formerKeys()) {
            former.add(opened(source, false));
        }
        try {
            var ofVaults = new ServiceKeys(config.keyServices());
            connections.push(ofVaults::close);
            return new KeyRing(first, former, ofVaults);
        } catch (IllegalArgumentException twice) {
            throw NodeException.ofKey(twice.getMessage()
                    + " in 'keys' and 'formerKeys'. Remove it from 'formerKeys', or give it another name.");
        }
    }

    private KeyProvider current(Config config) {
        if (config.keys() instanceof KeySource.KeyFile && !config.formerKeys().isEmpty()) {
            // The vaults may be wrapped by a former key, so that a new file beside them hides no loss.
            return VaultKey.openOrCreate(keys, random);
        }
        return opened(config.keys(), true);
    }

    private KeyProvider opened(KeySource source, boolean wraps) {
        try {
            return switch (source) {
                case KeySource.KeyFile() ->
                    wraps ? VaultKey.open(keys, vaults, random) : VaultKey.openExisting(keys, random);
                case KeySource.Phrase(var name, var place) ->
                    new PassphraseKey(name, new PassphraseSeal(new Passphrase(secret(place)), random));
                case KeySource.Kms(var keyId, var region, var endpoint) -> {
                    var key = AwsKmsKey.open(new KmsSettings(
                            keyId, region, endpoint, new KmsCredentials.Standard(), KmsSettings.USUAL_WAITING));
                    connections.push(key::close);
                    yield key;
                }
                case KeySource.Token(var library, var token, var key, var pin, var create) -> {
                    var settings = new TokenSettings(library, token, key, secret(pin));
                    yield create && wraps
                            ? Pkcs11Key.createIfMissing(settings, random)
                            : Pkcs11Key.open(settings, random);
                }
            };
        } catch (UnusableSecret | KeyServiceException unusable) {
            throw NodeException.ofKey(String.valueOf(unusable.getMessage()));
        }
    }

    private Secret secret(SecretPlace place) {
        return switch (place) {
            case SecretPlace.InFile(var file) -> Secret.ofFile(file);
            case SecretPlace.InVariable(var name) -> Secret.ofEnvironment(name, environment);
        };
    }

    @Override
    public void close() {
        while (!connections.isEmpty()) {
            connections.pop().run();
        }
    }
}

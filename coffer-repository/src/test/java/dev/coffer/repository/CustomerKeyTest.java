package dev.coffer.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.key.CustomerKeys;
import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyRing;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vaults whose maker has named the key. */
final class CustomerKeyTest {
    private static final Arn KEY = Arn.parse("key", "arn:aws:kms:eu-west-1:111122223333:key/one");
    private static final Arn BROKEN = Arn.parse("key", "arn:aws:kms:eu-west-1:111122223333:key/broken");
    private static final Arn ABSENT = Arn.parse("key", "arn:aws:kms:eu-west-1:111122223333:key/absent");

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private CustomerKeys customers = CustomerKeys.NONE;

    /** Keys in files, which stand for those of a service. */
    private record Keys(Map<Arn, KeyProvider> providerByArn) implements CustomerKeys {
        @Override
        public Optional<KeyProvider> find(Arn key) {
            return Optional.ofNullable(providerByArn.get(key));
        }

        @Override
        public Optional<Arn> arnOf(String keyId) {
            return providerByArn.entrySet().stream()
                    .filter(entry -> entry.getValue().keyId().equals(keyId))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
    }

    /** Encrypts, and does not decrypt. */
    private record Broken(KeyProvider inner) implements KeyProvider {
        @Override
        public String keyId() {
            return "broken";
        }

        @Override
        public byte[] wrap(byte[] dataKey, byte[] context) {
            return inner.wrap(dataKey, context);
        }

        @Override
        public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
            throw new KeyServiceException("may not decrypt", false);
        }
    }

    private KeyProvider file(String name) throws IOException {
        return LocalKeyFile.openOrCreate(folder.resolve(name), random);
    }

    @BeforeEach
    void keys() throws IOException {
        customers = new Keys(Map.of(KEY, file("customer"), BROKEN, new Broken(file("other"))));
    }

    private FileRepositories start(KeyRing keys) {
        var settings = RepositorySettings.standard(2).withNewVaults(Installation.SMALL);
        return new FileRepositories(folder.resolve("vaults"), folder.resolve("cache"), keys, random, settings);
    }

    private static Optional<Arn> keyOf(FileRepositories repositories) throws InterruptedException {
        return repositories.customerKey(Installation.SCOPE, Installation.NAME, Installation.ID);
    }

    @Test
    void theVaultIsOpenedByThatKeyAlsoWhenTheInstallationsIsAnotherOneAndKeepsIt() throws Exception {
        try (var first = start(new KeyRing(file("own"), List.of(), customers))) {
            first.create(Installation.SCOPE, Installation.NAME, Installation.ID, KEY);
            assertThat(keyOf(first)).contains(KEY);
        }
        try (var next = start(new KeyRing(file("next"), List.of(), customers))) {
            assertThatCode(() -> next.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .doesNotThrowAnyException();
            assertThat(next.rewrap(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .as("nothing is to be done")
                    .isFalse();
            assertThat(keyOf(next)).contains(KEY);
        }
        try (var without = start(new KeyRing(file("own"), List.of()))) {
            assertThat(keyOf(without)).isEmpty();
            assertThatThrownBy(() -> without.open(Installation.SCOPE, Installation.NAME, Installation.ID))
                    .isInstanceOf(WrongKey.class);
        }
    }

    @Test
    void aKeyThatCannotBeUsedMakesNoVault() throws Exception {
        try (var repositories = start(new KeyRing(file("own"), List.of(), customers))) {
            for (var key : List.of(BROKEN, ABSENT)) {
                assertThatThrownBy(
                                () -> repositories.create(Installation.SCOPE, Installation.NAME, Installation.ID, key))
                        .isInstanceOf(KeyServiceException.class);
            }
            assertThat(folder.resolve("vaults")).doesNotExist();
        }
    }

    @Test
    void theInstallationsOwnKeyIsNoCustomers() throws Exception {
        var ring = new KeyRing(file("customer"), List.of(file("own")), customers);
        try (var repositories = start(ring)) {
            Installation.vault(repositories);
            assertThat(keyOf(repositories)).isEmpty();
        }
    }
}

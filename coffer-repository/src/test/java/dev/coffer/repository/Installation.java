package dev.coffer.repository;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.store.BlobStore;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.repository.format.FormatParameters;
import dev.coffer.repository.key.LocalKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What the tests of this package work with: folders, a key, one vault with small chunks and packs. */
final class Installation {
    static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    static final VaultName NAME = new VaultName("Default");
    static final VaultId ID = new VaultId(new UUID(7, 8));
    static final FormatParameters SMALL = new FormatParameters(1024, 1024, 4096, 16 << 10, 64 << 10);

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final LocalKeyFile key;

    Installation(Path folder) throws IOException {
        this.folder = folder;
        this.key = LocalKeyFile.openOrCreate(folder.resolve("key"), random);
    }

    Path vaultFolder() {
        return folder.resolve("vaults/111122223333/eu-west-1/Default");
    }

    /** A new process. */
    FileRepositories start(FormatParameters parameters, UnaryOperator<BlobStore> stores) {
        return start("cache", parameters, stores);
    }

    FileRepositories start(String cache, FormatParameters parameters, UnaryOperator<BlobStore> stores) {
        var settings = RepositorySettings.standard(2).withNewVaults(parameters).withStores(stores);
        return new FileRepositories(folder.resolve("vaults"), folder.resolve(cache), key, random, settings);
    }

    /** A process of an owner. */
    FileRepositories start(String cache, FormatParameters parameters, UnaryOperator<BlobStore> stores, String owner) {
        var settings = RepositorySettings.standard(2)
                .withNewVaults(parameters)
                .withStores(stores)
                .withOwner(owner);
        return new FileRepositories(folder.resolve("vaults"), folder.resolve(cache), key, random, settings);
    }

    /** A process of an owner, with cold storage. */
    FileRepositories start(String owner, UnaryOperator<BlobStore> warm, UnaryOperator<BlobStore> cold)
            throws IOException {
        var root = Files.createDirectories(folder.resolve("cold"));
        var settings = RepositorySettings.standard(2)
                .withNewVaults(SMALL)
                .withStores(warm)
                .withOwner(owner)
                .withCold(new RepositorySettings.Cold(_ -> root, 3, cold));
        return new FileRepositories(folder.resolve("vaults"), folder.resolve("cache-" + owner), key, random, settings);
    }

    FileRepositories start() {
        return start(SMALL, UnaryOperator.identity());
    }

    /** The vault, made if need be. */
    static Repository vault(FileRepositories repositories) throws InterruptedException {
        repositories.create(SCOPE, NAME, ID);
        return repositories.open(SCOPE, NAME, ID);
    }
}

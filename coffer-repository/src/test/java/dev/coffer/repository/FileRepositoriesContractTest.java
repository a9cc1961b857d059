package dev.coffer.repository;

import dev.coffer.core.repository.Repositories;
import dev.coffer.repository.key.LocalKeyFile;
import dev.coffer.testkit.repository.RepositoryContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.io.TempDir;

final class FileRepositoriesContractTest extends RepositoryContract {
    @TempDir
    private Path folder;

    @Override
    protected Repositories fresh() throws Exception {
        var random = new SecureRandom();
        var own = Files.createTempDirectory(folder, "installation");
        return new FileRepositories(
                own.resolve("vaults"),
                Files.createDirectory(own.resolve("cold")),
                own.resolve("cache"),
                LocalKeyFile.openOrCreate(own.resolve("keys"), random),
                random,
                "contract");
    }
}

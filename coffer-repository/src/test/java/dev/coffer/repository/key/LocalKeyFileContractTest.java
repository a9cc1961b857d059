package dev.coffer.repository.key;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.testkit.key.KeyProviderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

final class LocalKeyFileContractTest implements KeyProviderContract {
    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();

    @Override
    public KeyProvider provider() throws IOException {
        return LocalKeyFile.openOrCreate(folder.resolve("one"), random);
    }

    @Override
    public KeyProvider another() throws IOException {
        return LocalKeyFile.openOrCreate(folder.resolve("two"), random);
    }

    @Override
    public Set<String> secrets() throws IOException {
        var line = Files.readAllLines(folder.resolve("one").resolve(LocalKeyFile.NAME))
                .get(2);
        return Set.of(line.substring("key ".length(), "key ".length() + 12));
    }
}

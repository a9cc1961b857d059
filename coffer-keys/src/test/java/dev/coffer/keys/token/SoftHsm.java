package dev.coffer.keys.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.coffer.keys.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Tokens of SoftHSM2 in the build folder. The library reads its configuration once for each process, so all tokens are made before it is loaded. */
final class SoftHsm {
    static final String ONE = "coffer one";
    static final String TWO = "coffer zwei \u00e4;/%";
    static final String TWIN = "coffer twin";
    static final String EMPTY = "coffer empty";
    static final String LOCKED = "coffer locked";
    static final String PIN = "98761234";

    private static final List<Path> PLACES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib64/pkcs11/libsofthsm2.so"),
            Path.of("/usr/local/lib/softhsm/libsofthsm2.so"));

    private SoftHsm() {}

    /** The library, with fresh tokens; where it is not installed, the tests are reported as skipped. */
    static Path library() throws IOException, InterruptedException {
        var library = PLACES.stream().filter(Files::exists).findFirst();
        assumeTrue(library.isPresent(), "SoftHSM2 is not installed (Debian package softhsm2)");
        var configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
        var tokens =
                configuration.resolveSibling("tokens-" + ProcessHandle.current().pid());
        if (!Files.exists(tokens)) {
            Files.createDirectories(tokens);
            Files.writeString(
                    configuration,
                    "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
            for (var label : List.of(ONE, TWO, TWIN, TWIN, EMPTY, LOCKED)) {
                run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "55555555");
            }
        }
        return library.orElseThrow();
    }

    static TokenSettings settings(Path library, String token, String key) {
        return settings(library, token, key, PIN);
    }

    static TokenSettings settings(Path library, String token, String key, String pin) {
        return new TokenSettings(library, token, key, Secret.of("the test", pin.toCharArray()));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(
                    Optional.of(said).filter(text -> !text.isBlank()).orElse("no output"));
        }
    }
}

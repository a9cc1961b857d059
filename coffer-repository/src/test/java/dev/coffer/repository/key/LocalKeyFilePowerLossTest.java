package dev.coffer.repository.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.testkit.fs.CrashFileSystem;
import dev.coffer.testkit.fs.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cuts the power while the key is made: what was sealed with a key that is lost is lost with it. */
final class LocalKeyFilePowerLossTest {
    private static final int IMAGES = 200;
    private static final long SEED = 20260102;
    private static final int ATTEMPTS = 3;

    private final SecureRandom random = new SecureRandom();

    private static CrashFileSystem empty() {
        return new CrashFileSystem(InstantSource.fixed(Instant.EPOCH));
    }

    private static Path folder(CrashFileSystem system) {
        return system.root().resolve("var/lib/keys");
    }

    private LocalKeyFile openOrCreate(CrashFileSystem system) throws IOException {
        return LocalKeyFile.openOrCreate(folder(system), random);
    }

    private void assertIsDurable(CrashFileSystem system, LocalKeyFile key) {
        assertThat(system.images(IMAGES, SEED))
                .allSatisfy(image -> assertThat(
                                LocalKeyFile.open(folder(image), random).keyId())
                        .isEqualTo(key.keyId()));
    }

    @Test
    void aKeyIsWholeOrAbsentAfterAPowerCutAndThenAnotherIsMade() throws Exception {
        var system = empty();
        var key = openOrCreate(system);
        for (int effects = 0; effects <= system.effects(); effects++) {
            for (var image : system.images(effects, IMAGES, SEED).toList()) {
                assertIsDurable(image, openOrCreate(image));
            }
        }
        assertIsDurable(system, key);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsOpenedAfterAFaultIsDurable(Errno errno) throws Exception {
        for (int operation = 1; ; operation++) {
            var system = empty();
            system.failAt(operation, errno);
            LocalKeyFile key;
            for (int attempt = 1; ; attempt++) {
                try {
                    key = openOrCreate(system);
                    break;
                } catch (IOException failure) {
                    assertThat(failure).hasMessageContaining(errno.words());
                    assertThat(attempt).isLessThan(ATTEMPTS);
                }
            }
            assertIsDurable(system, key);
            if (system.struck() == 0) {
                assertThat(operation).isGreaterThan(5);
                return;
            }
        }
    }

    @Test
    void aKeyThatAnotherProcessHasJustMadeIsDurableWhenItIsOpened() throws Exception {
        var made = empty();
        openOrCreate(made);
        var text = Files.readAllBytes(folder(made).resolve(LocalKeyFile.NAME));

        var system = empty();
        Files.createDirectories(folder(system));
        try (var channel = FileChannel.open(
                folder(system).resolve(LocalKeyFile.NAME), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text));
            channel.force(true);
        }
        assertThat(new String(text, UTF_8)).startsWith("coffer-key-v1");
        assertIsDurable(system, openOrCreate(system));
    }
}

package dev.coffer.repository.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.key.WrongKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalKeyFileTest {
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private final byte[] dataKey = new byte[32];

    LocalKeyFileTest() {
        random.nextBytes(dataKey);
    }

    private Path file() {
        return folder.resolve(LocalKeyFile.NAME);
    }

    private LocalKeyFile made() throws IOException {
        return LocalKeyFile.openOrCreate(folder, random);
    }

    @Test
    void theFileIsMadeForTheOwnerAloneAndOpenedAgain() throws IOException {
        var made = made();
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readAllLines(file())).hasSize(3).first().isEqualTo("coffer-key-v1");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }

        var opened = LocalKeyFile.open(folder, random);
        assertThat(opened.keyId()).isEqualTo(made.keyId());
        assertThat(made().keyId()).isEqualTo(made.keyId());
        assertThat(opened.unwrap(made.keyId(), made.wrap(dataKey, CONTEXT), CONTEXT))
                .isEqualTo(dataKey);
    }

    @Test
    void theFolderIsMadeWithTheKey() throws IOException {
        var deep = folder.resolve("etc/coffer/keys");
        var made = LocalKeyFile.openOrCreate(deep, random);
        assertThat(LocalKeyFile.open(deep, random).keyId()).isEqualTo(made.keyId());
    }

    @Test
    void thoseWhoMakeItAtOnceGetOneKey() throws Exception {
        for (int round = 0; round < 10; round++) {
            var place = folder.resolve("round" + round);
            var start = new CountDownLatch(6);
            var tasks = new ArrayList<Callable<String>>();
            for (int i = 0; i < 6; i++) {
                tasks.add(() -> {
                    start.countDown();
                    start.await();
                    return LocalKeyFile.openOrCreate(place, random).keyId();
                });
            }
            var ids = new HashSet<String>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var answer : threads.invokeAll(tasks)) {
                    ids.add(answer.get());
                }
            }
            assertThat(ids).containsExactly(LocalKeyFile.open(place, random).keyId());
        }
    }

    private void assertBroken(String text, String complaint, String digits) throws IOException {
        Files.writeString(file(), text);
        for (Callable<LocalKeyFile> way :
                List.<Callable<LocalKeyFile>>of(() -> LocalKeyFile.open(folder, random), this::made)) {
            assertThatExceptionOfType(BrokenKeyFile.class)
                    .isThrownBy(way::call)
                    .withMessageContaining(file().toString())
                    .withMessageContaining(complaint)
                    .satisfies(broken -> {
                        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
                            assertThat(String.valueOf(cause.getMessage())).doesNotContain(digits.substring(8, 24));
                        }
                    });
        }
        assertThat(file()).hasContent(text);
    }

    @Test
    void aBrokenFileIsNamedWithWhatIsWrongAndNeverWithWhatItHolds() throws IOException {
        made();
        var lines = Files.readAllLines(file());
        var first = lines.get(0);
        var fingerprint = lines.get(1);
        var key = lines.get(2);
        var digits = key.substring("key ".length());
        var good = Files.readString(file());

        assertBroken("", "is empty", digits);
        assertBroken(" \n\t\n", "is empty", digits);
        assertBroken(good + "#".repeat(5000), "too long", digits);
        assertBroken(good.replace("v1", "v2"), "does not begin with the line coffer-key-v1", digits);
        assertBroken(key + "\n", "does not begin with the line", digits);
        assertBroken("\u0000\u0001\u00ff" + good, "does not begin with the line", digits);
        assertBroken(first + "\n" + key + "\n", "does not consist of the lines", digits);
        assertBroken(first + "\n" + key + "\n" + fingerprint + "\n", "does not consist of the lines", digits);
        assertBroken(good + key, "does not consist of the lines", digits);
        assertBroken(good.replace("key " + digits, "key " + digits.substring(1)), "has 63 digits, not 64", digits);
        assertBroken(good.replace(digits, digits + "0"), "has 65 digits, not 64", digits);
        assertBroken(good.replace(digits, "g" + digits.substring(1)), "no hexadecimal digit", digits);
        char other = digits.charAt(63) == '0' ? '1' : '0';
        assertBroken(good.replace(digits, digits.substring(0, 63) + other), "does not match its fingerprint", digits);
        assertBroken(
                good.replace(fingerprint, "fingerprint " + "0".repeat(32)), "does not match its fingerprint", digits);
    }

    @Test
    void lineEndsAndEmptyLinesOfEditorsDoNoHarm() throws IOException {
        var id = made().keyId();
        Files.writeString(file(), Files.readString(file()).replace("\n", "\r\n") + "\r\n\n");
        assertThat(LocalKeyFile.open(folder, random).keyId()).isEqualTo(id);
    }

    @Test
    void anAbsentFileAndAFolderInItsPlaceAreNamed() throws IOException {
        assertThatExceptionOfType(BrokenKeyFile.class)
                .isThrownBy(() -> LocalKeyFile.open(folder, random))
                .withMessageContaining("there is no key file " + file());
        Files.createDirectory(file());
        assertThatExceptionOfType(BrokenKeyFile.class)
                .isThrownBy(this::made)
                .withMessageContaining(file() + " is a folder");
    }

    @Test
    void anotherKeyIsNamedBesideTheExpectedOne() throws IOException {
        var one = made();
        var other = LocalKeyFile.openOrCreate(folder.resolve("other"), random);
        var wrapped = one.wrap(dataKey, CONTEXT);

        assertThat(other.keyId()).isNotEqualTo(one.keyId());
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> other.unwrap(one.keyId(), wrapped, CONTEXT))
                .withMessageContaining(one.keyId())
                .withMessageContaining(other.keyId());
        assertThatExceptionOfType(WrongKey.class).isThrownBy(() -> other.unwrap(other.keyId(), wrapped, CONTEXT));
    }

    @Test
    void aWrappedKeyOpensOnlyInItsContext() throws IOException {
        var key = made();
        var wrapped = key.wrap(dataKey, CONTEXT);
        for (var context : List.of("vault two", "", "vault one ")) {
            assertThatExceptionOfType(WrongKey.class)
                    .isThrownBy(() -> key.unwrap(key.keyId(), wrapped, context.getBytes(US_ASCII)));
        }
    }

    @Test
    void aWrappedKeyThatWasChangedOrCutDoesNotOpen() throws IOException {
        var key = made();
        var wrapped = key.wrap(dataKey, CONTEXT);
        for (int i = 0; i < wrapped.length; i++) {
            var changed = wrapped.clone();
            changed[i] ^= (byte) (1 << i % 8);
            assertThatExceptionOfType(WrongKey.class).isThrownBy(() -> key.unwrap(key.keyId(), changed, CONTEXT));
            var cut = Arrays.copyOf(wrapped, i);
            assertThatExceptionOfType(WrongKey.class).isThrownBy(() -> key.unwrap(key.keyId(), cut, CONTEXT));
        }
        var longer = Arrays.copyOf(wrapped, wrapped.length + 1);
        assertThatExceptionOfType(WrongKey.class).isThrownBy(() -> key.unwrap(key.keyId(), longer, CONTEXT));
    }

    @Test
    void wrappingTwiceGivesDifferentBytes() throws IOException {
        var key = made();
        assertThat(key.wrap(dataKey, CONTEXT)).isNotEqualTo(key.wrap(dataKey, CONTEXT));
    }

    @Test
    void theKeyIsNotShown() throws IOException {
        var key = made();
        var digits = Files.readAllLines(file()).get(2).substring("key ".length());
        assertThat(key.toString()).contains(key.keyId()).doesNotContain(digits.substring(0, 16));
        assertThat(key.keyId()).doesNotContain(digits.substring(0, 16));
    }
}

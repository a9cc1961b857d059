package dev.coffer.keys.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import dev.coffer.testkit.key.KeyProviderContract;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.crypto.KeyGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against SoftHSM2. */
final class Pkcs11KeyTest implements KeyProviderContract {
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);
    private static final byte[] DATA_KEY = new byte[32];

    private static Path library = Path.of("/");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @BeforeAll
    static void tokens() throws IOException, InterruptedException {
        library = SoftHsm.library();
    }

    private Pkcs11Key made(String token, String key) {
        return Pkcs11Key.createIfMissing(SoftHsm.settings(library, token, key), random);
    }

    @Override
    public KeyProvider provider() {
        return made(SoftHsm.ONE, "coffer");
    }

    @Override
    public KeyProvider another() {
        return made(SoftHsm.TWO, "coffer");
    }

    @Override
    public Set<String> secrets() {
        return Set.of(SoftHsm.PIN);
    }

    /** The objects of a token as the JDK sees them. */
    private static KeyStore objects(String token) throws GeneralSecurityException, IOException {
        var provider = Security.getProvider("SunPKCS11")
                .configure("--name=test-" + token.hashCode() + "\nlibrary=" + library + "\nslot="
                        + TokenSlots.slotOf(library, token) + "\n");
        var store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, SoftHsm.PIN.toCharArray());
        return store;
    }

    private void assertRefused(TokenSettings settings, boolean retryable, String... parts) {
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> Pkcs11Key.open(settings, random))
                .satisfies(failure -> {
                    assertThat(failure.getMessage()).contains(parts).doesNotContain(SoftHsm.PIN);
                    assertThat(failure.retryable()).isEqualTo(retryable);
                });
    }

    @Test
    void itsIdIsThatOfAPkcs11Url() {
        assertThat(provider().keyId()).isEqualTo("pkcs11:token=coffer%20one;object=coffer");
        assertThat(another().keyId()).isEqualTo("pkcs11:token=coffer%20zwei%20%C3%A4%3B%2F%25;object=coffer");
    }

    @Test
    void aKeyIsMadeOnceAndDoesNotLeaveTheToken() throws Exception {
        var wrapped = made(SoftHsm.ONE, "made").wrap(DATA_KEY, CONTEXT);
        assertThat(made(SoftHsm.ONE, "made").unwrap("pkcs11:token=coffer%20one;object=made", wrapped, CONTEXT))
                .isEqualTo(DATA_KEY);
        var store = objects(SoftHsm.ONE);
        assertThat(Collections.list(store.aliases())).contains("made");
        var key = store.getKey("made", null);
        assertThat(key.getAlgorithm()).isEqualTo("AES");
        assertThat(key.getEncoded()).isNull();
        assertThat(key.toString()).contains("sensitive").contains("unextractable");
    }

    @Test
    void openingMakesNoKey() throws Exception {
        assertRefused(
                SoftHsm.settings(library, SoftHsm.EMPTY, "coffer"),
                false,
                "token 'coffer empty' has no secret key 'coffer'",
                "Make one");
        assertThat(Collections.list(objects(SoftHsm.EMPTY).aliases())).isEmpty();
    }

    @Test
    void twoKeysOfOneTokenAreTwoKeys() {
        var one = made(SoftHsm.ONE, "first");
        var two = made(SoftHsm.ONE, "second");
        var wrapped = one.wrap(DATA_KEY, CONTEXT);
        assertThatExceptionOfType(WrongKey.class).isThrownBy(() -> two.unwrap(two.keyId(), wrapped, CONTEXT));
        assertThat(one.unwrap(one.keyId(), wrapped, CONTEXT)).isEqualTo(DATA_KEY);
    }

    @Test
    void anotherKeyThatTookTheLabelIsAWrongKey() throws Exception {
        var key = made(SoftHsm.ONE, "replaced");
        var wrapped = key.wrap(DATA_KEY, CONTEXT);
        objects(SoftHsm.ONE).deleteEntry("replaced");
        var other = made(SoftHsm.ONE, "replaced");
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> other.unwrap(key.keyId(), wrapped, CONTEXT))
                .withMessageContaining("another one of the same label");
    }

    @Test
    void aKeyThatIsTakenAwayIsAPassingFailureAndFoundAgainWhenItIsBack() throws Exception {
        var key = made(SoftHsm.ONE, "away");
        objects(SoftHsm.ONE).deleteEntry("away");
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key.wrap(DATA_KEY, CONTEXT))
                .withMessageContaining("coffer one");
        var again = made(SoftHsm.ONE, "away");
        assertThat(again.unwrap(again.keyId(), key.wrap(DATA_KEY, CONTEXT), CONTEXT))
                .isEqualTo(DATA_KEY);
    }

    @Test
    void aKeyOfAnotherAlgorithmIsRefused() throws Exception {
        var store = objects(SoftHsm.ONE);
        var generator = KeyGenerator.getInstance("DESede", store.getProvider());
        store.setEntry("old", new KeyStore.SecretKeyEntry(generator.generateKey()), null);
        assertRefused(SoftHsm.settings(library, SoftHsm.ONE, "old"), false, "'old'", "DESede", "Use an AES key");
    }

    @Test
    void aTokenThatIsNotThereIsNamedBesideThoseThatAre() {
        assertRefused(
                SoftHsm.settings(library, "none", "coffer"), true, "no token 'none'", "coffer one", "correct 'token'");
    }

    @Test
    void aLabelThatTwoTokensHaveIsRefused() {
        assertRefused(
                SoftHsm.settings(library, SoftHsm.TWIN, "coffer"), false, "2 tokens 'coffer twin'", "different labels");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() {
        assertRefused(
                SoftHsm.settings(folder.resolve("none.so"), SoftHsm.ONE, "coffer"), false, "none.so", "does not exist");
        var other = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
        assertRefused(SoftHsm.settings(other, SoftHsm.ONE, "coffer"), false, "libzip.so", "is no PKCS#11 library");
    }

    @Test
    void severalThreadsUseOneKey() throws Exception {
        var key = provider();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var results = threads.invokeAll(IntStream.range(0, 200)
                    .mapToObj(i -> (Callable<byte[]>) () -> {
                        var context = ("vault " + i).getBytes(US_ASCII);
                        return key.unwrap(key.keyId(), key.wrap(DATA_KEY, context), context);
                    })
                    .toList());
            for (var result : results) {
                assertThat(result.get()).isEqualTo(DATA_KEY);
            }
        }
    }
}

package dev.coffer.keys.kms;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import dev.coffer.keys.secret.Secret;
import dev.coffer.testkit.key.KeyProviderContract;
import dev.coffer.testkit.key.KmsServer;
import dev.coffer.testkit.key.KmsServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsKmsKeyTest implements KeyProviderContract {
    private static final String ONE = "11111111-2222-3333-4444-555555555555";
    private static final String TWO = "99999999-2222-3333-4444-555555555555";
    private static final byte[] CONTEXT = "vault one".getBytes(US_ASCII);
    private static final byte[] DATA_KEY = new byte[32];

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final KmsServer server;

    AwsKmsKeyTest() throws IOException {
        server = KmsServer.start();
        open.push(server);
    }

    @BeforeEach
    void keys() {
        server.addKey(ONE);
        server.addKey(TWO);
        server.alias("alias/coffer", ONE);
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private KmsSettings settings(String key, URI endpoint, KmsCredentials credentials, Duration waiting) {
        return new KmsSettings(key, KmsServer.REGION, Optional.of(endpoint), credentials, waiting);
    }

    private static KmsCredentials credentials(String secret) {
        return new KmsCredentials.AccessKey(KmsServer.ACCESS_KEY, Secret.of("the test", secret.toCharArray()));
    }

    private AwsKmsKey key(String name) {
        return key(settings(name, server.url(), credentials(KmsServer.SECRET_KEY), KmsSettings.USUAL_WAITING));
    }

    private AwsKmsKey key(KmsSettings settings) {
        var key = AwsKmsKey.open(settings);
        open.push(key);
        return key;
    }

    @Override
    public KeyProvider provider() {
        return key(KmsServer.arn(ONE));
    }

    @Override
    public KeyProvider another() {
        return key(TWO);
    }

    @Override
    public Set<String> secrets() {
        return Set.of(KmsServer.SECRET_KEY);
    }

    private static KeyServiceException failureOf(AwsKmsKey key) {
        return catchThrowableOfType(KeyServiceException.class, () -> key.wrap(DATA_KEY, CONTEXT));
    }

    @ParameterizedTest
    @ValueSource(strings = {ONE, "alias/coffer", "arn:aws:kms:eu-west-1:111122223333:key/" + ONE})
    void howeverTheKeyIsNamedItsIdIsItsArn(String name) {
        assertThat(key(name).keyId()).isEqualTo("kms:arn:aws:kms:eu-west-1:111122223333:key/" + ONE);
    }

    @Test
    void aKeyThatIsNamedByItsArnIsOpenedWithoutACall() {
        provider();
        assertThat(server.requestsSince()).isZero();
    }

    @Test
    void anAliasThatMovesOnDoesNotMoveTheKey() {
        var key = key("alias/coffer");
        server.alias("alias/coffer", TWO);
        var wrapped = key.wrap(DATA_KEY, CONTEXT);
        assertThat(provider().unwrap(key.keyId(), wrapped, CONTEXT)).isEqualTo(DATA_KEY);
    }

    @Test
    void aKeyThatCannotEncryptIsRefusedWhenItIsOpened() {
        server.keyUsage("SIGN_VERIFY");
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key(ONE))
                .withMessageContaining("SIGN_VERIFY")
                .withMessageContaining("ENCRYPT_DECRYPT");
    }

    @Test
    void aKeyThatDoesNotExistIsNamed() {
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key("alias/none"))
                .withMessageContaining("alias/none")
                .withMessageContaining("no such key")
                .satisfies(failure -> assertThat(failure.retryable()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "DisabledException, 400, the key is disabled, Enable it",
        "KMSInvalidStateException, 400, pending deletion, cancel the deletion",
        "AccessDeniedException, 400, access is denied, Allow kms:Encrypt",
        "NotFoundException, 400, no such key, Check keyId",
        "InvalidKeyUsageException, 400, not one for encryption, ENCRYPT_DECRYPT",
        "UnrecognizedClientException, 400, does not accept the credentials, Check them",
        "ExpiredTokenException, 400, does not accept the credentials, Check them",
        "SomethingNewException, 400, SomethingNewException, KMS documentation",
    })
    void aLastingRefusalIsAskedOnceAndSaysWhatToDo(String type, int status, String why, String nextStep) {
        var key = key(KmsServer.arn(ONE));
        server.answerAlways(new Answer.Failure(status, type, "it is pending deletion"));
        var failure = failureOf(key);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessageContaining(KmsServer.arn(ONE))
                .hasMessageContaining(server.url().toString())
                .hasMessageContaining(why)
                .hasMessageContaining(nextStep);
        assertThat(server.requestsSince()).isEqualTo(1);
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key.unwrap(key.keyId(), new byte[] {1, 2, 3}, CONTEXT));
    }

    @ParameterizedTest
    @CsvSource({
        "ThrottlingException, 400, asked too often",
        "KMSInternalException, 500, a fault of its own",
        "KeyUnavailableException, 500, a fault of its own",
        "DependencyTimeoutException, 503, a fault of its own",
        "InternalFailure, 502, HTTP 502",
    })
    void aPassingFailureIsTriedThreeTimesAndSaysThatItPasses(String type, int status, String why) {
        var key = key(KmsServer.arn(ONE));
        server.answerAlways(new Answer.Failure(status, type, "later"));
        var failure = failureOf(key);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining(why).hasMessageContaining("can be repeated");
        assertThat(server.requestsSince()).isBetween(2, 3);
    }

    @Test
    void aFailureThatPassesInTheMeantimeIsNotSeen() {
        var key = key(KmsServer.arn(ONE));
        server.answerOnce(new Answer.Failure(500, "KMSInternalException", "once"));
        var wrapped = key.wrap(DATA_KEY, CONTEXT);
        server.answerOnce(new Answer.Failure(503, "DependencyTimeoutException", "once"));
        assertThat(key.unwrap(key.keyId(), wrapped, CONTEXT)).isEqualTo(DATA_KEY);
        assertThat(server.requestsSince()).isEqualTo(4);
    }

    @Test
    void aServiceThatNeverAnswersIsGivenUp() {
        server.answerAlways(new Answer.Stall());
        var key = key(
                settings(KmsServer.arn(ONE), server.url(), credentials(KmsServer.SECRET_KEY), Duration.ofMillis(200)));
        var failure = failureOf(key);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("can be repeated").hasMessageContaining(KmsServer.arn(ONE));
    }

    @Test
    void aServiceThatIsNotThereIsNamed() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var nowhere = URI.create("http://127.0.0.1:" + free);
        var failure = failureOf(key(
                settings(KmsServer.arn(ONE), nowhere, credentials(KmsServer.SECRET_KEY), KmsSettings.USUAL_WAITING)));
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("cannot be reached").hasMessageContaining(nowhere.toString());
    }

    @Test
    void anEndpointThatIsNoKmsIsNamed() {
        var key = key(KmsServer.arn(ONE));
        server.answerAlways(new Answer.Nonsense("{}"));
        assertThat(failureOf(key)).hasMessageContaining("without a ciphertext");
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key.unwrap(key.keyId(), new byte[] {1, 2, 3}, CONTEXT))
                .withMessageContaining("without a plaintext");
        server.answerAlways(new Answer.Nonsense("<html>sign in</html>"));
        assertThat(failureOf(key)).isNotNull();
    }

    @Test
    void aWrongSecretIsRefusedAndNotShown() {
        var failure = failureOf(key(
                settings(KmsServer.arn(ONE), server.url(), credentials("another/secret"), KmsSettings.USUAL_WAITING)));
        assertThat(failure).hasMessageContaining("does not accept the credentials");
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("another/secret");
        }
    }

    @Test
    void credentialsAreFoundByTheStandardChainAndTheirAbsenceIsToldApart() throws IOException {
        var file = Path.of(System.getenv("AWS_SHARED_CREDENTIALS_FILE"));
        Files.deleteIfExists(file);
        var settings =
                settings(KmsServer.arn(ONE), server.url(), new KmsCredentials.Standard(), KmsSettings.USUAL_WAITING);
        var failure = failureOf(key(settings));
        assertThat(failure)
                .hasMessageContaining("no AWS credentials were found")
                .hasMessageContaining("AWS_PROFILE");
        assertThat(failure.retryable()).isFalse();

        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "[default]\naws_access_key_id = " + KmsServer.ACCESS_KEY + "\naws_secret_access_key = "
                        + KmsServer.SECRET_KEY + "\n");
        try {
            var key = key(settings);
            assertThat(key.unwrap(key.keyId(), key.wrap(DATA_KEY, CONTEXT), CONTEXT))
                    .isEqualTo(DATA_KEY);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aCiphertextOfAnotherKmsKeyIsAWrongKeyAndNoFaultOfTheService() {
        var wrapped = another().wrap(DATA_KEY, CONTEXT);
        assertThatExceptionOfType(WrongKey.class)
                .isThrownBy(() -> provider().unwrap(provider().keyId(), wrapped, CONTEXT))
                .withMessageContaining(KmsServer.arn(ONE));
    }

    @Test
    void anInterruptedCallSaysSoAndLeavesTheThreadInterrupted() {
        var key = key(KmsServer.arn(ONE));
        Thread.currentThread().interrupt();
        try {
            var failure = failureOf(key);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://kms.example.org", "http://127.0.0.1.example.org", "ftp://localhost", "kms", "/kms"})
    void aDataKeyDoesNotTravelInTheClearBeyondLoopback(String endpoint) {
        assertThat(KmsSettings.objectionTo(URI.create(endpoint))).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        settings(ONE, URI.create(endpoint), new KmsCredentials.Standard(), KmsSettings.USUAL_WAITING));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://kms.example.org:8443", "http://127.0.0.1:9", "http://[::1]:9", "http://localhost"})
    void otherEndpointsAreFine(String endpoint) {
        assertThat(KmsSettings.objectionTo(URI.create(endpoint))).isEmpty();
    }

    @Test
    void anArnNamesItsRegion() {
        assertThat(KmsSettings.regionOf(KmsServer.arn(ONE))).contains("eu-west-1");
        assertThat(KmsSettings.regionOf("arn:aws:kms:us-east-2:111122223333:alias/a"))
                .contains("us-east-2");
        assertThat(KmsSettings.regionOf("alias/a")).isEmpty();
    }
}

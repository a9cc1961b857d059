package dev.coffer.keys.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.key.KeyServiceException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** Apart from the other tests and on a token of its own: where a process is logged in to a token, PINs are not looked at any more. */
final class RefusedPinTest {
    @Test
    void aWrongPinIsToldWithoutShowingIt() throws IOException, InterruptedException {
        Path library = SoftHsm.library();
        var settings = SoftHsm.settings(library, SoftHsm.LOCKED, "coffer", "31415926");
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> Pkcs11Key.open(settings, new SecureRandom()))
                .withMessageContaining("coffer locked")
                .withMessageContaining("does not accept the PIN from the test")
                .withMessageContaining("CKR_PIN_INCORRECT")
                .satisfies(failure -> {
                    assertThat(failure.retryable()).isFalse();
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("31415926");
                    }
                });
    }

    @Test
    void aPinThatWasRefusedIsNotTriedAgain() throws IOException, InterruptedException {
        var settings = SoftHsm.settings(SoftHsm.library(), SoftHsm.LOCKED, "coffer", "31415926");
        var key = new Pkcs11Key(settings, new SecureRandom());
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key.wrap(new byte[32], new byte[0]))
                .withMessageContaining("CKR_PIN_INCORRECT");
        assertThatExceptionOfType(KeyServiceException.class)
                .isThrownBy(() -> key.wrap(new byte[32], new byte[0]))
                .withMessageContaining("which it has refused before")
                .withNoCause();
    }
}

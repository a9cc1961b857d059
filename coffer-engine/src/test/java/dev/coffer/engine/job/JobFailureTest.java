package dev.coffer.engine.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.JobId;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JobFailureTest {
    private static final JobId JOB = JobId.ofBackup(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

    @Test
    void aKeyServiceThatDoesNotAnswerIsAPassingFailureAndOneThatRefusesALastingOne() {
        assertThat(JobFailure.of(JOB, new KeyServiceException("KMS did not answer", true)))
                .isEqualTo(new JobFailure("KMS did not answer", true));
        assertThat(JobFailure.of(JOB, new KeyServiceException("the key is disabled", false)))
                .isEqualTo(new JobFailure("the key is disabled", false));
        assertThat(JobFailure.of(JOB, new WrongKey("kms:one", "local:two")).passing())
                .isFalse();
    }
}

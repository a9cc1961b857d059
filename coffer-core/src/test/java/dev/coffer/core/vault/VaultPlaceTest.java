package dev.coffer.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Refused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VaultPlaceTest {
    @Test
    void aVaultsArnSaysWhereItIs() {
        var arn = "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod";
        var place = VaultPlace.of("X", Arn.parse("X", arn));
        assertThat(place)
                .isEqualTo(new VaultPlace(
                        new Scope(new AccountId("111122223333"), new Region("eu-west-1")), new VaultName("prod")));
        assertThat(place.toString()).isEqualTo(arn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:backup:eu-west-1:111122223333:recovery-point:prod",
                "arn:aws:s3:eu-west-1:111122223333:backup-vault:prod",
                "arn:aws-cn:backup:eu-west-1:111122223333:backup-vault:prod",
                "arn:aws:backup::111122223333:backup-vault:prod",
                "arn:aws:backup:eu-west-1:1111:backup-vault:prod",
                "arn:aws:backup:eu-west-1:111122223333:backup-vault:p/../q"
            })
    void anythingElseIsRefusedByTheNameOfItsParameter(String text) {
        assertThatThrownBy(() -> VaultPlace.of("DestinationBackupVaultArn", Arn.parse("X", text)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("DestinationBackupVaultArn")
                .hasMessageContaining("is not the ARN of a backup vault");
    }
}

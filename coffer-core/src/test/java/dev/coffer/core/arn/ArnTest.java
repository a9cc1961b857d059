package dev.coffer.core.arn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArnTest {
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:s3:::bucket",
                "arn:aws:rds:eu-west-1:111122223333:snapshot:awsbackup:job-7c0d",
                "arn:aws:ec2:eu-west-1::snapshot/snap-0a11",
                "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0a1b2c3d",
            })
    void anArnIsWrittenAsItWasRead(String text) {
        assertThat(Arn.parse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "arn",
                "arn:aws:s3",
                "arn::s3:::x",
                "arn:aws::::x",
                "arn:aws:s3:::",
                "urn:aws:s3:::x",
                "arn:aws:s3:::a\nb"
            })
    void whatIsNotAnArnIsRefusedWithTheParametersName(String text) {
        assertThat(Arn.parse(text)).isEmpty();
        assertThatThrownBy(() -> Arn.parse("ResourceArn", text))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("ResourceArn");
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:s3:::bucket, S3",
        "arn:aws:dynamodb:r:a:table/T, DYNAMODB",
        "arn:aws:ec2:r:a:volume/vol-1, EBS",
        "arn:aws:ec2:r:a:instance/i-1, EC2",
        "arn:aws:elasticfilesystem:r:a:file-system/fs-1, EFS",
        "arn:aws:rds:r:a:db:x, RDS",
        "arn:aws:rds:r:a:cluster:x, AURORA",
    })
    void theTypeFollowsFromTheArn(String arn, ResourceType type) {
        assertThat(ResourceType.ofArn(Arn.parse(arn).orElseThrow())).contains(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:ec2:r::snapshot/snap-1",
                "arn:aws:s3:::bucket/key",
                "arn:aws:dynamodb:r:a:table/T/backup/1",
                "arn:aws:iam::a:role/x"
            })
    void whatIsNoProtectedResourceHasNoType(String arn) {
        assertThat(ResourceType.ofArn(Arn.parse(arn).orElseThrow())).isEmpty();
    }

    @Test
    void anArnKnowsWhetherItIsInAScope() {
        assertThat(Arn.ofVault(SCOPE, "prod").isIn(SCOPE)).isTrue();
        assertThat(Arn.ofVault(new Scope(new AccountId("444455556666"), SCOPE.region()), "prod")
                        .isIn(SCOPE))
                .isFalse();
        assertThat(Arn.ofVault(SCOPE, "prod")).hasToString("arn:aws:backup:eu-west-1:111122223333:backup-vault:prod");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1111222233334", "11112222333", "11112222333a", "", "１１１１２２２２３３３３"})
    void anAccountIsTwelveDigits(String text) {
        assertThatThrownBy(() -> new AccountId(text)).isInstanceOf(Refused.class);
    }
}

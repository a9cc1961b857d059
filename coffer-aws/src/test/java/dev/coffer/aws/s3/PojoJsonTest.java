package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketLifecycleConfiguration;
import software.amazon.awssdk.services.s3.model.GetBucketEncryptionResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;

final class PojoJsonTest {
    private static final BucketLifecycleConfiguration LIFECYCLE = BucketLifecycleConfiguration.builder()
            .rules(
                    LifecycleRule.builder()
                            .id("all \"quoted\"")
                            .status("Enabled")
                            .filter(filter -> {})
                            .expiration(expiration -> expiration.date(Instant.parse("2027-01-01T00:00:00Z")))
                            .build(),
                    LifecycleRule.builder()
                            .id("tmp")
                            .status("Disabled")
                            .filter(filter ->
                                    filter.and(and -> and.prefix("tmp/").objectSizeGreaterThan(5_000_000_000L)))
                            .expiration(expiration -> expiration.days(3).expiredObjectDeleteMarker(true))
                            .build())
            .build();

    @Test
    void aShapeComesBackFromItsText() {
        var text = PojoJson.text(LIFECYCLE).orElseThrow();

        assertThat(text).contains("\"Filter\":{}");
        assertThat(PojoJson.fill(BucketLifecycleConfiguration.builder(), text).build())
                .isEqualTo(LIFECYCLE);
    }

    @Test
    void anAnswerThatSaysNothingIsNoSetting() {
        assertThat(PojoJson.text(GetBucketEncryptionResponse.builder().build())).isEmpty();
        assertThat(PojoJson.text(GetBucketEncryptionResponse.builder()
                        .serverSideEncryptionConfiguration(
                                ServerSideEncryptionConfiguration.builder().build())
                        .build()))
                .isEmpty();
    }

    @Test
    void whatIsNoTextOfAShapeIsRefused() {
        for (var text :
                new String[] {"", "[]", "{\"Rules\":", "nonsense", "{\"Rules\":[{\"Expiration\":{\"Days\":\"x\"}}]}"}) {
            assertThatThrownBy(() -> PojoJson.fill(BucketLifecycleConfiguration.builder(), text))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

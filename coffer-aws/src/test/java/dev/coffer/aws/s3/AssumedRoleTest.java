package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.testkit.s3.CephRgw;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sources with a role, given by the STS of a Ceph RGW, which knows its own tokens. */
@ExtendWith(CephRgw.Extension.class)
final class AssumedRoleTest {
    private final CephRgw rgw;
    private final BucketTrip trip;

    AssumedRoleTest(CephRgw rgw) {
        this.rgw = rgw;
        trip = new BucketTrip(rgw);
    }

    @AfterEach
    void close() {
        trip.close();
    }

    private Set<ItemPath> capture(String... keys) throws InterruptedException {
        var settings = new ArrayList<>(List.of("roleArn", rgw.roleArn(), "stsEndpoint", rgw.url()));
        settings.addAll(List.of(keys));
        return trip.capture("one", Optional.empty(), settings.toArray(String[]::new))
                .read();
    }

    @Test
    void aBucketIsReadWithTheCredentialsOfTheRole() throws InterruptedException {
        trip.buckets.make(trip.bucket, false);
        trip.buckets.put(trip.bucket, "k", "v");

        assertThat(capture()).contains(KeyPath.of("k", "null"));
    }

    @Test
    void whoMayNotAssumeTheRoleReadsTheNameOfTheCallAndTheWayOut() {
        trip.buckets.make(trip.bucket, false);

        assertThatThrownBy(() -> capture(
                        "accessKeyId", rgw.strangersAccessKeyId(), "secretAccessKey", rgw.strangersSecretAccessKey()))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("AssumeRole for bucket " + trip.bucket)
                .hasMessageContaining("whom the role trusts");
    }
}

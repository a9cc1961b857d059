package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.testkit.connector.ChangeFeedContract;
import dev.coffer.testkit.s3.CephRgw;
import dev.coffer.testkit.time.TestClock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Buckets of a real Ceph RGW, followed by their listings. */
@ExtendWith(CephRgw.Extension.class)
final class BucketFeedContractTest implements ChangeFeedContract {
    private final Buckets buckets;
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);

    BucketFeedContractTest(CephRgw rgw) {
        buckets = new Buckets(rgw);
    }

    @AfterEach
    void close() {
        clients.close();
        buckets.close();
    }

    @Override
    public Changing changing() throws Exception {
        var bucket = "feed-" + UUID.randomUUID();
        buckets.make(bucket, true);
        var connector = new S3Connector(clients, new TestClock(Instant.now()), Thread::sleep, new Random(1));
        return new FollowedBucket(connector, buckets, bucket, buckets.source(bucket));
    }
}

package dev.coffer.aws.s3;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.aws.endpoint.Pause;
import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.ChangeFeed;
import dev.coffer.core.connector.ConnectorSpec;
import dev.coffer.core.connector.ConnectorSpec.Feature;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.ItemSearch;
import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.ResourceFacts;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * S3 buckets behind any endpoint that speaks the API. Settings of a source are those of its endpoint, {@code bucket}, and the options of the backup; docs/operating/s3.md has them, and what a backup holds and a restore does.
 *
 * <p>An image is as consistent as a listing: each object is from one moment, and the objects are from different ones.
 */
public final class S3Connector implements ResourceConnector {
    private static final int JOBS_AT_ONCE = 4;
    private static final int RANGE_BUFFERS = 8;

    private final S3Access access;
    private final InstantSource clock;
    private final Duration late;
    private final RangeBuffers rangeBuffers = new RangeBuffers(RANGE_BUFFERS);

    /**
     * A connector that uses the clients, which the caller closes.
     *
     * @param pause passes the time between attempts
     * @param random spreads the pauses
     */
    public S3Connector(EndpointClients clients, InstantSource clock, Pause pause, RandomGenerator random) {
        this(clients, clock, pause, random, Calls.Patience.USUAL);
    }

    S3Connector(
            EndpointClients clients,
            InstantSource clock,
            Pause pause,
            RandomGenerator random,
            Calls.Patience patience) {
        this(clients, clock, pause, random, patience, NotifiedRound.LATE);
    }

    S3Connector(
            EndpointClients clients,
            InstantSource clock,
            Pause pause,
            RandomGenerator random,
            Calls.Patience patience,
            Duration late) {
        this.late = late;
        this.access = new S3Access(clients, patience, pause, random);
        this.clock = clock;
    }

    /** Finds buckets by the same clients. */
    public Discovery discovery() {
        return new S3Discovery(access);
    }

    @Override
    public ConnectorSpec spec() {
        return new ConnectorSpec(
                ResourceType.S3, Set.of(Feature.INCREMENTAL, Feature.ITEM_RESTORE, Feature.CONTINUOUS), JOBS_AT_ONCE);
    }

    @Override
    public Optional<Problem> objectionToOptions(Map<String, String> options) {
        return BackupOptions.objectionTo(options);
    }

    @Override
    public ResourceFacts describe(Source source) throws InterruptedException {
        var bucket = S3Access.bucket(source);
        var options = BackupOptions.of(source.settings());
        try (var calls = access.open(source.settings(), bucket)) {
            checkThere(calls, bucket);
            return new ResourceFacts(
                    bucket,
                    S3Discovery.tags(calls, bucket).orElseThrow(() -> gone(bucket)),
                    Map.of(
                            "DestinationBucketName",
                            bucket,
                            "NewBucket",
                            "false",
                            "Encrypted",
                            "false",
                            "EncryptionType",
                            "original",
                            "RestoreACLs",
                            Boolean.toString(options.acls()),
                            "BackupACLs",
                            options.acls() ? "enabled" : "disabled",
                            "BackupObjectTags",
                            options.tags() ? "enabled" : "disabled"));
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    private static void checkThere(Calls calls, String bucket) throws InterruptedException {
        try {
            calls.make("HeadBucket", "", client -> client.headBucket(request -> request.bucket(bucket)));
        } catch (S3Failure failure) {
            throw failure.kind() == Kind.NOT_FOUND ? gone(bucket) : failure.told();
        }
    }

    static SourceException gone(String bucket) {
        return new SourceException.NotFound("The bucket " + bucket + " does not exist behind its endpoint any more.");
    }

    @Override
    public CaptureSummary capture(Source source, WriteSession session, Activity activity) throws InterruptedException {
        var bucket = S3Access.bucket(source);
        try (var calls = access.open(source.settings(), bucket)) {
            checkThere(calls, bucket);
            return capture(calls, source, session, activity, Optional.empty()).run();
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    /** A capture that begins now, of any kind. */
    BucketCapture capture(
            Calls calls, Source source, WriteSession session, Activity activity, Optional<RecoveryPointReader> beside) {
        return new BucketCapture(
                calls,
                S3Access.bucket(source),
                BackupOptions.of(source.settings()),
                session,
                activity,
                rangeBuffers,
                clock.instant(),
                beside);
    }

    @Override
    public Optional<ChangeFeed> changeFeed() {
        return Optional.of(new BucketFeed(access, clock, this, late));
    }

    @Override
    public Optional<ItemSearch> search() {
        return Optional.of(new ObjectSearch());
    }

    @Override
    public Optional<Problem> objectionTo(Map<String, String> metadata) {
        return RestoreOrder.objectionTo(metadata);
    }

    @Override
    public Optional<Map<String, String>> safetyPoint(Arn original, Map<String, String> metadata) {
        var order = RestoreOrder.of(metadata);
        if (!order.inPlace()) {
            return Optional.empty();
        }
        if (!Arn.ofBucket(order.bucket()).equals(original)) {
            throw new Refused(Problem.invalid("coffer:inPlace brings the bucket of the backup itself back, which is "
                    + original + ". Name it as DestinationBucketName, or leave coffer:inPlace out."));
        }
        return Optional.of(order.acls() ? Map.of(BackupOptions.ACLS, "enabled") : Map.of());
    }

    @Override
    public Restored restore(RestoreRequest request, RecoveryPointReader point, Activity activity)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("stopped before the restore began");
        }
        RestoreOrder order;
        try {
            order = RestoreOrder.of(request.metadata());
        } catch (Refused refused) {
            throw new SourceException.Impossible(refused.problem().message(), refused);
        }
        if (order.acls() && !withAcls(point)) {
            throw new SourceException.Impossible(
                    "Unable to restore Access Control Lists (ACLs) for bucket because backup was created with the"
                            + " 'BackupACLs' option disabled. Please proceed with restoring without ACLs");
        }
        boolean versioned = CarriedSettings.of(point, BucketSetting.VERSIONING)
                .filter(json -> json.contains("Enabled"))
                .isPresent();
        if (order.inPlace()
                && !Arn.ofBucket(order.bucket())
                        .toString()
                        .equals(point.manifest().point().resourceArn())) {
            throw new SourceException.Impossible("coffer:inPlace is for the bucket of the backup, "
                    + point.manifest().point().resourceArn() + ".");
        }
        boolean locked = order.configuration()
                && CarriedSettings.of(point, BucketSetting.OBJECT_LOCK).isPresent();
        try (var target = TargetBucket.open(access, request, order, versioned, locked)) {
            return new BucketRestore(point, request, order, target, activity, rangeBuffers, clock).run();
        } catch (S3Failure failure) {
            throw failure.told();
        }
    }

    private static boolean withAcls(RecoveryPointReader point) throws InterruptedException {
        return point.find(BucketCapture.BUCKET)
                .filter(item ->
                        item.attributes().number(BucketCapture.WITH_ACLS).isPresent())
                .isPresent();
    }
}

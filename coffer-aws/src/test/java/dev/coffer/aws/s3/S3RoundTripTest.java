package dev.coffer.aws.s3;

import static dev.coffer.testkit.connector.ConnectorContract.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.aws.endpoint.EndpointClients;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.Source;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.connector.ConnectorContract;
import dev.coffer.testkit.connector.ObservedSession;
import dev.coffer.testkit.repository.MemoryRepositories;
import dev.coffer.testkit.s3.CephRgw;
import dev.coffer.testkit.time.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.Tag;

/** Buckets of a real Ceph RGW, captured, changed, captured, deleted and restored at both points. */
@ExtendWith(CephRgw.Extension.class)
final class S3RoundTripTest {
    private final Buckets buckets;
    private final TestClock clock = new TestClock(Instant.now());
    private final EndpointClients clients = new EndpointClients(EndpointPolicy.USUAL);
    private final S3Connector connector = new S3Connector(clients, clock, Thread::sleep, new Random(1));
    private final Repository repository;
    private final String bucket = "trip-" + UUID.randomUUID();
    private int jobs;

    S3RoundTripTest(CephRgw rgw) {
        buckets = new Buckets(rgw);
        var repositories = new MemoryRepositories();
        var name = new VaultName("vault");
        var id = new VaultId(new UUID(1, 1));
        repositories.create(SCOPE, name, id);
        repository = repositories.open(SCOPE, name, id);
    }

    @AfterEach
    void close() {
        clients.close();
        buckets.close();
    }

    private ObservedSession capture(String id, Optional<String> parent, String... options) throws InterruptedException {
        var chosen = new HashMap<String, String>();
        for (int i = 0; i < options.length; i += 2) {
            chosen.put(options[i], options[i + 1]);
        }
        return ConnectorContract.capture(
                connector, repository, buckets.source(bucket).with(chosen), id, parent.map(SessionId::new));
    }

    private Restored restore(String id, String... metadata) throws InterruptedException {
        return restoreAs("%08X-0000-0000-0000-000000000000".formatted(++jobs), id, metadata);
    }

    private Restored restoreAs(String job, String id, String... metadata) throws InterruptedException {
        var all = new HashMap<String, String>();
        for (int i = 0; i < metadata.length; i += 2) {
            all.put(metadata[i].toLowerCase(java.util.Locale.ROOT), metadata[i + 1]);
        }
        assertThat(connector.objectionTo(all)).isEmpty();
        try (var point = repository.open(new SessionId(id))) {
            return connector.restore(
                    new RestoreRequest(job, Instant.now(), SCOPE, all, Map.of(), buckets.targets()),
                    point,
                    (_, _) -> {});
        }
    }

    private void putOdd(String round) {
        for (var key : KeyPathTest.ODD) {
            buckets.put(bucket, key, round + key);
        }
        buckets.put(
                bucket,
                "described",
                ("d" + round).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                request -> request.contentType("text/x-odd; charset=utf-8")
                        .contentEncoding("identity")
                        .contentLanguage("de")
                        .contentDisposition("attachment; filename=\"x\"")
                        .cacheControl("no-cache")
                        .metadata(Map.of("owner", "team " + round))
                        .tagging("a=1&b=x%2F%20y"));
        buckets.put(bucket, "empty", "");
        var random = new byte[20_000_000];
        new Random(round.hashCode()).nextBytes(random);
        buckets.put(bucket, "large", random, _ -> {});
        var medium = new byte[3_000_000];
        new Random(1).nextBytes(medium);
        buckets.put(bucket, "medium", medium, _ -> {});
    }

    @Test
    void bothPointsComeBackWithContentMetadataTagsAndVersionsAfterEverythingWasDeleted() throws Exception {
        buckets.make(bucket, true);
        putOdd("one");
        var first = buckets.snapshot(bucket);
        capture("one", Optional.empty());
        putOdd("two");
        buckets.delete(bucket, "described");
        buckets.delete(bucket, "a/b");
        buckets.put(bucket, "a/b", "back again");
        var second = buckets.snapshot(bucket);
        var session = capture("two", Optional.of("one"));
        assertThat(session.kept())
                .filteredOn(path -> path.isWithin(KeyPath.OBJECTS))
                .hasSizeGreaterThanOrEqualTo(KeyPathTest.ODD.size());
        buckets.empty(bucket);
        assertThat(buckets.snapshot(bucket)).isEmpty();

        restore("one", "DestinationBucketName", bucket + "-1", "NewBucket", "true", "RestoreLatestVersionsUpTo", "all");
        assertThat(buckets.snapshot(bucket + "-1")).isEqualTo(first);
        var restored = restore(
                "two", "DestinationBucketName", bucket + "-2", "NewBucket", "true", "RestoreLatestVersionsUpTo", "all");
        assertThat(restored.notRestored()).isEmpty();
        assertThat(buckets.snapshot(bucket + "-2")).isEqualTo(second);

        restore("two", "DestinationBucketName", bucket);
        var latest = new java.util.TreeMap<String, List<String>>();
        second.forEach((key, versions) -> {
            if (!versions.getLast().equals("deleted")) {
                latest.put(key, List.of(versions.getLast()));
            }
        });
        assertThat(buckets.snapshot(bucket)).isEqualTo(latest);
    }

    @Test
    void anUnchangedBucketIsNotRead() throws Exception {
        buckets.make(bucket, false);
        for (int i = 0; i < 300; i++) {
            buckets.put(bucket, "k/" + i, "v" + i);
        }
        capture("one", Optional.empty());
        var session = capture("two", Optional.of("one"));

        assertThat(session.read()).isEmpty();
        assertThat(session.kept())
                .filteredOn(path -> path.isWithin(KeyPath.OBJECTS))
                .hasSize(300);
    }

    @Test
    void changedTagsAreSeenWithinTheDaysOfTheRecheckAndAtOnceWithZero() throws Exception {
        buckets.make(bucket, true);
        buckets.put(bucket, "k", "v");
        capture("one", Optional.empty());
        buckets.client()
                .putObjectTagging(request -> request.bucket(bucket)
                        .key("k")
                        .tagging(tags ->
                                tags.tagSet(Tag.builder().key("new").value("1").build())));
        capture("two", Optional.of("one"), "recheckDays", "0");
        restore("two", "DestinationBucketName", bucket + "-r", "NewBucket", "true");
        assertThat(buckets.snapshot(bucket + "-r")).isEqualTo(buckets.snapshot(bucket));

        buckets.client().deleteObjectTagging(request -> request.bucket(bucket).key("k"));
        clock.advance(Duration.ofDays(30));
        capture("three", Optional.of("two"));
        restore("three", "DestinationBucketName", bucket + "-s", "NewBucket", "true");
        assertThat(buckets.snapshot(bucket + "-s")).isEqualTo(buckets.snapshot(bucket));
    }

    @Test
    void nothingThatExistsIsTouchedUnlessTheOrderSaysSo() throws Exception {
        buckets.make(bucket, false);
        buckets.put(bucket, "a/1", "one");
        buckets.put(bucket, "a/2", "two");
        buckets.put(bucket, "b/3", "three");
        capture("one", Optional.empty());
        var before = buckets.latest(bucket);
        buckets.put(bucket, "a/1", "newer");
        buckets.delete(bucket, "b/3");

        var skipped = restore("one", "DestinationBucketName", bucket);
        assertThat(skipped.notRestored()).singleElement().satisfies(item -> {
            assertThat(item.path()).hasToString("/objects/a/1!/null");
            assertThat(item.reason()).contains("exists already");
        });
        assertThat(buckets.latest(bucket)).containsEntry("b/3", before.get("b/3"));
        assertThat(buckets.latest(bucket).get("a/1")).startsWith("5 ");

        restoreAs("ABCDEF12-1", "one", "DestinationBucketName", bucket, "coffer:conflict", "rename");
        assertThat(buckets.latest(bucket)).containsEntry("a/1.restored-ABCDEF12", before.get("a/1"));
        assertThat(buckets.latest(bucket).get("a/1")).startsWith("5 ");

        restore("one", "DestinationBucketName", bucket, "coffer:prefix", "a/", "coffer:targetPrefix", "copy/of/");
        assertThat(buckets.latest(bucket))
                .containsEntry("copy/of/1", before.get("a/1"))
                .containsEntry("copy/of/2", before.get("a/2"))
                .doesNotContainKey("copy/of/3");

        restore("one", "DestinationBucketName", bucket, "coffer:conflict", "overwrite");
        assertThat(buckets.latest(bucket)).containsAllEntriesOf(before);
    }

    @Test
    void someItemsAreRestoredAndNoMatchIsTold() throws Exception {
        buckets.make(bucket, false);
        for (var key : List.of("x/1", "x/2", "xy", "z")) {
            buckets.put(bucket, key, key);
        }
        capture("one", Optional.empty());
        var target = bucket + "-i";
        buckets.make(target, false);

        restore(
                "one",
                "DestinationBucketName",
                target,
                "ItemsToRestore",
                "[\"s3://" + bucket + "/x/\",\"z\",\"x/1\",\"z\"]");
        assertThat(buckets.latest(target).keySet()).containsExactly("x/1", "x/2", "z");

        var none = restore("one", "DestinationBucketName", target, "ItemsToRestore", "nothing/");
        assertThat(none.notRestored())
                .singleElement()
                .satisfies(item -> assertThat(item.reason())
                        .startsWith("There are no objects that match the restore request for arn:aws:backup:"));
    }

    @Test
    void aRepeatedRestoreGoesOnAndADeletedKeyComesBack() throws Exception {
        buckets.make(bucket, true);
        buckets.put(bucket, "k", "v1");
        buckets.put(bucket, "k", "v2");
        buckets.put(bucket, "gone", "g");
        capture("one", Optional.empty());
        var target = bucket + "-p";
        buckets.make(target, true);
        buckets.put(target, "k", "v1");

        restore("one", "DestinationBucketName", target, "RestoreLatestVersionsUpTo", "all");
        assertThat(buckets.snapshot(target)).isEqualTo(buckets.snapshot(bucket));
        restore("one", "DestinationBucketName", target, "RestoreLatestVersionsUpTo", "all");
        assertThat(buckets.snapshot(target)).isEqualTo(buckets.snapshot(bucket));

        buckets.delete(bucket, "gone");
        restore("one", "DestinationBucketName", bucket);
        assertThat(buckets.latest(bucket)).containsKey("gone");
        assertThat(buckets.snapshot(bucket).get("k")).hasSize(2);
    }

    @Test
    void anExistingBucketIsNotTakenForANewOneAndAMissingOneIsNotMade() throws Exception {
        buckets.make(bucket, false);
        buckets.put(bucket, "k", "v");
        capture("one", Optional.empty());

        assertThatThrownBy(() -> restore("one", "DestinationBucketName", bucket, "NewBucket", "true"))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("exists already");
        assertThatThrownBy(() -> restore("one", "DestinationBucketName", bucket + "-none"))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("Set NewBucket to true");
        assertThatThrownBy(() -> restore("one", "DestinationBucketName", bucket, "RestoreLatestVersionsUpTo", "2"))
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("keeps no versions");
        assertThatThrownBy(() -> restore("one", "DestinationBucketName", bucket, "RestoreACLs", "true"))
                .hasMessageContaining("backup was created with the 'BackupACLs' option disabled");
    }

    @Test
    void aclsComeBackOnRequest() throws Exception {
        buckets.make(bucket, false);
        buckets.put(bucket, "open", new byte[] {1}, request -> request.acl(ObjectCannedACL.PUBLIC_READ));
        capture("one", Optional.empty(), "BackupACLs", "enabled");

        restore("one", "DestinationBucketName", bucket + "-a", "NewBucket", "true", "RestoreACLs", "true");
        assertThat(buckets.client()
                        .getObjectAcl(request -> request.bucket(bucket + "-a").key("open"))
                        .grants())
                .anyMatch(grant -> grant.permission() == Permission.READ);
    }

    @Test
    void settingsOfTheBucketAreKeptAndCarriedOver() throws Exception {
        buckets.make(bucket, true, request -> request.objectLockEnabledForBucket(true));
        var client = buckets.client();
        client.putBucketTagging(r -> r.bucket(bucket)
                .tagging(t -> t.tagSet(Tag.builder().key("team").value("blue").build())));
        var cors = CORSRule.builder()
                .allowedMethods("GET")
                .allowedOrigins("https://example.org")
                .maxAgeSeconds(60)
                .build();
        client.putBucketCors(r -> r.bucket(bucket).corsConfiguration(c -> c.corsRules(cors)));
        var expiry = LifecycleRule.builder()
                .id("old")
                .status("Enabled")
                .filter(f -> f.prefix("tmp/"))
                .expiration(e -> e.days(3))
                .build();
        client.putBucketLifecycleConfiguration(r -> r.bucket(bucket).lifecycleConfiguration(c -> c.rules(expiry)));
        client.putBucketPolicy(r -> r.bucket(bucket)
                .policy("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\","
                        + "\"Action\":\"s3:DeleteBucket\",\"Resource\":\"arn:aws:s3:::" + bucket + "\"}]}"));
        client.putObjectLockConfiguration(r -> r.bucket(bucket)
                .objectLockConfiguration(c -> c.objectLockEnabled("Enabled")
                        .rule(rule ->
                                rule.defaultRetention(d -> d.mode("GOVERNANCE").days(1)))));
        buckets.put(bucket, "k", "locked");
        capture("one", Optional.empty());
        var target = bucket + "-c";

        var restored =
                restore("one", "DestinationBucketName", target, "NewBucket", "true", "coffer:configuration", "true");

        assertThat(restored.notRestored()).isEmpty();
        assertThat(client.getBucketTagging(r -> r.bucket(target)).tagSet())
                .extracting(Tag::key)
                .containsExactlyInAnyOrder("team", TargetBucket.JOB_TAG);
        assertThat(client.getBucketCors(r -> r.bucket(target)).corsRules())
                .isEqualTo(client.getBucketCors(r -> r.bucket(bucket)).corsRules());
        assertThat(client.getBucketLifecycleConfiguration(r -> r.bucket(target)).rules())
                .isEqualTo(client.getBucketLifecycleConfiguration(r -> r.bucket(bucket))
                        .rules());
        assertThat(client.getBucketPolicy(r -> r.bucket(target)).policy()).contains("arn:aws:s3:::" + target + "\"");
        assertThat(client.getObjectLockConfiguration(r -> r.bucket(target)).objectLockConfiguration())
                .isEqualTo(
                        client.getObjectLockConfiguration(r -> r.bucket(bucket)).objectLockConfiguration());
        assertThat(buckets.latest(target)).isEqualTo(buckets.latest(bucket));
    }

    @Test
    void bucketsAreFoundWithTheirTags() throws Exception {
        buckets.make(bucket, false);
        buckets.client()
                .putBucketTagging(r -> r.bucket(bucket)
                        .tagging(t -> t.tagSet(
                                Tag.builder().key("backup").value("daily").build())));
        var found = new ArrayList<Source>();
        connector.discovery().discover(buckets.endpoint(), found::add);

        assertThat(found)
                .filteredOn(source -> source.name().equals(bucket))
                .singleElement()
                .satisfies(source -> {
                    assertThat(source.arn()).hasToString("arn:aws:s3:::" + bucket);
                    assertThat(source.tags()).isEqualTo(Map.of("backup", "daily"));
                });
        assertThat(connector.describe(buckets.source(bucket)).tags()).isEqualTo(Map.of("backup", "daily"));
    }
}

package dev.coffer.aws.s3;

import dev.coffer.aws.s3.ObjectFacts.Head;
import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.CaptureSummary;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.WriteSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One capture of a bucket: its settings, then every version that the listing shows. What has not changed in the listing is carried over without a call. */
final class BucketCapture {
    /** The item that says how the bucket was captured. */
    static final ItemPath BUCKET = ItemPath.of("bucket");

    /** Attribute of {@link #BUCKET}: 1 if ACLs were captured. */
    static final String WITH_ACLS = "acls";

    /** Attribute of {@link #BUCKET}: the {@link ListingDigest} of what was captured. */
    static final String LISTING = "listing";

    /** Attribute of {@link #BUCKET}: the day since 1970 of the last capture that looked at what leaves no trace in listings. */
    static final String RECHECKED = "rechecked";

    private static final long SECONDS_OF_DAY = 86_400;

    private final Calls calls;
    private final String bucket;
    private final BackupOptions options;
    private final WriteSession session;
    private final Instant startedAt;
    private final Findings findings = new Findings();
    private final ObjectReader reader;
    private final ObjectLabels labels;
    private final AtomicLong doneBytes = new AtomicLong();
    private final AtomicLong captured = new AtomicLong();
    private final Optional<RecoveryPointReader> beside;

    private final ListingDigest digest = new ListingDigest();
    private Seen seen = (_, _) -> {};
    private final AtomicLong unread = new AtomicLong();
    private boolean anyObject;
    private boolean locking;
    private boolean rechecks = true;
    private long recheckedDay;

    /**
     * A capture.
     *
     * @param beside another mark that has versions which the session's parent has not
     */
    BucketCapture(
            Calls calls,
            String bucket,
            BackupOptions options,
            WriteSession session,
            Activity activity,
            RangeBuffers rangeBuffers,
            Instant startedAt,
            Optional<RecoveryPointReader> beside) {
        this.calls = calls;
        this.bucket = bucket;
        this.options = options;
        this.session = session;
        this.startedAt = startedAt;
        this.beside = beside;
        this.labels = new ObjectLabels(calls, bucket, findings);
        this.reader = new ObjectReader(
                calls, bucket, session, rangeBuffers, bytes -> activity.progress(doneBytes.addAndGet(bytes), 0));
    }

    CaptureSummary run() throws InterruptedException {
        capture();
        if (anyObject && captured.get() == 0) {
            throw new SourceException.Impossible("No objects were backed up from the source bucket " + bucket
                    + ". To get notified of these failures, enable SNS event notifications."
                    + findings.named().stream()
                            .filter(skipped -> skipped.path().isWithin(KeyPath.OBJECTS))
                            .findFirst()
                            .map(skipped -> " The first: " + skipped.reason())
                            .orElse(""));
        }
        return summary();
    }

    /** The same for a mark of a continuous backup. Unless it is scheduled, tags and ACLs of what has not changed are left for later. */
    CaptureSummary follow(boolean scheduled) throws InterruptedException {
        rechecks = scheduled;
        capture();
        return summary();
    }

    /** Is told of every version that is listed, by one thread. */
    @FunctionalInterface
    interface Seen {
        /** @param known whether a mark before has the version as it is */
        void seen(Listed listed, boolean known);
    }

    /** The same, telling of what is listed. */
    CaptureSummary follow(boolean scheduled, Seen observer) throws InterruptedException {
        seen = observer;
        return follow(scheduled);
    }

    /**
     * A mark of changes: what the one before has, and all versions of some keys as they are now.
     *
     * @param before the session's parent
     * @param versionsByKey with an empty list for a key that is gone
     */
    CaptureSummary told(RecoveryPointReader before, Map<String, List<Listed>> versionsByKey)
            throws InterruptedException {
        rechecks = false;
        var again = new HashSet<ItemPath>();
        versionsByKey.keySet().forEach(key -> again.add(ToldKeys.path(key)));
        ToldKeys.carry(before, session, again);
        try (var hands = new Hands("changes of " + bucket, Calls.AT_MOST)) {
            for (var entry : versionsByKey.entrySet()) {
                ToldKeys.put(session, ToldKeys.path(entry.getKey()));
                for (var listed : entry.getValue()) {
                    visit(hands, listed);
                }
            }
            hands.finish();
        }
        return summary();
    }

    /** How many versions were listed and could not be captured. */
    long unread() {
        return unread.get();
    }

    private CaptureSummary summary() {
        return new CaptureSummary(startedAt, findings.count(), findings.named());
    }

    private void capture() throws InterruptedException {
        recheckedDay = session.inherited(BUCKET)
                .map(item -> item.attributes().number(RECHECKED).orElse(Long.MIN_VALUE / 2))
                .orElse(Long.MIN_VALUE / 2);
        settings();
        try (var hands = new Hands("capture of " + bucket, Calls.AT_MOST)) {
            new VersionListing(calls, bucket, "").eachAhead(listed -> {
                digest.add(listed);
                visit(hands, listed);
                return true;
            });
            hands.finish();
        }
        var about = Attributes.builder()
                .number(RECHECKED, rechecks ? today() : recheckedDay)
                .text(LISTING, digest.end());
        if (options.acls()) {
            about.number(WITH_ACLS, 1);
        }
        session.put(BUCKET, ItemKind.DIRECTORY, about.build());
    }

    private long today() {
        return Math.floorDiv(startedAt.getEpochSecond(), SECONDS_OF_DAY);
    }

    private void settings() throws InterruptedException {
        for (var setting : BucketSetting.values()) {
            var path = BUCKET.child(setting.fileName().getBytes(StandardCharsets.UTF_8));
            Optional<String> json = Optional.empty();
            try {
                json = setting.read(calls, bucket);
            } catch (S3Failure failure) {
                var before = session.inherited(path);
                if (failure.kind() == Kind.DENIED || (before.isPresent() && failure.kind() == Kind.UNREACHABLE)) {
                    findings.add(path, "the setting could not be read: " + failure.text());
                } else if (failure.kind() == Kind.THROTTLED || failure.isBucketGone()) {
                    throw failure;
                }
                // Else the bucket has no such setting, or the endpoint does not know of it.
            }
            if (json.isPresent()) {
                locking |= setting == BucketSetting.OBJECT_LOCK;
                putSetting(path, json.get().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void putSetting(ItemPath path, byte[] json) throws InterruptedException {
        var md5 = Md5.hex(Md5.bytes(json, json.length));
        var attributes = Attributes.builder().text(ObjectFacts.ETAG, md5).build();
        var inherited = session.inherited(path)
                .filter(item -> item.size() == json.length
                        && item.attributes()
                                .text(ObjectFacts.ETAG)
                                .filter(md5::equals)
                                .isPresent());
        if (inherited.isPresent()) {
            session.keep(inherited.get(), attributes);
            return;
        }
        try (var writer = session.open(path, ItemKind.FILE)) {
            writer.write(ByteBuffer.wrap(json));
            writer.finish(attributes);
        }
    }

    private void visit(Hands hands, Listed listed) throws InterruptedException {
        if (listed.key().getBytes(StandardCharsets.UTF_8).length > 4 * KeyPath.KEY_BYTES_AT_MOST) {
            throw new S3Failure(
                    Kind.LYING,
                    "The listing of bucket " + bucket + " shows a key of more than 4096 bytes; S3 has 1024.");
        }
        var path = KeyPath.of(listed.key(), listed.versionId());
        var inherited = inherited(path, listed);
        seen.seen(listed, inherited.isPresent());
        if (inherited.isPresent()) {
            keep(hands, inherited.get(), listed);
        } else if (listed.deleteMarker()) {
            try (var writer = session.open(path, ItemKind.FILE)) {
                writer.finish(ObjectFacts.marker(listed));
            }
        } else {
            anyObject = true;
            hands.handOut(() -> read(path, listed));
        }
    }

    /** The version as a mark before has it, if it has not changed. */
    private Optional<Item> inherited(ItemPath path, Listed listed) throws InterruptedException {
        var inherited = session.inherited(path).filter(item -> ObjectFacts.same(item, listed));
        return inherited.isPresent() || beside.isEmpty()
                ? inherited
                : beside.get().find(path).filter(item -> ObjectFacts.same(item, listed));
    }

    private void keep(Hands hands, Item inherited, Listed listed) throws InterruptedException {
        if (listed.deleteMarker()) {
            session.keep(
                    inherited,
                    ObjectFacts.kept(inherited, listed, Optional.empty(), Optional.empty(), Optional.empty()));
            return;
        }
        anyObject = true;
        captured.incrementAndGet();
        var tags = inherited.attributes().text(ObjectFacts.TAGS).filter(_ -> options.tags());
        var acl = inherited.attributes().text(ObjectFacts.ACL).filter(_ -> options.acls());
        boolean due = rechecks
                && (options.tags() || options.acls() || locking)
                && options.recheckDue(listed.key(), recheckedDay, today());
        boolean missing = (options.tags() && tags.isEmpty()) || (options.acls() && acl.isEmpty());
        if (due || missing) {
            hands.handOut(() -> again(inherited, listed));
        } else {
            session.keep(inherited, ObjectFacts.kept(inherited, listed, Optional.empty(), tags, acl));
        }
    }

    /** Carries the content over and reads what may change without a trace in the listing. */
    private void again(Item inherited, Listed listed) throws InterruptedException {
        var tags = inherited.attributes().text(ObjectFacts.TAGS).filter(_ -> options.tags());
        var acl = inherited.attributes().text(ObjectFacts.ACL).filter(_ -> options.acls());
        var headers = Optional.<String>empty();
        try {
            if (locking) {
                headers = Optional.of(
                        Pairs.text(reader.head(listed).withLocksOn(ObjectFacts.pairs(inherited, ObjectFacts.HEADERS))));
            }
            if (options.tags()) {
                tags = labels.tags(inherited.path(), listed);
            }
            if (options.acls()) {
                acl = labels.acl(inherited.path(), listed);
            }
        } catch (S3Failure failure) {
            note(inherited.path(), failure);
        }
        session.keep(inherited, ObjectFacts.kept(inherited, listed, headers, tags, acl));
    }

    private void read(ItemPath path, Listed listed) throws InterruptedException {
        try {
            reader.read(listed, (current, head) -> attributes(path, current, head));
            captured.incrementAndGet();
        } catch (S3Failure failure) {
            unread.incrementAndGet();
            note(path, failure);
        }
    }

    private Attributes attributes(ItemPath path, Listed listed, Head head) throws InterruptedException {
        var tags = Optional.<String>empty();
        if (options.tags()) {
            tags = head.tags().none() ? Optional.of("") : labels.tags(path, listed);
        }
        var acl = options.acls() ? labels.acl(path, listed) : Optional.<String>empty();
        return ObjectFacts.attributes(listed, head, tags, acl);
    }

    /** Names an object that cannot be captured, or ends the job if it is not the object's fault. */
    private void note(ItemPath path, S3Failure failure) {
        switch (failure.kind()) {
            case THROTTLED, UNREACHABLE, TRUNCATED, LYING -> throw failure;
            case NOT_FOUND -> {
                if (failure.isBucketGone()) {
                    throw failure;
                }
                findings.add(path, "was deleted while the bucket was read: " + failure.text());
            }
            case DENIED, KEY_DENIED, ARCHIVED, CHANGED, LACKING, DAMAGED, REFUSED -> findings.add(path, failure.text());
        }
    }
}

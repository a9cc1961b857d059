package dev.coffer.aws.s3;

import dev.coffer.aws.s3.S3Failure.Kind;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.ItemPath;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what a version has besides its content and leaves no trace in listings: tags and ACLs. What is denied is named in the findings. */
final class ObjectLabels {
    private final Calls calls;
    private final String bucket;
    private final Findings findings;

    ObjectLabels(Calls calls, String bucket, Findings findings) {
        this.calls = calls;
        this.bucket = bucket;
        this.findings = findings;
    }

    /** The tags; an empty text if there are none, empty if they cannot be read. */
    Optional<String> tags(ItemPath path, Listed listed) throws InterruptedException {
        try {
            var tags = new TreeMap<String, String>();
            calls.make(
                            "GetObjectTagging",
                            listed.key(),
                            client -> client.getObjectTagging(request -> {
                                request.bucket(bucket).key(listed.key());
                                if (listed.needsVersion()) {
                                    request.versionId(listed.versionId());
                                }
                            }))
                    .tagSet()
                    .forEach(tag -> tags.put(tag.key(), tag.value()));
            return Optional.of(Pairs.text(tags));
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.LACKING || failure.code().equals("NoSuchTagSet")) {
                return Optional.of("");
            }
            return without(path, "its tags could not be read", failure);
        }
    }

    /** The ACL as JSON; an empty text if there is none, empty if it cannot be read. */
    Optional<String> acl(ItemPath path, Listed listed) throws InterruptedException {
        try {
            return PojoJson.text(calls.make(
                            "GetObjectAcl",
                            listed.key(),
                            client -> client.getObjectAcl(request -> {
                                request.bucket(bucket).key(listed.key());
                                if (listed.needsVersion()) {
                                    request.versionId(listed.versionId());
                                }
                            })))
                    .or(() -> Optional.of(""));
        } catch (S3Failure failure) {
            if (failure.kind() == Kind.LACKING) {
                return Optional.of("");
            }
            return without(path, "its ACL could not be read", failure);
        }
    }

    /** The object is captured without what could not be read of it, and named. */
    private Optional<String> without(ItemPath path, String what, S3Failure failure) {
        if (failure.kind() != Kind.DENIED && failure.kind() != Kind.REFUSED) {
            throw failure;
        }
        findings.add(path, what + ": " + failure.text());
        return Optional.empty();
    }
}

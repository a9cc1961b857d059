package dev.coffer.aws.s3;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.store.ByteRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** The settings of the original bucket on the new one, after its objects: a policy or a notification must not get in their way. What the endpoint refuses is named. */
final class CarriedSettings {
    private static final int LONGEST = 1 << 20;

    private final RecoveryPointReader point;
    private final TargetBucket target;
    private final String jobId;
    private final Findings findings;

    CarriedSettings(RecoveryPointReader point, TargetBucket target, String jobId, Findings findings) {
        this.point = point;
        this.target = target;
        this.jobId = jobId;
        this.findings = findings;
    }

    /** The setting in the recovery point. */
    static Optional<String> of(RecoveryPointReader point, BucketSetting setting) throws InterruptedException {
        var item = point.find(BucketCapture.BUCKET.child(setting.fileName().getBytes(StandardCharsets.UTF_8)));
        if (item.isEmpty() || item.get().size() == 0 || item.get().size() > LONGEST) {
            return Optional.empty();
        }
        try (var in = point.open(item.get(), new ByteRange(0, item.get().size()))) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    void put() throws InterruptedException {
        for (var setting : BucketSetting.values()) {
            var json = of(point, setting);
            if (json.isPresent()) {
                try {
                    setting.write(target.calls(), target.name(), fitted(setting, json.get()));
                } catch (S3Failure failure) {
                    note(setting, failure.text());
                } catch (IllegalArgumentException broken) {
                    note(setting, String.valueOf(broken.getMessage()));
                }
            }
        }
    }

    private void note(BucketSetting setting, String why) {
        findings.add(
                BucketCapture.BUCKET.child(setting.fileName().getBytes(StandardCharsets.UTF_8)),
                "the setting could not be carried over: " + why);
    }

    /** A policy speaks of the new bucket instead of the old one, and the tags keep the mark of the job. */
    private String fitted(BucketSetting setting, String json) {
        if (setting == BucketSetting.POLICY) {
            var old = point.manifest().point().resourceArn();
            return json.replaceAll(Pattern.quote(old) + "(?![A-Za-z0-9.-])", "arn:aws:s3:::" + target.name());
        }
        if (setting == BucketSetting.TAGGING) {
            var tags = new ArrayList<>(
                    PojoJson.fill(Tagging.builder(), json).build().tagSet());
            tags.removeIf(
                    tag -> tag.key().equals(TargetBucket.JOB_TAG) || tag.key().startsWith("aws:"));
            tags.add(Tag.builder().key(TargetBucket.JOB_TAG).value(jobId).build());
            return PojoJson.text(Tagging.builder().tagSet(tags).build()).orElse("{}");
        }
        return json;
    }
}

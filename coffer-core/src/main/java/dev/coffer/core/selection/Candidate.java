package dev.coffer.core.selection;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.Map;

/**
 * A resource that selections may choose, as they see it.
 *
 * @param arn its ARN, as text since selections compare texts
 * @param name what people call it
 * @param tags its tags now
 */
public record Candidate(String arn, ResourceType type, String name, Map<String, String> tags) {
    private static final String RESTORE_TEST = "awsbackup-restore-test";

    public Candidate {
        tags = Map.copyOf(tags);
    }

    /** A resource that exists. */
    public static Candidate of(Source source) {
        return new Candidate(source.arn().toString(), source.type(), source.name(), source.tags());
    }

    /** A resource of which only the ARN is known, since it does not exist: its name is its id, and it has no tags. */
    public static Candidate missing(Arn arn, ResourceType type) {
        return new Candidate(arn.toString(), type, idOf(arn.toString()), Map.of());
    }

    /** Whether a restore test has made it: by AWS's mark in its name, its id or the key of a tag. */
    public boolean ofRestoreTest() {
        return name.startsWith(RESTORE_TEST)
                || idOf(arn).startsWith(RESTORE_TEST)
                || tags.keySet().stream().anyMatch(key -> key.startsWith(RESTORE_TEST));
    }

    private static String idOf(String arn) {
        return arn.substring(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
    }
}

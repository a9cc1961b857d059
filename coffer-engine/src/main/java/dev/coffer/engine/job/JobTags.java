package dev.coffer.engine.job;

import dev.coffer.core.connector.SourceException;
import dev.coffer.core.tag.Tags;
import java.util.Map;
import java.util.TreeMap;

/** The tags that go from a resource to its recovery point, and from there to what a restore makes. Tags of AWS's own are never copied (AWS Backup developer guide). */
final class JobTags {
    private static final int AT_MOST = 50;
    private static final String OF_AWS = "aws:";

    private JobTags() {}

    /** The user tags among these. */
    static Map<String, String> ofUsers(Map<String, String> tags) {
        var users = new TreeMap<>(tags);
        users.keySet().removeIf(key -> key.regionMatches(true, 0, OF_AWS, 0, OF_AWS.length()));
        return users;
    }

    /**
     * The tags of a point: the resource's with the job's put over them.
     *
     * @throws SourceException.Impossible if they are too many; the text is AWS's
     */
    static Tags ofPoint(Map<String, String> ofResource, Tags ofJob) {
        var all = new TreeMap<>(ofUsers(ofResource));
        all.putAll(ofJob.valueByKey());
        if (all.size() > AT_MOST) {
            throw new SourceException.Impossible("The resultant tag set must not have more than 50 user tags.");
        }
        return Tags.of(all);
    }
}

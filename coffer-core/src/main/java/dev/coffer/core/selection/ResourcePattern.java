package dev.coffer.core.selection;

import java.util.List;
import java.util.Set;

/**
 * An entry of Resources or NotResources: an ARN, or a pattern of ARNs.
 *
 * @param reach how closely it names what it means
 */
public record ResourcePattern(Glob glob, Reach reach) {
    private static final int PARTS = 6;
    private static final int SERVICE = 2;
    private static final int RESOURCE = 5;
    private static final String CLUSTERS = "cluster:";

    /** The beginnings of the resource part that name one type. */
    private static final List<String> TYPE_PREFIXES =
            List.of("file-system/", "table/", "volume/", "instance/", "db:", CLUSTERS);

    /** Services all of whose resources are of one type, and whose ARNs therefore do not name it. */
    private static final Set<String> ONE_TYPE = Set.of("s3");

    /** How closely a pattern names resources, which decides whether the opt-in of their type counts (AWS Backup). */
    public enum Reach {
        /** One resource, by its whole ARN. */
        ONE,
        /** Resources of one type. */
        TYPE,
        /** RDS clusters, whose ARNs several types share. */
        SHARED_TYPE,
        /** A service, or everything. */
        SERVICE;

        /** Whether a type that is opted out is left out of it. */
        public boolean heedsOptIn() {
            return switch (this) {
                case ONE, TYPE -> false;
                case SHARED_TYPE, SERVICE -> true;
            };
        }
    }

    /** Reads an entry. Every text is one; what is no ARN matches nothing. */
    public static ResourcePattern of(String text) {
        var glob = Glob.ofArns(text);
        return new ResourcePattern(glob, glob.isPlain() ? Reach.ONE : reach(text.split(":", PARTS)));
    }

    /** Whether the entry names this resource. */
    public boolean matches(String arn) {
        return glob.matches(arn);
    }

    /** The entry as it was written. */
    @Override
    public String toString() {
        return glob.toString();
    }

    private static Reach reach(String[] parts) {
        if (parts.length < PARTS || parts[SERVICE].contains("*")) {
            return Reach.SERVICE;
        }
        if (ONE_TYPE.contains(parts[SERVICE])) {
            return Reach.TYPE;
        }
        var fixed = parts[RESOURCE].substring(0, (parts[RESOURCE] + "*").indexOf('*'));
        if (TYPE_PREFIXES.stream().noneMatch(fixed::startsWith)) {
            return Reach.SERVICE;
        }
        return fixed.startsWith(CLUSTERS) ? Reach.SHARED_TYPE : Reach.TYPE;
    }
}

package dev.coffer.core.tag;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tags of one thing. AWS's rules: at most 50 user tags, keys of 1 to 128 characters that do not begin with {@code aws:}, values of at most 256.
 * Keys are case-sensitive, and two that differ in case alone are refused, since people cannot tell them apart.
 */
public record Tags(SortedMap<String, String> valueByKey) {
    private static final int AT_MOST = 50;
    private static final int KEY_LENGTH = 128;
    private static final int VALUE_LENGTH = 256;

    /** No tags. */
    public static final Tags NONE = new Tags(new TreeMap<>());

    public Tags {
        valueByKey = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(valueByKey));
        for (var tag : valueByKey.entrySet()) {
            check(tag.getKey(), tag.getValue());
        }
        var folded = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        folded.putAll(valueByKey);
        if (folded.size() != valueByKey.size()) {
            throw new Refused(Problem.invalid("Two tag keys differ in upper and lower case alone. Use one of them."));
        }
    }

    /** Tags of a request. */
    public static Tags of(Map<String, String> valueByKey) {
        return new Tags(new TreeMap<>(valueByKey));
    }

    /**
     * These tags with the given ones put over them.
     *
     * @throws Refused if the result has more than 50
     */
    public Tags with(Tags more) {
        var all = new TreeMap<>(valueByKey);
        all.putAll(more.valueByKey);
        if (all.size() > AT_MOST) {
            throw new Refused(Problem.of(
                    Problem.Kind.LIMIT_EXCEEDED,
                    "The resultant tag set must not have more than 50 user tags. It would have " + all.size() + "."));
        }
        return new Tags(all);
    }

    /** These tags without the given keys; keys that are not there change nothing. */
    public Tags without(Set<String> keys) {
        var rest = new TreeMap<>(valueByKey);
        rest.keySet().removeAll(keys);
        return new Tags(rest);
    }

    private static void check(String key, String value) {
        if (key.isEmpty() || key.length() > KEY_LENGTH) {
            throw new Refused(Problem.invalid("A tag key has 1 to 128 characters."));
        }
        if (key.regionMatches(true, 0, "aws:", 0, 4)) {
            throw new Refused(Problem.invalid("Tag keys that begin with aws: are reserved for AWS. Use another key."));
        }
        if (value.length() > VALUE_LENGTH) {
            throw new Refused(Problem.invalid("A tag value has at most 256 characters."));
        }
    }
}

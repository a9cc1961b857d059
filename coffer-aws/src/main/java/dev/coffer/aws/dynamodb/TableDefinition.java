package dev.coffer.aws.dynamodb;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table without its items, as a point keeps it: what a restore needs to make one like it.
 *
 * @param types the types of the attributes in keys, S, N or B, by their names
 * @param provisioned absent if requests are paid one by one
 * @param most the bounds of a table whose requests are paid one by one
 * @param encryption absent for a key that DynamoDB owns
 * @param timeToLive the attribute that says when an item expires
 * @param recoveryDays for how many days the service itself can restore the table; absent if it does not
 * @param tags user's tags
 */
record TableDefinition(
        String name,
        PrimaryKey key,
        SortedMap<String, String> types,
        Optional<Throughput> provisioned,
        Optional<Throughput> most,
        List<Index> globalIndexes,
        List<Index> localIndexes,
        Optional<String> streamView,
        Optional<Encryption> encryption,
        Optional<String> timeToLive,
        Optional<Integer> recoveryDays,
        String tableClass,
        boolean deletionProtection,
        SortedMap<String, String> tags) {
    static final String STANDARD = "STANDARD";

    TableDefinition {
        types = new TreeMap<>(types);
        globalIndexes = List.copyOf(globalIndexes);
        localIndexes = List.copyOf(localIndexes);
        tags = new TreeMap<>(tags);
    }

    /** Units for a second; for bounds, -1 is none. */
    record Throughput(long reads, long writes) {}

    /** One attribute of an index's key; the role is HASH or RANGE. */
    record KeyPart(String name, String role) {}

    /**
     * A secondary index.
     *
     * @param projection ALL, KEYS_ONLY or INCLUDE
     * @param included attributes beside the keys, for INCLUDE
     */
    record Index(
            String name,
            List<KeyPart> keys,
            String projection,
            List<String> included,
            Optional<Throughput> provisioned,
            Optional<Throughput> most) {
        Index {
            keys = List.copyOf(keys);
            included = List.copyOf(included);
        }
    }

    /** A KMS key; without an ARN the service's own of the account. */
    record Encryption(Optional<String> keyArn) {}
}

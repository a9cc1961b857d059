package dev.coffer.aws.dynamodb;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the metadata of a DynamoDB restore asks for. Keys as AWS Backup has them; those that begin with {@code coffer:} are our own. An empty value counts as an absent one.
 *
 * @param table the target
 * @param existing whether the target is there already
 * @param encryption absent: like the table that was backed up
 * @param deletionProtection absent: like the table that was backed up
 * @param indexes whether secondary indexes are made
 * @param settings whether stream, time to live, point-in-time recovery, tags and deletion protection are carried over
 * @param overwrite whether an item of an existing table gives way
 */
record RestoreOrder(
        String table,
        boolean existing,
        Optional<Encryption> encryption,
        Optional<Boolean> deletionProtection,
        boolean indexes,
        boolean settings,
        boolean overwrite,
        KeyChoice items) {
    private static final Pattern TABLE = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
    private static final Pattern KEY = Pattern.compile("arn:aws[-a-z]*:kms:[^:]*:[^:]*:(?:key|alias)/.+");

    private static final String TARGET = "targettablename";
    private static final String ENCRYPTION = "encryptiontype";
    private static final String KMS_KEY = "kmsmasterkeyarn";
    private static final String PROTECTION = "deletionprotection";
    private static final String REQUEST_ID = "aws:backup:request-id";
    /** Only told, by the metadata of a point. */
    static final String CONSISTENCY = "coffer:consistency";

    private static final String EXISTING = "coffer:existingtable";
    private static final String CONFLICT = "coffer:conflict";
    private static final String INDEXES = "coffer:indexes";
    private static final String SETTINGS = "coffer:settings";
    private static final String KEYS = "coffer:keys";
    private static final String CONDITION = "coffer:keycondition";

    /** Every key by its lower-case form, written as a user would. */
    private static final Map<String, String> WRITTEN = new TreeMap<>(Map.ofEntries(
            Map.entry(TARGET, "targetTableName"),
            Map.entry(ENCRYPTION, "encryptionType"),
            Map.entry(KMS_KEY, "kmsMasterKeyArn"),
            Map.entry(PROTECTION, "deletionProtection"),
            Map.entry(REQUEST_ID, "aws:backup:request-id"),
            Map.entry(CONSISTENCY, "coffer:consistency"),
            Map.entry(EXISTING, "coffer:existingTable"),
            Map.entry(CONFLICT, "coffer:conflict"),
            Map.entry(INDEXES, "coffer:indexes"),
            Map.entry(SETTINGS, "coffer:settings"),
            Map.entry(KEYS, "coffer:keys"),
            Map.entry(CONDITION, "coffer:keyCondition")));

    /** How a new table is encrypted. */
    sealed interface Encryption {
        /** By a key that DynamoDB owns. */
        record Default() implements Encryption {}

        /** By a KMS key; without an ARN the service's own of the account. */
        record Kms(Optional<String> keyArn) implements Encryption {}
    }

    /** Reads the metadata, or refuses it with the first thing that is wrong. */
    static RestoreOrder of(Map<String, String> metadata) {
        var values = new HashMap<String, String>();
        metadata.forEach((key, value) -> {
            if (!WRITTEN.containsKey(key)) {
                throw refused("Unknown restore metadata key '" + key + "'. The keys of DynamoDB are: "
                        + String.join(", ", WRITTEN.values()) + ".");
            }
            if (!value.isEmpty()) {
                values.put(key, value);
            }
        });
        var table = values.get(TARGET);
        if (table == null) {
            throw new Refused(
                    Problem.missing("The restore metadata has no targetTableName. It names the table to make."));
        }
        if (!TABLE.matcher(table).matches()) {
            throw refused("targetTableName has 3 to 255 letters, digits, underscores, hyphens and dots.");
        }
        boolean existing = flag(values, EXISTING, false);
        if (existing) {
            for (var key : new String[] {ENCRYPTION, KMS_KEY, PROTECTION, INDEXES, SETTINGS}) {
                if (values.containsKey(key)) {
                    throw refused(WRITTEN.get(key)
                            + " is for a new table. Leave it out, or set coffer:existingTable to false.");
                }
            }
        } else if (values.containsKey(CONFLICT)) {
            throw refused("coffer:conflict goes with coffer:existingTable; a new table has no conflicts.");
        }
        return new RestoreOrder(
                table,
                existing,
                encryption(values),
                values.containsKey(PROTECTION) ? Optional.of(flag(values, PROTECTION, false)) : Optional.empty(),
                !choice(values, INDEXES, "all", "none").equals("none"),
                flag(values, SETTINGS, true),
                choice(values, CONFLICT, "skip", "overwrite").equals("overwrite"),
                items(values));
    }

    /** What is wrong with the metadata. */
    static Optional<Problem> objectionTo(Map<String, String> metadata) {
        try {
            of(metadata);
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.problem());
        }
    }

    private static Optional<Encryption> encryption(Map<String, String> values) {
        var type = values.getOrDefault(ENCRYPTION, "").toLowerCase(Locale.ROOT);
        var key = Optional.ofNullable(values.get(KMS_KEY));
        key.filter(arn -> !KEY.matcher(arn).matches()).ifPresent(_ -> {
            throw refused("kmsMasterKeyArn is the ARN of a KMS key.");
        });
        return switch (type) {
            case "kms" -> Optional.of(new Encryption.Kms(key));
            case "default" -> {
                if (key.isPresent()) {
                    throw refused("kmsMasterKeyArn goes with encryptionType KMS, and encryptionType is Default.");
                }
                yield Optional.of(new Encryption.Default());
            }
            case "" -> {
                if (key.isPresent()) {
                    throw refused("kmsMasterKeyArn goes with encryptionType KMS.");
                }
                yield Optional.empty();
            }
            default -> throw refused("encryptionType is Default or KMS.");
        };
    }

    private static KeyChoice items(Map<String, String> values) {
        if (values.containsKey(KEYS) && values.containsKey(CONDITION)) {
            throw refused("coffer:keys and coffer:keyCondition exclude each other.");
        }
        var key = values.containsKey(KEYS) ? KEYS : CONDITION;
        var json = values.get(key);
        if (json == null) {
            return new KeyChoice.All();
        }
        try {
            return key.equals(KEYS) ? KeyChoice.keys(json) : KeyChoice.condition(json);
        } catch (IllegalArgumentException wrong) {
            throw refused(WRITTEN.get(key) + " cannot be used: " + wrong.getMessage() + ".");
        }
    }

    private static boolean flag(Map<String, String> values, String key, boolean otherwise) {
        return switch (values.getOrDefault(key, String.valueOf(otherwise)).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(WRITTEN.get(key) + " is true or false.");
        };
    }

    private static String choice(Map<String, String> values, String key, String first, String second) {
        var value = values.getOrDefault(key, first).toLowerCase(Locale.ROOT);
        if (value.equals(first) || value.equals(second)) {
            return value;
        }
        throw refused(WRITTEN.get(key) + " is " + first + " or " + second + ".");
    }

    private static Refused refused(String message) {
        return new Refused(Problem.invalid(message));
    }
}

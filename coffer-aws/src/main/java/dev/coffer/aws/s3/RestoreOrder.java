package dev.coffer.aws.s3;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the metadata of an S3 restore asks for. Keys and values as in the AWS Backup developer guide, "Restore S3 data"; those that begin with {@code coffer:} are our own. An empty value counts as an absent one.
 *
 * @param versions how many of the newest versions of each object; at most {@link Integer#MAX_VALUE} for all
 * @param encryption what the objects are encrypted with
 * @param items what to restore; empty for all
 * @param objectLock whether retention and legal holds are put back where the bucket can have them
 * @param inPlace whether the bucket of the backup itself goes back to the recovery point
 * @param storageClass of the objects; empty for that of the bucket, {@code original} for that which each had
 */
record RestoreOrder(
        String bucket,
        boolean newBucket,
        Encryption encryption,
        Optional<String> kmsKey,
        boolean acls,
        boolean tags,
        List<Wanted> items,
        int versions,
        String prefix,
        String targetPrefix,
        Conflict conflict,
        Optional<String> storageClass,
        boolean objectLock,
        boolean configuration,
        boolean inPlace) {
    private static final String BUCKET = "destinationbucketname";
    private static final String NEW_BUCKET = "newbucket";
    private static final String ENCRYPTED = "encrypted";
    private static final String ENCRYPTION_TYPE = "encryptiontype";
    private static final String KMS_KEY = "kmskey";
    private static final String RESTORE_ACLS = "restoreacls";
    private static final String ITEMS = "itemstorestore";
    private static final String VERSIONS = "restorelatestversionsupto";
    private static final String TIME = "restoretime";
    private static final String TOKEN = "creationtoken";
    private static final String REQUEST_ID = "aws:backup:request-id";
    private static final String BACKUP_ACLS = "backupacls";
    private static final String BACKUP_TAGS = "backupobjecttags";
    private static final String PREFIX = "coffer:prefix";
    private static final String TARGET_PREFIX = "coffer:targetprefix";
    private static final String CONFLICT = "coffer:conflict";
    private static final String TAGS = "coffer:tags";
    private static final String STORAGE_CLASS = "coffer:storageclass";
    private static final String OBJECT_LOCK = "coffer:objectlock";
    private static final String CONFIGURATION = "coffer:configuration";
    private static final String IN_PLACE = "coffer:inplace";

    /** Every key by its lower-case form, written as the guide writes it. */
    private static final Map<String, String> WRITTEN = new TreeMap<>(Map.ofEntries(
            Map.entry(BUCKET, "DestinationBucketName"),
            Map.entry(NEW_BUCKET, "NewBucket"),
            Map.entry(ENCRYPTED, "Encrypted"),
            Map.entry(ENCRYPTION_TYPE, "EncryptionType"),
            Map.entry(KMS_KEY, "KMSKey"),
            Map.entry(RESTORE_ACLS, "RestoreACLs"),
            Map.entry(ITEMS, "ItemsToRestore"),
            Map.entry(VERSIONS, "RestoreLatestVersionsUpTo"),
            Map.entry(TIME, "RestoreTime"),
            Map.entry(TOKEN, "CreationToken"),
            Map.entry(REQUEST_ID, "aws:backup:request-id"),
            Map.entry(BACKUP_ACLS, "BackupACLs"),
            Map.entry(BACKUP_TAGS, "BackupObjectTags"),
            Map.entry(PREFIX, "coffer:prefix"),
            Map.entry(TARGET_PREFIX, "coffer:targetPrefix"),
            Map.entry(CONFLICT, "coffer:conflict"),
            Map.entry(TAGS, "coffer:tags"),
            Map.entry(STORAGE_CLASS, "coffer:storageClass"),
            Map.entry(OBJECT_LOCK, "coffer:objectLock"),
            Map.entry(CONFIGURATION, "coffer:configuration"),
            Map.entry(IN_PLACE, "coffer:inPlace")));

    RestoreOrder {
        items = List.copyOf(items);
    }

    /** With what objects are encrypted. */
    enum Encryption {
        /** With what they were encrypted with at the backup. */
        ORIGINAL,
        SSE_S3,
        SSE_KMS
    }

    /** An object, or all objects whose keys begin so. */
    record Wanted(String key, boolean folder) {
        boolean matches(String other) {
            return folder ? other.startsWith(key) : other.equals(key);
        }
    }

    /** Whether the object is asked for. */
    boolean wants(String key) {
        return key.startsWith(prefix) && (items.isEmpty() || items.stream().anyMatch(item -> item.matches(key)));
    }

    /** The key in the target. */
    String targetKey(String key) {
        return targetPrefix + key.substring(prefix.length());
    }

    /** Reads the metadata, or refuses it with the first thing that is wrong. */
    static RestoreOrder of(Map<String, String> metadata) {
        var values = new HashMap<String, String>();
        for (var entry : metadata.entrySet()) {
            if (!WRITTEN.containsKey(entry.getKey())) {
                throw refused("Unknown restore metadata key " + Shown.key(entry.getKey()) + ". The keys of S3 are: "
                        + String.join(", ", WRITTEN.values()) + ".");
            }
            if (!entry.getValue().isEmpty()) {
                values.put(entry.getKey(), entry.getValue());
            }
        }
        var bucket = bucket(values);
        if (values.containsKey(TIME)) {
            throw refused("RestoreTime is for continuous recovery points; this is a periodic one. Leave it out.");
        }
        boolean inPlace = flag(values, IN_PLACE, false);
        if (inPlace) {
            refuseInPlace(values);
        }
        if (flag(values, CONFIGURATION, false) && !flag(values, NEW_BUCKET, false)) {
            throw refused(
                    "coffer:configuration is for a new bucket; settings of an existing one stay as they are. Set NewBucket to true.");
        }
        flag(values, ENCRYPTED, false);
        var encryption = encryption(values);
        if (values.containsKey(KMS_KEY) && encryption == Encryption.SSE_S3) {
            throw refused(
                    "KMSKey is given and EncryptionType is SSE-S3. Set EncryptionType to SSE-KMS, or leave KMSKey out.");
        }
        return new RestoreOrder(
                bucket,
                flag(values, NEW_BUCKET, false),
                encryption,
                Optional.ofNullable(values.get(KMS_KEY)),
                flag(values, RESTORE_ACLS, false),
                flag(values, TAGS, true),
                items(values),
                versions(values),
                values.getOrDefault(PREFIX, ""),
                values.getOrDefault(TARGET_PREFIX, values.getOrDefault(PREFIX, "")),
                conflict(values),
                Optional.ofNullable(values.get(STORAGE_CLASS)).map(RestoreOrder::storageClass),
                flag(values, OBJECT_LOCK, true),
                flag(values, CONFIGURATION, false),
                inPlace);
    }

    private static void refuseInPlace(Map<String, String> values) {
        for (var key : List.of(CONFLICT, TARGET_PREFIX, VERSIONS)) {
            if (values.containsKey(key)) {
                throw refused(
                        WRITTEN.get(key)
                                + " has no meaning with coffer:inPlace, which brings the newest version of each key back under its own key. Leave it out.");
            }
        }
        if (flag(values, NEW_BUCKET, false)) {
            throw refused(
                    "NewBucket is true, and coffer:inPlace is for the bucket of the backup. Leave one of them out.");
        }
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

    private static String bucket(Map<String, String> values) {
        var bucket = Optional.ofNullable(values.get(BUCKET))
                .orElseThrow(() -> new Refused(Problem.missing(
                        "The restore metadata has no DestinationBucketName. Name the bucket to restore into.")));
        if (!bucket.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{1,253}[a-zA-Z0-9]")) {
            throw refused("DestinationBucketName " + Shown.key(bucket) + " is not the name of a bucket.");
        }
        return bucket;
    }

    private static Encryption encryption(Map<String, String> values) {
        return switch (values.getOrDefault(ENCRYPTION_TYPE, "original").toLowerCase(Locale.ROOT)) {
            case "original" -> Encryption.ORIGINAL;
            case "sse-s3" -> Encryption.SSE_S3;
            case "sse-kms" -> Encryption.SSE_KMS;
            default -> throw refused("EncryptionType is original, SSE-S3 or SSE-KMS.");
        };
    }

    private static int versions(Map<String, String> values) {
        var value = values.getOrDefault(VERSIONS, "1");
        if (value.equalsIgnoreCase("all")) {
            return Integer.MAX_VALUE;
        }
        if (value.matches("[1-9][0-9]{0,8}")) {
            return Integer.parseInt(value);
        }
        throw refused("RestoreLatestVersionsUpTo is a whole number from 1, or all.");
    }

    private static Conflict conflict(Map<String, String> values) {
        return switch (values.getOrDefault(CONFLICT, "skip").toLowerCase(Locale.ROOT)) {
            case "skip" -> Conflict.SKIP;
            case "rename" -> Conflict.RENAME;
            case "overwrite" -> Conflict.OVERWRITE;
            default -> throw refused("coffer:conflict is skip, rename or overwrite.");
        };
    }

    private static String storageClass(String value) {
        if (value.equalsIgnoreCase("original")) {
            return "original";
        }
        if (value.matches("[A-Z][A-Z0-9_-]{1,39}")) {
            return value;
        }
        throw refused("coffer:storageClass is original, or the name of a storage class such as STANDARD_IA.");
    }

    private static List<Wanted> items(Map<String, String> values) {
        var value = values.get(ITEMS);
        if (value == null) {
            return List.of();
        }
        var texts = value.stripLeading().startsWith("[") ? strings(value) : List.of(value.split(",", -1));
        var items = new ArrayList<Wanted>();
        for (var text : texts) {
            var key = text.startsWith("s3://") ? text.replaceFirst("^s3://[^/]*/?", "") : text;
            if (key.isEmpty() && !text.startsWith("s3://")) {
                throw refused("ItemsToRestore has an empty entry.");
            }
            items.add(new Wanted(key, key.isEmpty() || key.endsWith("/")));
        }
        return items;
    }

    private static List<String> strings(String json) {
        var strings = new ArrayList<String>();
        try (var parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            boolean array = parser.nextToken() == JsonToken.START_ARRAY;
            while (array && parser.nextToken() == JsonToken.VALUE_STRING) {
                strings.add(parser.getString());
            }
            if (array && parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null) {
                return strings;
            }
        } catch (JacksonException notJson) {
            // Refused below.
        }
        throw refused("ItemsToRestore is a JSON array of keys, for example [\"folder/\", \"folder/object\"].");
    }

    private static boolean flag(Map<String, String> values, String key, boolean usual) {
        return switch (values.getOrDefault(key, Boolean.toString(usual)).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(WRITTEN.get(key) + " is true or false.");
        };
    }

    private static Refused refused(String message) {
        return new Refused(Problem.invalid(message));
    }
}

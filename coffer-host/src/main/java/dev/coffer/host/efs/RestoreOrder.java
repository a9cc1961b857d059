package dev.coffer.host.efs;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.ItemPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the metadata of an EFS restore asks for. Keys and values as in the AWS Backup developer guide, "Restoring an Amazon EFS file system"; those that begin with {@code coffer:} are our own. An empty value
 * counts as an absent one.
 *
 * @param fileSystemId the target; present if it is not a new file system
 * @param items what to restore; empty for all. None is within another
 * @param directory where in the target to put it, instead of a recovery directory with a name of ours
 * @param inPlace whether items go to their original paths
 */
record RestoreOrder(
        boolean newFileSystem,
        Optional<String> fileSystemId,
        List<ItemPath> items,
        Optional<ItemPath> directory,
        boolean inPlace,
        Conflict conflict) {
    private static final int METADATA_BYTES_AT_MOST = 200 * 1024;
    private static final int TOKEN_LENGTH_AT_MOST = 64;
    private static final Pattern FILE_SYSTEM = Pattern.compile(
            "(?:arn:aws[-a-z]*:elasticfilesystem:[0-9a-z-]+:[0-9]{12}:file-system/)?(fs-[0-9a-f]{8,40})");

    private static final String FILE_SYSTEM_ID = "file-system-id";
    private static final String NEW_FILE_SYSTEM = "newfilesystem";
    private static final String ENCRYPTED = "encrypted";
    private static final String KMS_KEY_ID = "kmskeyid";
    private static final String PERFORMANCE_MODE = "performancemode";
    private static final String CREATION_TOKEN = "creationtoken";
    private static final String ITEMS_TO_RESTORE = "itemstorestore";
    private static final String SINGLE_AZ = "singleazfilesystem";
    private static final String AVAILABILITY_ZONE = "availabilityzonename";
    private static final String REQUEST_ID = "aws:backup:request-id";
    private static final String DIRECTORY = "coffer:directory";
    private static final String CONFLICT = "coffer:conflict";
    private static final String IN_PLACE = "coffer:inplace";

    /** Every key by its lower-case form, written as the guide writes it. */
    private static final Map<String, String> WRITTEN = new TreeMap<>(Map.ofEntries(
            Map.entry(FILE_SYSTEM_ID, "file-system-id"),
            Map.entry(NEW_FILE_SYSTEM, "newFileSystem"),
            Map.entry(ENCRYPTED, "Encrypted"),
            Map.entry(KMS_KEY_ID, "KmsKeyId"),
            Map.entry(PERFORMANCE_MODE, "PerformanceMode"),
            Map.entry(CREATION_TOKEN, "CreationToken"),
            Map.entry(ITEMS_TO_RESTORE, "ItemsToRestore"),
            Map.entry(SINGLE_AZ, "singleAzFilesystem"),
            Map.entry(AVAILABILITY_ZONE, "availabilityZoneName"),
            Map.entry(REQUEST_ID, "aws:backup:request-id"),
            Map.entry(DIRECTORY, "coffer:directory"),
            Map.entry(CONFLICT, "coffer:conflict"),
            Map.entry(IN_PLACE, "coffer:inplace")));

    RestoreOrder {
        items = List.copyOf(items);
    }

    /** Reads the metadata, or refuses it with the first thing that is wrong. */
    static RestoreOrder of(Map<String, String> metadata) {
        var values = new HashMap<String, String>();
        long bytes = 0;
        for (var entry : metadata.entrySet()) {
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
            if (!WRITTEN.containsKey(entry.getKey())) {
                throw refused("Unknown restore metadata key " + shown(entry.getKey()) + ". The keys of EFS are: "
                        + String.join(", ", WRITTEN.values()) + ".");
            }
            if (!entry.getValue().isEmpty()) {
                values.put(entry.getKey(), entry.getValue());
            }
        }
        if (bytes > METADATA_BYTES_AT_MOST) {
            throw refused("The restore metadata has " + bytes + " bytes; at most " + METADATA_BYTES_AT_MOST
                    + " are allowed. Restore a folder instead of its items one by one.");
        }
        if (!values.containsKey(NEW_FILE_SYSTEM)) {
            throw missing(NEW_FILE_SYSTEM, "true makes a new file system, false restores into an existing one.");
        }
        boolean newFileSystem = flag(values, NEW_FILE_SYSTEM);
        checkWhatEfsWouldCheck(values);
        var fileSystemId = fileSystemId(values, newFileSystem);
        boolean inPlace = flag(values, IN_PLACE);
        var directory = Optional.ofNullable(values.get(DIRECTORY)).map(RestoreOrder::directory);
        checkPlace(values, newFileSystem, inPlace, directory);
        return new RestoreOrder(newFileSystem, fileSystemId, items(values), directory, inPlace, conflict(values));
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

    /** Settings of a new EFS file system. A tree on a host has none of them; they are checked so that a request which passes here passes at AWS. */
    private static void checkWhatEfsWouldCheck(Map<String, String> values) {
        if (values.containsKey(KMS_KEY_ID) && values.containsKey(ENCRYPTED) && !flag(values, ENCRYPTED)) {
            throw refused("KmsKeyId is given and Encrypted is false. Set Encrypted to true, or leave KmsKeyId out.");
        }
        flag(values, ENCRYPTED);
        boolean singleAz = flag(values, SINGLE_AZ);
        if (singleAz && !values.containsKey(AVAILABILITY_ZONE)) {
            throw missing(AVAILABILITY_ZONE, "singleAzFilesystem is true.");
        }
        var mode = values.getOrDefault(PERFORMANCE_MODE, "generalPurpose");
        boolean maxIo = mode.equalsIgnoreCase("maxIO");
        if (!maxIo && !mode.equalsIgnoreCase("generalPurpose")) {
            throw refused("PerformanceMode is generalPurpose or maxIO.");
        }
        if (maxIo && singleAz) {
            throw refused("PerformanceMode maxIO and singleAzFilesystem exclude each other.");
        }
        if (values.getOrDefault(CREATION_TOKEN, "").length() > TOKEN_LENGTH_AT_MOST) {
            throw refused("CreationToken has 1 to " + TOKEN_LENGTH_AT_MOST + " characters.");
        }
    }

    private static Optional<String> fileSystemId(Map<String, String> values, boolean newFileSystem) {
        var given = Optional.ofNullable(values.get(FILE_SYSTEM_ID));
        if (given.isEmpty() && !newFileSystem) {
            throw missing(
                    FILE_SYSTEM_ID, "newFileSystem is false, so the file system to restore into has to be named.");
        }
        return given.map(id -> {
            var matcher = FILE_SYSTEM.matcher(id);
            if (!matcher.matches()) {
                throw refused("file-system-id is fs- and 8 to 40 hexadecimal digits, or the ARN of a file system.");
            }
            return matcher.group(1);
        });
    }

    private static void checkPlace(
            Map<String, String> values, boolean newFileSystem, boolean inPlace, Optional<ItemPath> directory) {
        if (inPlace && newFileSystem) {
            throw refused("coffer:inplace is for an existing file system. Set newFileSystem to false.");
        }
        if (inPlace && directory.isPresent()) {
            throw refused("coffer:inplace and coffer:directory exclude each other.");
        }
        if (newFileSystem && directory.isPresent()) {
            throw refused("coffer:directory is for an existing file system. Set newFileSystem to false.");
        }
        if (!inPlace && values.containsKey(CONFLICT)) {
            throw refused("coffer:conflict goes with coffer:inplace; otherwise nothing that exists is touched.");
        }
    }

    private static Conflict conflict(Map<String, String> values) {
        var value = values.getOrDefault(CONFLICT, "skip").toLowerCase(Locale.ROOT);
        for (var conflict : Conflict.values()) {
            if (conflict.name().toLowerCase(Locale.ROOT).equals(value)) {
                return conflict;
            }
        }
        throw refused("coffer:conflict is skip, overwrite or rename.");
    }

    private static ItemPath directory(String value) {
        try {
            var path = ItemPath.of(trimmed(value));
            if (!path.isRoot()) {
                return path;
            }
        } catch (IllegalArgumentException notAPath) {
            // Refused below.
        }
        throw refused(
                "coffer:directory is the path of a folder that does not exist yet, below the root of the file system.");
    }

    private static List<ItemPath> items(Map<String, String> values) {
        if (!values.containsKey(ITEMS_TO_RESTORE)) {
            return List.of();
        }
        var paths = new TreeSet<ItemPath>();
        for (var text : strings(values.getOrDefault(ITEMS_TO_RESTORE, ""))) {
            if (!text.startsWith("/")) {
                throw refused("ItemsToRestore has a path that does not begin with a slash: " + shown(text)
                        + ". Paths begin at the root of the file system.");
            }
            try {
                paths.add(ItemPath.of(trimmed(text)));
            } catch (IllegalArgumentException notAPath) {
                throw refused("ItemsToRestore has a path that no item can have: " + shown(text) + ".");
            }
        }
        if (paths.isEmpty()) {
            throw refused("ItemsToRestore names no item. Leave it out to restore all.");
        }
        var outermost = new ArrayList<ItemPath>();
        for (var path : paths) {
            if (outermost.isEmpty() || !path.isWithin(outermost.getLast())) {
                outermost.add(path);
            }
        }
        return outermost.getFirst().isRoot() ? List.of() : outermost;
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
        throw refused("ItemsToRestore is a JSON array of paths, for example [\"/folder/file\"].");
    }

    private static String trimmed(String path) {
        int from = path.startsWith("/") ? 1 : 0;
        int to = path.length() > from && path.endsWith("/") ? path.length() - 1 : path.length();
        return path.substring(from, to);
    }

    private static boolean flag(Map<String, String> values, String key) {
        return switch (values.getOrDefault(key, "false").toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(WRITTEN.get(key) + " is true or false.");
        };
    }

    private static String shown(String text) {
        var plain = text.codePoints()
                .limit(100)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return "'" + plain + "'";
    }

    private static Refused refused(String message) {
        return new Refused(Problem.invalid(message));
    }

    private static Refused missing(String key, String why) {
        return new Refused(Problem.missing("The restore metadata has no " + WRITTEN.get(key) + ". " + why));
    }
}

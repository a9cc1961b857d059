package dev.coffer.wire.check;

import dev.coffer.wire.model.Shape.Member;
import dev.coffer.wire.model.Shape.Text;
import dev.coffer.wire.route.Operation;
import java.util.regex.Pattern;

/**
 * How strictly a vault name is judged. The model's pattern forbids the slash, yet names that AWS made hold it, such as
 * {@code aws/efs/automatic-backup-vault}. So only the creation of a vault keeps to the pattern; a write into a vault
 * also takes names below {@code aws/}; reads and deletions take any name without control characters and dot segments,
 * and leave the answer to the lookup.
 */
enum VaultNameRule {
    CREATED("2 to 50 letters, digits, hyphens or underscores", Pattern.compile("[a-zA-Z0-9_-]{2,50}")),
    WRITTEN(
            "2 to 50 letters, digits, hyphens or underscores",
            Pattern.compile("[a-zA-Z0-9_-]{2,50}|aws(/[a-zA-Z0-9_-]{1,50}){1,3}")),
    WRITTEN_OR_WILDCARD(
            "2 to 50 letters, digits, hyphens or underscores, or *",
            Pattern.compile("\\*|[a-zA-Z0-9_-]{2,50}|aws(/[a-zA-Z0-9_-]{1,50}){1,3}")),
    READ(
            "1 to 256 characters without control characters and without . or .. as a path segment",
            Pattern.compile("(?!\\.{1,2}(/|$))(?!.*/\\.{1,2}(/|$))[^\\p{Cntrl}\\p{Cs}]{1,256}", Pattern.DOTALL));

    private final String words;
    private final Pattern pattern;

    VaultNameRule(String words, Pattern pattern) {
        this.words = words;
        this.pattern = pattern;
    }

    static boolean governs(Member member, Text shape) {
        return member.name().endsWith("BackupVaultName") || shape.name().equals("BackupVaultName");
    }

    static VaultNameRule of(Operation operation, Text shape) {
        if (shape.name().equals("BackupVaultNameOrWildcard")) {
            return WRITTEN_OR_WILDCARD;
        }
        if (operation.name().startsWith("Create") && operation.name().endsWith("BackupVault")) {
            return CREATED;
        }
        boolean readOrGone = switch (operation.model().method()) {
            case "GET", "DELETE" -> true;
            default -> false;
        };
        return readOrGone || shape.pattern().isEmpty() ? READ : WRITTEN;
    }

    boolean allows(String name) {
        return pattern.matcher(name).matches();
    }

    /** What a name must be, to follow "must be". */
    String inWords() {
        return words;
    }
}

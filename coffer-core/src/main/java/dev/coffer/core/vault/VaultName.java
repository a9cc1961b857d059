package dev.coffer.core.vault;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a vault: 2 to 50 letters, digits, hyphens and underscores, case-sensitive (API model). A vault's name is also the name of
 * its folder, which is why nothing else can be one.
 */
public record VaultName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9\\-_]{2,50}");

    /** The vault that exists from the start. */
    public static final VaultName DEFAULT = new VaultName("Default");

    public VaultName {
        if (!FORM.matcher(value).matches()) {
            throw new Refused(Problem.invalid(
                    "BackupVaultName must be 2 to 50 letters, digits, hyphens (-) or underscores (_)."));
        }
    }

    /** Reads a name; empty when no vault can have it. */
    public static Optional<VaultName> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new VaultName(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}

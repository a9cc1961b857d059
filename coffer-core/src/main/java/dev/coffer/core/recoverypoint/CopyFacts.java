package dev.coffer.core.recoverypoint;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.vault.VaultId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the manifest of a copy says of where it comes from, as texts among the facts of its description.
 *
 * @param originalVault the vault for which the resource was backed up
 * @param vault the vault that was read
 * @param session the session that was read, in that vault: a later copy of the resource compares with it, to see what has changed
 */
public record CopyFacts(Arn originalVault, VaultId vault, String session) {
    private static final String ORIGINAL = "SourceBackupVaultArn";
    private static final String VAULT = "Copy/SourceVault";
    private static final String SESSION = "Copy/SourceSession";

    /** The facts as texts, besides the given ones. */
    public Map<String, String> addTo(Map<String, String> facts) {
        var map = new TreeMap<>(facts);
        map.put(ORIGINAL, originalVault.toString());
        map.put(VAULT, vault.toString());
        map.put(SESSION, session);
        return map;
    }

    /**
     * The facts among the texts; empty for a point that is no copy.
     *
     * @throws IllegalArgumentException if a text is not one that {@link #addTo} makes
     */
    public static Optional<CopyFacts> of(Map<String, String> facts) {
        if (!facts.containsKey(SESSION)) {
            return Optional.empty();
        }
        return Optional.of(new CopyFacts(
                Arn.parse(text(facts, ORIGINAL))
                        .orElseThrow(() -> new IllegalArgumentException(ORIGINAL + " is no ARN")),
                new VaultId(UUID.fromString(text(facts, VAULT))),
                text(facts, SESSION)));
    }

    private static String text(Map<String, String> facts, String name) {
        return Optional.ofNullable(facts.get(name)).orElseThrow(() -> new IllegalArgumentException("no " + name));
    }
}

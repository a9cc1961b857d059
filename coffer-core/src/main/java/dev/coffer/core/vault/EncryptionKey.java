package dev.coffer.core.vault;

import dev.coffer.core.arn.Arn;

/**
 * What a vault is encrypted under, for all of its life (spec: vaults.md, section 1).
 *
 * @param arn as it is shown
 * @param ofCustomer whether it is a key in a key service that the vault's maker has named; else it stands for the installation's own
 */
public record EncryptionKey(Arn arn, boolean ofCustomer) {
    /** The installation's own key, which the ARN stands for. */
    public static EncryptionKey managed(Arn arn) {
        return new EncryptionKey(arn, false);
    }

    /** A key that the vault's maker has named. */
    public static EncryptionKey ofCustomer(Arn arn) {
        return new EncryptionKey(arn, true);
    }
}

package dev.coffer.server.vault;

import dev.coffer.core.vault.Vault;
import software.amazon.awssdk.services.backup.model.EncryptionKeyType;

/** Whose key a vault is encrypted under, on the wire. */
public final class KeyTypes {
    private KeyTypes() {}

    /** The type of the vault's key. */
    public static EncryptionKeyType of(Vault vault) {
        return vault.encryptionKey().ofCustomer()
                ? EncryptionKeyType.CUSTOMER_MANAGED_KMS_KEY
                : EncryptionKeyType.AWS_OWNED_KMS_KEY;
    }
}

package dev.coffer.keys.kms;

import dev.coffer.core.key.KeyProvider;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.key.WrongKey;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;

/**
 * Wraps data keys by a symmetric key in AWS KMS, or in a service that speaks its protocol. The key is known by its ARN; an alias is resolved once, when this is opened, so that pointing it at
 * another key later changes nothing before the next start.
 *
 * <p>Wrapped bytes are version 1 (1 byte) and the ciphertext of KMS. The context is the encryption context {@code coffer:context}, the Base64 of its SHA-256. One call is tried at most three
 * times and ends in a bounded time. Safe for several threads.
 */
public final class AwsKmsKey implements KeyProvider, AutoCloseable {
    private static final String ID = "kms:";
    private static final byte VERSION = 1;
    private static final int LONGEST_CIPHERTEXT = 6144;
    private static final Pattern KEY_ARN = Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+");

    private final KmsConnection connection;
    private final KmsClient client;
    private final String arn;
    private final String place;

    AwsKmsKey(KmsConnection connection, String arn) {
        this.connection = connection;
        this.client = connection.client();
        this.arn = arn;
        this.place = connection.place();
    }

    /**
     * Opens the key. If it is given by its ARN nothing is asked; by another name, KMS is asked for the ARN.
     *
     * @throws KeyServiceException if KMS is asked and does not give a key that can wrap
     */
    public static AwsKmsKey open(KmsSettings settings) {
        var connection =
                KmsConnection.open(settings.region(), settings.endpoint(), settings.credentials(), settings.waiting());
        if (KEY_ARN.matcher(settings.key()).matches()) {
            return connection.key(settings.key());
        }
        try {
            return connection.key(resolved(connection.client(), settings.key(), connection.place()));
        } catch (RuntimeException failed) {
            connection.close();
            throw failed;
        }
    }

    /** The ARN of the key of this kind that has the id. */
    public static Optional<String> arnOf(String keyId) {
        return keyId.startsWith(ID) ? Optional.of(keyId.substring(ID.length())) : Optional.empty();
    }

    private static String resolved(KmsClient client, String key, String place) {
        try {
            var described = client.describeKey(request -> request.keyId(key)).keyMetadata();
            if (described.keyUsage() != KeyUsageType.ENCRYPT_DECRYPT
                    || described.keySpec() != KeySpec.SYMMETRIC_DEFAULT) {
                throw new KeyServiceException(
                        "the KMS key " + key + " is of usage " + described.keyUsageAsString() + " and spec "
                                + described.keySpecAsString()
                                + ". Use a symmetric key (SYMMETRIC_DEFAULT) of usage ENCRYPT_DECRYPT.",
                        false);
            }
            return Optional.ofNullable(described.arn())
                    .orElseThrow(() -> new KeyServiceException(
                            "KMS at " + place + " knows key " + key
                                    + " and tells no ARN of it. Name the key by its ARN.",
                            false));
        } catch (SdkException failure) {
            throw KmsFailure.of(failure, "describe itself", key, place);
        }
    }

    private static Map<String, String> encryptionContext(byte[] context) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(context);
            return Map.of("coffer:context", Base64.getEncoder().encodeToString(digest));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    @Override
    public String keyId() {
        return ID + arn;
    }

    /**
     * @throws KeyServiceException if KMS did not answer, or refused
     */
    @Override
    public byte[] wrap(byte[] dataKey, byte[] context) {
        try {
            var ciphertext = client.encrypt(request -> request.keyId(arn)
                            .plaintext(SdkBytes.fromByteArray(dataKey))
                            .encryptionContext(encryptionContext(context)))
                    .ciphertextBlob();
            if (ciphertext == null || ciphertext.asByteArrayUnsafe().length == 0) {
                throw new KeyServiceException(
                        "KMS at " + place + " answered without a ciphertext. Check that the endpoint is a KMS.", false);
            }
            var bytes = ciphertext.asByteArrayUnsafe();
            var wrapped = new byte[1 + bytes.length];
            wrapped[0] = VERSION;
            System.arraycopy(bytes, 0, wrapped, 1, bytes.length);
            return wrapped;
        } catch (SdkException failure) {
            throw KmsFailure.of(failure, "encrypt", arn, place);
        }
    }

    /**
     * @throws KeyServiceException if KMS did not answer, or refused for another reason than a wrong key or context
     */
    @Override
    public byte[] unwrap(String wrappedBy, byte[] wrapped, byte[] context) {
        if (!wrappedBy.equals(keyId())) {
            throw new WrongKey(wrappedBy, keyId());
        }
        if (wrapped.length < 2 || wrapped.length > 1 + LONGEST_CIPHERTEXT || wrapped[0] != VERSION) {
            throw new WrongKey(
                    "the vault's data key is said to be wrapped by " + keyId()
                            + ", and its bytes are not what KMS makes: they were changed. Put the vault's key blob back from a copy.");
        }
        try {
            var plaintext = client.decrypt(request -> request.keyId(arn)
                            .ciphertextBlob(SdkBytes.fromByteArray(Arrays.copyOfRange(wrapped, 1, wrapped.length)))
                            .encryptionContext(encryptionContext(context)))
                    .plaintext();
            if (plaintext == null) {
                throw new KeyServiceException(
                        "KMS at " + place + " answered without a plaintext. Check that the endpoint is a KMS.", false);
            }
            return plaintext.asByteArray();
        } catch (InvalidCiphertextException | IncorrectKeyException another) {
            throw new WrongKey("the vault's data key does not open under KMS key " + arn
                    + ": it was wrapped by another key or for another vault, or its bytes were changed. "
                    + "Start with the key that wrapped it, or put the vault's key blob back from a copy.");
        } catch (SdkException failure) {
            throw KmsFailure.of(failure, "decrypt", arn, place);
        }
    }

    /** Closes the connection, and with it all keys that were taken from it. */
    @Override
    public void close() {
        connection.close();
    }

    /** Names the key and where it is. */
    @Override
    public String toString() {
        return "AwsKmsKey " + keyId() + " at " + place;
    }
}

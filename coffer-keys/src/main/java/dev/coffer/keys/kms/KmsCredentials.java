package dev.coffer.keys.kms;

import dev.coffer.keys.secret.Secret;

/** Who calls KMS. */
public sealed interface KmsCredentials {
    /** What the AWS SDK finds by its standard chain: environment, profile, web identity, container, instance. */
    record Standard() implements KmsCredentials {}

    /** An access key. */
    record AccessKey(String id, Secret secret) implements KmsCredentials {}
}

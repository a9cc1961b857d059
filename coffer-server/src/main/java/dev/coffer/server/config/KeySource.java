package dev.coffer.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** What wraps the data keys of vaults, as the section {@code keys} or an entry of {@code formerKeys} says it. */
public sealed interface KeySource {
    /** The key file in the data folder. */
    record KeyFile() implements KeySource {}

    /** A passphrase that an operator has chosen. */
    record Phrase(String name, SecretPlace passphrase) implements KeySource {}

    /** A key in AWS KMS or in a service that speaks its protocol; credentials are found as the AWS SDK finds them. */
    record Kms(String keyId, String region, Optional<URI> endpoint) implements KeySource {}

    /** A key on a PKCS#11 token. */
    record Token(Path library, String token, String key, SecretPlace pin, boolean create) implements KeySource {}

    /** Where a passphrase or PIN is read when the server starts; it is never in the configuration itself. */
    sealed interface SecretPlace {
        /** The one line of a file. */
        record InFile(Path file) implements SecretPlace {}

        /** The value of an environment variable. */
        record InVariable(String name) implements SecretPlace {}
    }
}

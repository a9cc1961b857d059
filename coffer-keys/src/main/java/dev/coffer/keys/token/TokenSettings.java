package dev.coffer.keys.token;

import dev.coffer.keys.secret.Secret;
import java.nio.file.Path;

/**
 * Which key on which token.
 *
 * @param library the PKCS#11 module of the token's maker, an absolute path
 * @param token the token's label
 * @param key the label of an AES key of 256 bits on it
 */
public record TokenSettings(Path library, String token, String key, Secret pin) {}

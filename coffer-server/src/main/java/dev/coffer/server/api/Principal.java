package dev.coffer.server.api;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.engine.access.KeyLookup;
import dev.coffer.engine.access.KeyLookup.SigningKey;
import dev.coffer.wire.sigv4.SigningKeys;
import dev.coffer.wire.sigv4.SigningSecret;

/** Whom an access key stands for. */
public record Principal(AccountId account, Arn arn) {

    /** The installation's access keys. There are no temporary ones yet, so a request with a session token is from nobody. */
    public static SigningKeys<Principal> keys(KeyLookup lookup) {
        return (accessKeyId, sessionToken) -> sessionToken.isPresent()
                ? new SigningKeys.Lookup.Unknown<>()
                : lookup.find(accessKeyId).map(Principal::known).orElseGet(SigningKeys.Lookup.Unknown::new);
    }

    private static SigningKeys.Lookup<Principal> known(SigningKey key) {
        return new SigningKeys.Lookup.Known<>(
                new SigningSecret(key.secret()), new Principal(key.account(), key.principal()));
    }
}

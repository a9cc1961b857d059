package dev.coffer.server.api;

import dev.coffer.core.access.AccessSession;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.engine.access.KeyLookup;
import dev.coffer.engine.access.KeyLookup.Found;
import dev.coffer.wire.sigv4.SigningKeys;
import dev.coffer.wire.sigv4.SigningSecret;
import java.util.Optional;

/**
 * Whom an access key stands for.
 *
 * @param session of temporary keys
 */
public record Principal(AccountId account, Arn arn, Optional<AccessSession> session) {

    /** The installation's access keys, long-lived and temporary. */
    public static SigningKeys<Principal> keys(KeyLookup lookup) {
        return (accessKeyId, sessionToken) -> switch (lookup.find(accessKeyId, sessionToken)) {
            case Found.Unknown() -> new SigningKeys.Lookup.Unknown<>();
            case Found.Expired() -> new SigningKeys.Lookup.Expired<>();
            case Found.SigningKey key ->
                new SigningKeys.Lookup.Known<>(
                        new SigningSecret(key.secret()), new Principal(key.account(), key.principal(), key.session()));
        };
    }
}

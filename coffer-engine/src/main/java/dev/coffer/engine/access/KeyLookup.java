package dev.coffer.engine.access;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import java.time.InstantSource;
import java.util.Optional;

/** Finds the principal and the secret behind an access key id, for the check of signatures. */
public final class KeyLookup {
    /** What is known of an access key id. */
    public sealed interface Found {
        /** There is no such key, it is not active, the token is not its own, or what it was issued for is gone. */
        record Unknown() implements Found {}

        /** The session has ended. */
        record Expired() implements Found {}

        /** A key with its secret. {@link #toString} shows none of the secret. */
        record SigningKey(
                String accessKeyId, AccountId account, Arn principal, String secret, Optional<AccessSession> session)
                implements Found {
            @Override
            public String toString() {
                return "SigningKey[" + accessKeyId + " of " + principal + "]";
            }
        }
    }

    private final Catalog catalog;
    private final SecretSealer sealer;
    private final InstantSource clock;

    public KeyLookup(Catalog catalog, SecretSealer sealer, InstantSource clock) {
        this.catalog = catalog;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** The key with the id. Temporary ones need their session token, others must come without. */
    public Found find(String accessKeyId, Optional<String> sessionToken) {
        return catalog.<Optional<Found>>read(view -> sessionToken
                        .map(token -> session(view, accessKeyId, token))
                        .orElseGet(() -> view.access()
                                .key(accessKeyId)
                                .filter(AccessKey::active)
                                .map(this::known)))
                .orElseGet(Found.Unknown::new);
    }

    private Optional<Found> session(View view, String id, String token) {
        return view.access()
                .session(id)
                .filter(session -> Digest.isOf(session.tokenDigest(), token))
                .filter(session -> issuerStands(view, session))
                .map(session -> clock.instant().isBefore(session.expiresAt())
                        ? new Found.SigningKey(
                                session.id(),
                                session.account(),
                                session.principal(),
                                sealer.unseal(session.sealedSecret()),
                                Optional.of(session))
                        : new Found.Expired());
    }

    private static boolean issuerStands(View view, AccessSession session) {
        var id = session.ofRole()
                ? view.principals().role(session.issuer()).map(Role::id)
                : view.principals().user(session.issuer()).map(User::id);
        return id.filter(session.issuerId()::equals).isPresent();
    }

    private Found known(AccessKey key) {
        return new Found.SigningKey(
                key.id(), key.account(), key.principal(), sealer.unseal(key.sealedSecret()), Optional.empty());
    }
}

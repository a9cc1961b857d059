package dev.coffer.engine.access;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.AccessRows;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.time.InstantSource;
import java.util.List;

/** The use cases of users' access keys. A user has at most two, so that one can take over from the other. */
public final class KeyService {
    private static final int AT_MOST = 2;

    private final Catalog catalog;
    private final Gate gate;
    private final SecretSealer sealer;
    private final Credentials maker;
    private final InstantSource clock;

    public KeyService(Catalog catalog, Gate gate, SecretSealer sealer, Credentials maker, InstantSource clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.sealer = sealer;
        this.maker = maker;
        this.clock = clock;
    }

    /**
     * Makes a key, durable on return. The secret is in the answer and can never be read again.
     *
     * @throws Refused RESOURCE_NOT_FOUND for an unknown user, LIMIT_EXCEEDED for a third key
     */
    public NewCredentials create(Caller caller, String user) {
        var arn = Arn.ofUser(caller.account(), user);
        gate.check(caller, "coffer:CreateAccessKey", arn);
        var made = new NewCredentials(caller.account(), arn, maker.id("AKIA"), maker.secret());
        var sealed = sealer.seal(made.secretAccessKey());
        catalog.<Boolean>write(tx -> {
            requireUser(tx.principals().user(arn).isPresent(), arn);
            if (keysOf(tx.access(), arn).size() >= AT_MOST) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        arn + " has " + AT_MOST + " access keys and cannot have more. Delete one first."));
            }
            tx.access().insert(new AccessKey(made.accessKeyId(), caller.account(), arn, sealed, clock.instant(), true));
            return true;
        });
        return made;
    }

    /** The keys of a user, the oldest first. */
    public List<AccessKey> list(Caller caller, String user) {
        var arn = Arn.ofUser(caller.account(), user);
        gate.check(caller, "coffer:ListAccessKeys", arn);
        return catalog.read(view -> {
            requireUser(view.principals().user(arn).isPresent(), arn);
            return keysOf(view.access(), arn);
        });
    }

    /** Lets requests be signed with the key, or no longer. The next request already is judged by it. */
    public void setActive(Caller caller, String user, String keyId, boolean active) {
        var arn = Arn.ofUser(caller.account(), user);
        gate.check(caller, "coffer:UpdateAccessKey", arn);
        catalog.<Boolean>write(tx -> {
            var key = required(tx.access(), arn, keyId);
            if (!active) {
                refuseLastOfAdministrator(caller, tx.access(), key);
            }
            tx.access()
                    .update(new AccessKey(
                            key.id(), key.account(), key.principal(), key.sealedSecret(), key.createdAt(), active));
            return true;
        });
    }

    /** Removes a key. */
    public void delete(Caller caller, String user, String keyId) {
        var arn = Arn.ofUser(caller.account(), user);
        gate.check(caller, "coffer:DeleteAccessKey", arn);
        catalog.<Boolean>write(tx -> {
            refuseLastOfAdministrator(caller, tx.access(), required(tx.access(), arn, keyId));
            tx.access().deleteKey(keyId);
            return true;
        });
    }

    private static List<AccessKey> keysOf(AccessRows access, Arn user) {
        return access.keysOf(new AccountId(user.account())).stream()
                .filter(key -> key.principal().equals(user))
                .toList();
    }

    private static AccessKey required(AccessRows access, Arn user, String keyId) {
        return access.key(keyId)
                .filter(key -> key.principal().equals(user))
                .orElseThrow(
                        () -> new Refused(Problem.notFound("Access key " + keyId + " of " + user + " was not found.")));
    }

    private static void requireUser(boolean there, Arn user) {
        if (!there) {
            throw new Refused(Problem.notFound(user + " was not found."));
        }
    }

    private static void refuseLastOfAdministrator(Caller caller, AccessRows access, AccessKey key) {
        boolean others = keysOf(access, key.principal()).stream()
                .anyMatch(other -> other.active() && !other.id().equals(key.id()));
        if (key.principal().equals(Gate.administratorOf(caller.account())) && key.active() && !others) {
            throw new Refused(Problem.invalidRequest(
                    "This is the administrator's last active access key. Make another one before this one goes."));
        }
    }
}

package dev.coffer.engine.vault;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.key.KeyServiceException;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.Repositories;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.store.StoreException;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import dev.coffer.engine.access.DefaultVaults;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.duty.Turns;
import dev.coffer.engine.event.Events;
import dev.coffer.engine.settings.Limits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use cases of backup vaults. A vault's storage is made before the vault is listed, and destroyed after it is not, so that a listed vault can always be used. Safe for many threads; one process at a
 * time, of all that share the catalog, makes and deletes vaults.
 */
public final class VaultService implements DefaultVaults {
    private static final Logger LOG = LoggerFactory.getLogger(VaultService.class);
    private static final String DOOMED = "vaults/doomed-storage";

    private final Catalog catalog;
    private final Repositories repositories;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final Limits limits;
    private final Events events;
    /** Taken while storage is made or destroyed: making a vault removes leftovers under its name. */
    private final Turns storage;

    /** @param runner this process, among those that share the catalog */
    public VaultService(
            Catalog catalog,
            Repositories repositories,
            Gate gate,
            InstantSource clock,
            Supplier<UUID> ids,
            Limits limits,
            RunnerId runner) {
        this.catalog = catalog;
        this.repositories = repositories;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
        this.events = new Events(ids);
        this.storage = new Turns(catalog, "vault-storage", runner, clock);
    }

    /**
     * Makes a vault; it can be used when this returns. The same name with the same creator request id gives the vault that exists.
     *
     * @param encryptionKeyArn a KMS key that wraps the vault's data key, for good; left out, the installation's own does
     * @throws Refused INVALID_PARAMETER_VALUE for a name or key that cannot be, ALREADY_EXISTS, LIMIT_EXCEEDED, SERVICE_UNAVAILABLE if the key service does not answer
     */
    public Vault create(
            Caller caller,
            String name,
            Optional<String> encryptionKeyArn,
            Optional<String> creatorRequestId,
            Map<String, String> tags)
            throws InterruptedException {
        gate.check(
                caller,
                "backup:CreateBackupVault",
                Arn.ofVault(caller.scope(), name),
                Facts.NONE.withRequestTags(tags));
        var vaultName = new VaultName(name);
        var vaultTags = Tags.NONE.with(Tags.of(tags));
        creatorRequestId.ifPresent(VaultService::checkRequestId);
        var scope = caller.scope();
        return storage.inTurn(() -> {
            var existing = catalog.read(view -> view.vaults().find(scope, vaultName));
            if (existing.isPresent()) {
                return repeated(existing.get(), creatorRequestId);
            }
            var key = key(caller, encryptionKeyArn);
            if (catalog.read(view -> view.vaults().count(scope)) >= limits.vaults()) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        "This account has " + limits.vaults() + " backup vaults in this Region and cannot have more."));
            }
            var vault = new Vault(scope, vaultName, new VaultId(ids.get()), key, clock.instant(), creatorRequestId);
            makeStorage(vault);
            catalog.<Boolean>write(tx -> {
                insert(tx, vault, vaultTags);
                return true;
            });
            return vault;
        });
    }

    private void insert(Transaction tx, Vault vault, Tags tags) {
        tx.vaults().insert(vault);
        tx.tags().put(vault.arn(), tags);
        tx.emit(events.vaultCreated(vault, vault.createdAt()));
    }

    private static Vault repeated(Vault existing, Optional<String> creatorRequestId) {
        if (creatorRequestId.isPresent() && creatorRequestId.equals(existing.creatorRequestId())) {
            return existing;
        }
        var details = new TreeMap<>(Map.of("Arn", existing.arn().toString()));
        existing.creatorRequestId().ifPresent(id -> details.put("CreatorRequestId", id));
        throw new Refused(Problem.of(Problem.Kind.ALREADY_EXISTS, "Backup vault with the same name already exists")
                .withDetails(details));
    }

    private static void checkRequestId(String id) {
        if (!id.matches("[a-zA-Z0-9\\-_.]{1,50}")) {
            throw new Refused(Problem.invalid(
                    "CreatorRequestId must be 1 to 50 letters, digits, hyphens (-), underscores (_) or periods (.)."));
        }
    }

    /** The key that the request names, or the managed one. Whether it can be used shows when the storage is made. */
    private EncryptionKey key(Caller caller, Optional<String> given) {
        var managed = managedKey(caller.scope());
        var named = given.map(text -> Arn.parse("EncryptionKeyArn", text)).filter(arn -> !arn.equals(managed));
        named.ifPresent(arn -> {
            if (!arn.service().equals("kms") || !arn.resource().startsWith("key/")) {
                throw new Refused(Problem.invalid("EncryptionKeyArn " + arn
                        + " is not the ARN of a KMS key. Name the key itself, not an alias."));
            }
            if (!arn.region().equals(caller.region().value())) {
                throw new Refused(Problem.invalid("EncryptionKeyArn " + arn
                        + " is a key of another Region. Name one of " + caller.region() + "."));
            }
            gate.checkNotForbidden(caller, "kms:CreateGrant", arn, Facts.NONE);
        });
        return named.map(EncryptionKey::ofCustomer).orElseGet(() -> EncryptionKey.managed(managed));
    }

    private void makeStorage(Vault vault) throws InterruptedException {
        var key = vault.encryptionKey();
        if (!key.ofCustomer()) {
            repositories.create(vault.scope(), vault.name(), vault.id());
            return;
        }
        try {
            repositories.create(vault.scope(), vault.name(), vault.id(), key.arn());
        } catch (KeyServiceException unusable) {
            throw new Refused(
                    unusable.retryable()
                            ? Problem.of(Problem.Kind.SERVICE_UNAVAILABLE, String.valueOf(unusable.getMessage()))
                            : Problem.invalid(
                                    "EncryptionKeyArn " + key.arn() + " cannot be used: " + unusable.getMessage()));
        }
    }

    /** The ARN that stands for the installation's own key in this scope; made once and kept. */
    private Arn managedKey(Scope scope) {
        var setting = "managed-key/" + scope;
        var fresh =
                new Arn("aws", "kms", scope.region().value(), scope.account().value(), "key/" + ids.get());
        return catalog.write(tx -> {
            var kept = tx.settings().installation(setting);
            if (kept.isEmpty()) {
                tx.settings().putInstallation(setting, fresh.toString());
            }
            return kept.map(text -> Arn.parse("managed key", text)).orElse(fresh);
        });
    }

    /**
     * Adds a vault whose storage was found and that the catalog does not know: after the loss of the catalog.
     *
     * @param customerKey the key that its maker had named
     * @return whether it was added
     * @throws Refused if the name is another vault's
     */
    public boolean adopt(Scope scope, VaultName name, VaultId id, Instant createdAt, Optional<Arn> customerKey) {
        var key = customerKey.map(EncryptionKey::ofCustomer).orElseGet(() -> EncryptionKey.managed(managedKey(scope)));
        var vault = new Vault(scope, name, id, key, createdAt, Optional.empty());
        return catalog.write(tx -> {
            var known = tx.vaults().find(scope, name);
            if (known.isPresent()) {
                if (!known.get().id().equals(id)) {
                    throw new Refused(Problem.of(
                            Problem.Kind.CONFLICT, "The catalog has another vault " + name + " in " + scope + "."));
                }
                return false;
            }
            insert(tx, vault, Tags.NONE);
            return true;
        });
    }

    @Override
    public void ensure(Scope scope) throws InterruptedException {
        var done = "default-vault/" + scope;
        if (catalog.read(view -> view.settings().installation(done)).isPresent()) {
            return;
        }
        storage.<Boolean>inTurn(() -> {
            if (catalog.read(view -> view.settings().installation(done)).isPresent()) {
                return false;
            }
            boolean exists = catalog.read(view -> view.vaults().find(scope, VaultName.DEFAULT))
                    .isPresent();
            var vault = new Vault(
                    scope,
                    VaultName.DEFAULT,
                    new VaultId(ids.get()),
                    EncryptionKey.managed(managedKey(scope)),
                    clock.instant(),
                    Optional.empty());
            if (!exists) {
                repositories.create(scope, vault.name(), vault.id());
            }
            catalog.<Boolean>write(tx -> {
                if (!exists) {
                    insert(tx, vault, Tags.NONE);
                }
                tx.settings().putInstallation(done, clock.instant().toString());
                return true;
            });
            return true;
        });
    }

    /**
     * Shows a vault.
     *
     * @throws Refused ACCESS_DENIED if there is none, as AWS answers
     */
    public VaultView describe(Caller caller, String name, Optional<String> accountId) {
        gate.checkAccount(caller, accountId);
        gate.check(caller, "backup:DescribeBackupVault", Arn.ofVault(caller.scope(), name));
        var scope = caller.scope();
        return catalog.read(view -> VaultName.parse(name)
                        .flatMap(vaultName -> view.vaults().find(scope, vaultName))
                        .map(vault -> shown(view, vault)))
                .orElseThrow(Gate::hidden);
    }

    /** Vaults of the caller's account and Region. Vaults of other types, and shared ones, do not exist here, so asking for them finds none. */
    public Page<VaultView> list(Caller caller, Optional<String> vaultType, Optional<Boolean> shared, PageRequest page) {
        gate.check(caller, "backup:ListBackupVaults", Arn.ofVault(caller.scope(), "*"));
        var scope = caller.scope();
        if (!shows(vaultType) || shared.orElse(false)) {
            return new Page<>(List.of(), Optional.empty());
        }
        return catalog.read(view -> view.vaults().list(scope, page).map(vault -> shown(view, vault)));
    }

    private static VaultView shown(View view, Vault vault) {
        return new VaultView(
                vault,
                view.recoveryPoints().countIn(vault.scope(), vault.name()),
                view.locks().of(vault));
    }

    private static boolean shows(Optional<String> vaultType) {
        return switch (vaultType.orElse("BACKUP_VAULT")) {
            case "BACKUP_VAULT" -> true;
            case "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "RESTORE_ACCESS_BACKUP_VAULT" -> false;
            default ->
                throw new Refused(Problem.invalid("vaultType " + vaultType.orElse("") + " is not known. Use"
                        + " BACKUP_VAULT, LOGICALLY_AIR_GAPPED_BACKUP_VAULT or RESTORE_ACCESS_BACKUP_VAULT."));
        };
    }

    /**
     * Deletes an empty vault with its tags, its policy and its lock, also one that is permanent. Its storage goes after that; if the process dies in between, {@link #destroyLeftovers} does it.
     *
     * @throws Refused RESOURCE_NOT_FOUND, or INVALID_REQUEST while it holds a recovery point of any status
     */
    public void delete(Caller caller, String name) throws InterruptedException {
        gate.check(caller, "backup:DeleteBackupVault", Arn.ofVault(caller.scope(), name));
        var scope = caller.scope();
        storage.<Boolean>inTurn(() -> {
            catalog.<Boolean>write(tx -> {
                var vault = VaultName.parse(name)
                        .flatMap(vaultName -> tx.vaults().find(scope, vaultName))
                        .orElseThrow(() -> new Refused(Problem.notFound("Backup vault " + name + " was not found.")));
                if (tx.recoveryPoints().countIn(scope, vault.name()) > 0) {
                    throw new Refused(Problem.invalidRequest(
                                    "Backup vault cannot be deleted because it contains recovery points.")
                            .withCode("ERROR_9101"));
                }
                tx.locks().put(vault, new VaultLock.None());
                tx.vaults().delete(vault);
                tx.tags().put(vault.arn(), Tags.NONE);
                tx.vaultNotifications().delete(scope, vault.name());
                tx.outbox().forget(VaultNotifications.sinkOf(scope, vault.name()));
                tx.vaultPolicies().delete(scope, vault.name());
                tx.maintenance().forget(vault.id());
                tx.emit(events.vaultDeleted(vault, clock.instant()));
                putDoomed(tx, doomed(tx) + line(vault));
                return true;
            });
            destroyDoomed();
            return true;
        });
    }

    /** Destroys the storage of vaults that were deleted. Runs at start and from time to time; what fails comes again. */
    public void destroyLeftovers() throws InterruptedException {
        if (catalog.read(view -> view.settings().installation(DOOMED))
                .filter(lines -> !lines.isEmpty())
                .isEmpty()) {
            return;
        }
        storage.<Boolean>inTurn(() -> {
            destroyDoomed();
            return true;
        });
    }

    private void destroyDoomed() throws InterruptedException {
        for (var line : catalog.read(view -> view.settings().installation(DOOMED))
                .orElse("")
                .lines()
                .toList()) {
            var parts = line.split(" ", 4);
            var scope = new Scope(new AccountId(parts[0]), new Region(parts[1]));
            try {
                repositories.destroy(scope, new VaultName(parts[2]), new VaultId(UUID.fromString(parts[3])));
            } catch (RepositoryException | StoreException failure) {
                LOG.atWarn()
                        .addKeyValue("vault", parts[2])
                        .setCause(failure)
                        .log("the storage of a deleted vault could not be destroyed; it will be tried again");
                continue;
            }
            catalog.<Boolean>write(tx -> {
                putDoomed(
                        tx,
                        Arrays.stream(doomed(tx).split("\n"))
                                .filter(other -> !other.isEmpty() && !other.equals(line))
                                .map(other -> other + "\n")
                                .collect(Collectors.joining()));
                return true;
            });
        }
    }

    private static String doomed(Transaction tx) {
        return tx.settings().installation(DOOMED).orElse("");
    }

    private static void putDoomed(Transaction tx, String lines) {
        tx.settings().putInstallation(DOOMED, lines);
    }

    private static String line(Vault vault) {
        return vault.scope().account() + " " + vault.scope().region() + " " + vault.name() + " " + vault.id() + "\n";
    }
}

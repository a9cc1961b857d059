package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.settings.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultServiceTest {
    private final EngineBench bench;

    VaultServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Vault create(String name, Optional<String> request) throws InterruptedException {
        return bench.vaults.create(ADMIN, name, Optional.empty(), request, Map.of());
    }

    @Test
    void aVaultThatWasMadeIsShownAndCanBeUsed() throws Exception {
        var vault =
                bench.vaults.create(ADMIN, "daily", Optional.empty(), Optional.of("request-1"), Map.of("team", "blue"));

        var shown = bench.vaults.describe(ADMIN, "daily", Optional.empty());
        assertThat(shown).isEqualTo(new VaultView(vault, 0, new VaultLock.None()));
        assertThat(vault.createdAt()).isEqualTo(START);
        assertThat(vault.arn()).hasToString("arn:aws:backup:eu-central-1:111122223333:backup-vault:daily");
        assertThat(vault.encryptionKey().arn().service()).isEqualTo("kms");
        assertThat(bench.tags.list(ADMIN, vault.arn().toString()).valueByKey()).isEqualTo(Map.of("team", "blue"));
        assertThat(bench.repositories
                        .open(ADMIN.scope(), vault.name(), vault.id())
                        .storedBytes())
                .isZero();
        assertThat(bench.events()).singleElement().satisfies(event -> {
            assertThat(event.detailType()).isEqualTo("Backup Vault State Change");
            assertThat(event.detail()).containsEntry("backupVaultName", "daily").containsEntry("state", "CREATED");
        });
    }

    @Test
    void aTakenNameIsRefusedWithTheArnAndTheRequestOfTheVaultThatHasIt() throws Exception {
        create("daily", Optional.of("request-1"));

        for (var other : List.of(Optional.of("request-2"), Optional.<String>empty())) {
            var problem = refusal(() -> create("daily", other));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
            assertThat(problem.message()).isEqualTo("Backup vault with the same name already exists");
            assertThat(problem.details())
                    .containsEntry("Arn", "arn:aws:backup:eu-central-1:111122223333:backup-vault:daily")
                    .containsEntry("CreatorRequestId", "request-1");
        }
    }

    @Test
    void twoCallsWithoutRequestIdAreNotARepeat() throws Exception {
        create("daily", Optional.empty());

        var problem = refusal(() -> create("daily", Optional.empty()));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
        assertThat(problem.details()).doesNotContainKey("CreatorRequestId");
    }

    @Test
    void aRepeatWithTheSameRequestIdGivesTheVaultThatExists() throws Exception {
        var first = create("daily", Optional.of("request-1"));
        bench.clock.advance(Duration.ofMinutes(1));

        assertThat(create("daily", Optional.of("request-1"))).isEqualTo(first);
        assertThat(bench.events()).hasSize(1);
    }

    @Test
    void namesDifferInCase() throws Exception {
        create("daily", Optional.empty());

        assertThat(create("Daily", Optional.empty()).name()).hasToString("Daily");
    }

    @Test
    void aNameThatNoVaultCanHaveIsRefused() {
        for (var name : List.of("../../etc", "a", "", "x".repeat(51), "a\0b", "%2e%2e%2f", "a b")) {
            var problem = refusal(() -> create(name, Optional.empty()));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message()).startsWith("BackupVaultName must be 2 to 50");
        }
    }

    @Test
    void aForeignKeyIsRefusedAndTheManagedOneIsAccepted() throws Exception {
        var managed = create("first", Optional.empty()).encryptionKey();

        var second =
                bench.vaults.create(ADMIN, "second", Optional.of(managed.arn().toString()), Optional.empty(), Map.of());
        assertThat(second.encryptionKey()).isEqualTo(managed);
        for (var key : List.of(
                "arn:aws:kms:eu-central-1:111122223333:key/other",
                "arn:aws:kms:eu-central-1:111122223333:alias/other",
                "arn:aws:kms:eu-west-1:111122223333:key/other",
                "no arn")) {
            assertThat(refusal(() -> bench.vaults.create(ADMIN, "third", Optional.of(key), Optional.empty(), Map.of()))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
        assertThat(bench.isListed("third")).isFalse();
    }

    @Test
    void badRequestIdsAndTagsLeaveNoVault() {
        assertThat(refusal(() -> create("daily", Optional.of("no spaces"))).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> bench.vaults.create(
                                ADMIN, "daily", Optional.empty(), Optional.empty(), Map.of("aws:x", "1")))
                        .message())
                .contains("aws:");
        assertThat(bench.isListed("daily")).isFalse();
    }

    @Test
    void oneVaultMoreThanTheLimitIsRefused() throws Exception {
        var limits = new Limits(
                2, 10, 1000, Duration.ofDays(30), Duration.ofDays(1), Duration.ofHours(8), Duration.ofHours(2));
        var vaults = new VaultService(
                bench.catalog, bench.repositories, bench.gate, bench.clock, bench.ids, limits, bench.runner);
        vaults.create(ADMIN, "first", Optional.empty(), Optional.empty(), Map.of());
        vaults.create(ADMIN, "second", Optional.empty(), Optional.empty(), Map.of());

        assertThat(refusal(() -> vaults.create(ADMIN, "third", Optional.empty(), Optional.empty(), Map.of()))
                        .kind())
                .isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
    }

    @Test
    void whatDoesNotExistAndWhatIsOthersGetTheSameAnswer() throws Exception {
        create("daily", Optional.empty());

        var unknown = refusal(() -> bench.vaults.describe(ADMIN, "nothing", Optional.empty()));
        assertThat(unknown.kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(unknown.message()).isEqualTo("Insufficient privileges to perform this action.");
        assertThat(refusal(() -> bench.vaults.describe(STRANGER, "daily", Optional.empty())))
                .isEqualTo(unknown);
        assertThat(refusal(() -> bench.vaults.describe(STRANGER, "daily", Optional.of("111122223333"))))
                .isEqualTo(unknown);
        assertThat(refusal(() -> bench.vaults.describe(ADMIN, "../../etc", Optional.empty())))
                .isEqualTo(unknown);
    }

    @Test
    void aListShowsTheCallersVaultsPageByPage() throws Exception {
        for (var name : List.of("a1", "b2", "c3")) {
            create(name, Optional.empty());
        }
        bench.vaults.create(STRANGER, "others", Optional.empty(), Optional.empty(), Map.of());
        var names = new ArrayList<String>();
        var page = bench.vaults.list(ADMIN, Optional.empty(), Optional.empty(), PageRequest.first(2));
        assertThat(page.rows()).hasSize(2);
        page.rows().forEach(view -> names.add(view.vault().name().value()));
        var rest = bench.vaults.list(ADMIN, Optional.empty(), Optional.empty(), new PageRequest(2, page.next()));
        rest.rows().forEach(view -> names.add(view.vault().name().value()));

        assertThat(names).containsExactlyInAnyOrder("a1", "b2", "c3");
        assertThat(rest.next()).isEmpty();
    }

    @Test
    void sharedVaultsAndOtherTypesAreAnEmptyListAndUnknownTypesAreRefused() throws Exception {
        create("daily", Optional.empty());
        var first = PageRequest.first(10);

        assertThat(bench.vaults
                        .list(ADMIN, Optional.empty(), Optional.of(true), first)
                        .rows())
                .isEmpty();
        assertThat(bench.vaults
                        .list(ADMIN, Optional.of("LOGICALLY_AIR_GAPPED_BACKUP_VAULT"), Optional.empty(), first)
                        .rows())
                .isEmpty();
        assertThat(bench.vaults
                        .list(ADMIN, Optional.of("BACKUP_VAULT"), Optional.of(false), first)
                        .rows())
                .hasSize(1);
        assertThat(refusal(() -> bench.vaults.list(ADMIN, Optional.of("BOX"), Optional.empty(), first))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @Test
    void aVaultWithAPointOfAnyStatusIsNotDeleted() throws Exception {
        for (var status : RecoveryPointStatus.values()) {
            var vault = create("v-" + status, Optional.empty());
            var point = bench.point(vault, "fs-1", START, status);

            var problem = refusal(() -> bench.vaults.delete(ADMIN, "v-" + status));
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
            assertThat(problem.code()).contains("ERROR_9101");
            assertThat(problem.message())
                    .isEqualTo("Backup vault cannot be deleted because it contains recovery points.");
            assertThat(bench.stored(point)).contains(point);
        }
    }

    @Test
    void aDeletedVaultGoesWithItsTagsAndItsStorage() throws Exception {
        var vault = bench.vaults.create(ADMIN, "daily", Optional.empty(), Optional.empty(), Map.of("k", "v"));

        bench.vaults.delete(ADMIN, "daily");

        assertThat(bench.isListed("daily")).isFalse();
        assertThat(bench.catalog.read(view -> view.tags().of(vault.arn())).valueByKey())
                .isEmpty();
        assertThatThrownBy(() -> bench.repositories.open(vault.scope(), vault.name(), vault.id()))
                .isInstanceOf(RepositoryException.NotFound.class);
        assertThat(bench.events().getLast().detail()).containsEntry("state", "DELETED");
        assertThat(create("daily", Optional.empty()).id()).isNotEqualTo(vault.id());
        assertThat(bench.tags.list(ADMIN, vault.arn().toString()).valueByKey()).isEmpty();
    }

    @Test
    void deletingWhatIsNotTheCallersIsNotFound() throws Exception {
        create("daily", Optional.empty());

        for (var name : List.of("nothing", "../../etc")) {
            assertThat(refusal(() -> bench.vaults.delete(ADMIN, name)).kind())
                    .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        }
        assertThat(refusal(() -> bench.vaults.delete(STRANGER, "daily")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(bench.isListed("daily")).isTrue();
    }

    @Test
    void storageThatADeathLeftBehindIsDestroyedLaterAndANewVaultOfTheNameStays() throws Exception {
        var old = create("daily", Optional.empty());
        bench.write(tx -> {
            tx.vaults().delete(old);
            tx.settings()
                    .putInstallation("vaults/doomed-storage", "111122223333 eu-central-1 daily " + old.id() + "\n");
        });
        var fresh = create("daily", Optional.empty());

        bench.vaults.destroyLeftovers();

        assertThat(bench.repositories
                        .open(fresh.scope(), fresh.name(), fresh.id())
                        .storedBytes())
                .isZero();
        assertThat(bench.catalog.<Optional<String>>read(view -> view.settings().installation("vaults/doomed-storage")))
                .hasValue("");
    }

    @Test
    void theDefaultVaultIsMadeOnceAndStaysAwayAfterItsDeletion() throws Exception {
        bench.vaults.ensure(ADMIN.scope());
        bench.vaults.ensure(ADMIN.scope());
        assertThat(bench.isListed("Default")).isTrue();
        assertThat(bench.events()).hasSize(1);

        bench.vaults.delete(ADMIN, "Default");
        bench.vaults.ensure(ADMIN.scope());

        assertThat(bench.isListed("Default")).isFalse();
    }

    @Test
    void aDefaultVaultThatAUserMadeIsLeftAsItIs() throws Exception {
        var made = create("Default", Optional.of("mine"));

        bench.vaults.ensure(ADMIN.scope());

        assertThat(bench.vaults.describe(ADMIN, "Default", Optional.empty()).vault())
                .isEqualTo(made);
    }
}

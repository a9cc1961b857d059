package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.access.AccessBench.allow;
import static dev.coffer.engine.access.AccessBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.AccessBench;
import dev.coffer.engine.access.Gate;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VaultPolicyTest {
    private final AccessBench bench;

    VaultPolicyTest(@TempDir Path folder) throws InterruptedException {
        bench = new AccessBench(folder);
        bench.engine.vault("prod");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void put(String statement) {
        bench.vaultPolicies.put(ADMIN, "prod", Optional.of(policy(statement)));
    }

    @Test
    void aPolicyComesBackTextForTextUntilItIsDeleted() {
        var text = policy("'Effect':'Deny','Principal':'*','Action':'backup:StartCopyJob','Resource':'*'") + " \n";
        bench.vaultPolicies.put(ADMIN, "prod", Optional.of(text));
        var found = bench.vaultPolicies.get(ADMIN, "prod");
        assertThat(found.text()).isEqualTo(text);
        assertThat(found.vault().name().value()).isEqualTo("prod");
        bench.vaultPolicies.delete(ADMIN, "prod");
        bench.vaultPolicies.delete(ADMIN, "prod");
        assertThat(refusal(() -> bench.vaultPolicies.get(ADMIN, "prod")))
                .isEqualTo(Problem.notFound(
                        "Backup Vault " + Arn.ofVault(ADMIN.scope(), "prod") + " has no associated POLICY"));
    }

    @Test
    void anUnknownVaultTellsNothingAndTakesNoPolicy() {
        var text = Optional.of(policy("'Effect':'Deny','Principal':'*','Action':'backup:StartCopyJob','Resource':'*'"));
        for (var name : new String[] {"none", "x"}) {
            assertThat(refusal(() -> bench.vaultPolicies.get(ADMIN, name)))
                    .isEqualTo(Gate.hidden().problem());
            assertThat(refusal(() -> bench.vaultPolicies.delete(ADMIN, name)))
                    .isEqualTo(Gate.hidden().problem());
            assertThat(refusal(() -> bench.vaultPolicies.put(ADMIN, name, text)))
                    .isEqualTo(Problem.notFound("Backup vault " + name + " was not found."));
        }
        assertThat(refusal(() -> bench.vaultPolicies.get(STRANGER, "prod")))
                .isEqualTo(Gate.hidden().problem());
        assertThat(refusal(() -> bench.vaultPolicies.put(ADMIN, "prod", Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'AWS':'arn:aws:iam::111122223333:user/ghost' | Provided principal is not valid",
                "'AWS':'arn:aws:iam::111122223333:role/ghost' | Provided principal is not valid",
                "'AWS':'arn:aws:sts::111122223333:assumed-role/ghost/s1' | Provided principal is not valid",
                "'AWS':'999999999999' | sharing restrictions",
                "'AWS':'ghost' | Provided principal is not valid",
                "'AWS':'444455556666' | sharing restrictions",
                "'Service':'example.com' | Provided principal is not valid"
            })
    void principalsHaveToBeThereAndOtherAccountsGetCopiesOnly(String principal, String reason) {
        var problem = refusal(() -> put("'Effect':'Allow','Principal':{" + principal
                + "},'Action':'backup:DescribeBackupVault','Resource':'*'"));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(problem.message()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'AWS':'arn:aws:iam::111122223333:root'",
                "'AWS':['111122223333','arn:aws:iam::444455556666:root','arn:aws:iam::444455556666:user/coffer-admin']",
                "'AWS':'arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole'",
                "'AWS':'arn:aws:sts::111122223333:assumed-role/AWSBackupDefaultServiceRole/s1'",
                "'Service':'backup.amazonaws.com'"
            })
    void principalsThatAreThereAreAccepted(String principal) {
        assertThatCode(() -> put("'Effect':'Allow','Principal':{" + principal
                        + "},'Action':'backup:CopyIntoBackupVault','Resource':'*'"))
                .doesNotThrowAnyException();
    }

    @Test
    void aDenialHoldsForAdministratorsToo() {
        put("'Effect':'Deny','Principal':'*','Action':['backup:DeleteBackupVault','backup:DeleteRecoveryPoint'],"
                + "'Resource':'*'");
        var problem = refusal(() -> bench.engine.vaults.delete(ADMIN, "prod"));
        assertThat(problem)
                .isEqualTo(Problem.accessDenied("User: " + ADMIN.principal()
                        + " is not authorized to perform: backup:DeleteBackupVault on resource: "
                        + Arn.ofVault(ADMIN.scope(), "prod") + " with an explicit deny in a resource-based policy"));
        bench.vaultPolicies.delete(ADMIN, "prod");
        assertThatCode(() -> bench.engine.vaults.delete(ADMIN, "prod")).doesNotThrowAnyException();
    }

    @Test
    void aDenialReachesThePointsInTheVaultAndNoOthers() throws InterruptedException {
        var other = bench.engine.vault("other");
        var there = bench.engine.point(
                bench.engine
                        .catalog
                        .read(view -> view.vaults().find(ADMIN.scope(), new VaultName("prod")))
                        .orElseThrow(),
                "fs-1",
                START);
        var elsewhere = bench.engine.point(other, "fs-1", START);
        put("'Effect':'Deny','Principal':'*','Action':'backup:DeleteRecoveryPoint','Resource':"
                + "'arn:aws:backup:*:*:recovery-point:*'");

        assertThat(refusal(() -> bench.engine.points.delete(
                                ADMIN, "prod", there.arn().toString()))
                        .message())
                .endsWith("with an explicit deny in a resource-based policy");
        assertThatCode(() -> bench.engine.points.delete(
                        ADMIN, "other", elsewhere.arn().toString()))
                .doesNotThrowAnyException();
        assertThatCode(() ->
                        bench.engine.points.describe(ADMIN, "prod", there.arn().toString(), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void aVaultCanLetInAUserWhoHasNoPolicy() {
        var alice = bench.user("alice", allow("backup:ListTags"));
        put("'Effect':'Allow','Principal':{'AWS':'" + alice.principal()
                + "'},'Action':'backup:DescribeBackupVault','Resource':'*'");
        assertThat(bench.engine.vaults.describe(alice, "prod", Optional.empty()).recoveryPoints())
                .isZero();
        assertThat(refusal(() -> bench.engine.vaults.describe(alice, "Default", Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void anotherAccountCopiesIntoAVaultThatLetsItAndDoesNothingElse() {
        var vault = Arn.ofVault(ADMIN.scope(), "prod");
        assertThat(refusal(() -> bench.engine.gate.check(STRANGER, "backup:CopyIntoBackupVault", vault)))
                .isEqualTo(Gate.hidden().problem());
        put("'Effect':'Allow','Principal':'*','Action':['backup:CopyIntoBackupVault','backup:DescribeBackupVault'],"
                + "'Resource':'*'");
        assertThatCode(() -> bench.engine.gate.check(STRANGER, "backup:CopyIntoBackupVault", vault))
                .doesNotThrowAnyException();
        assertThat(refusal(() -> bench.engine.gate.check(STRANGER, "backup:DescribeBackupVault", vault)))
                .isEqualTo(Gate.hidden().problem());
    }

    @Test
    void thePolicyGoesWithTheVault() throws InterruptedException {
        put("'Effect':'Deny','Principal':'*','Action':'backup:StartBackupJob','Resource':'*'");
        bench.engine.vaults.delete(ADMIN, "prod");
        bench.engine.vault("prod");
        assertThat(refusal(() -> bench.vaultPolicies.get(ADMIN, "prod")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void whoIsDeniedToChangeThePolicyCannot() {
        put("'Effect':'Deny','Principal':{'AWS':'" + ADMIN.principal()
                + "'},'Action':['backup:PutBackupVaultAccessPolicy','backup:DeleteBackupVaultAccessPolicy'],"
                + "'Resource':'*'");
        assertThat(refusal(() -> bench.vaultPolicies.delete(ADMIN, "prod")).kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(bench.vaultPolicies.get(ADMIN, "prod").text()).contains("Deny");
    }
}

package dev.coffer.engine.job;

import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.catalog.access.JacksonPolicyJson;
import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.job.BackupJob;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.vault.RetentionBounds;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultLock;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.access.Roles;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which copies are refused, which fail, and with which words. */
final class CopyRulesTest {
    private static final AccountId OTHER = new AccountId("444455556666");
    private static final Scope ABROAD = new Scope(OTHER, new Region("us-east-1"));
    private static final VaultPlace HERE = new VaultPlace(JobWorld.SCOPE, new VaultName("copies"));
    private static final VaultPlace THERE = new VaultPlace(ABROAD, new VaultName("dr"));
    private static final String ALLOW = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},
            "Action":"backup:CopyIntoBackupVault","Resource":"*"}]}""";
    private static final String DENY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",
            "Action":"%s","Resource":"*"}]}""";

    @TempDir
    Path folder;

    private JobWorld world;
    private BackupJob backup;
    private Vault here;
    private Vault there;

    @BeforeEach
    void open() throws InterruptedException {
        world = new JobWorld(folder);
        here = world.addVault(HERE.name());
        there = world.addVault(ABROAD, THERE.name());
        world.addVault(ABROAD, VaultName.DEFAULT);
        backup = world.backedUp(1);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void change(Consumer<Transaction> change) {
        world.catalog.<Boolean>write(tx -> {
            change.accept(tx);
            return true;
        });
    }

    private void policy(VaultPlace place, String text) {
        var document = new PolicyReader(new JacksonPolicyJson()).read(PolicyKind.VAULT, text);
        change(tx -> tx.vaultPolicies().put(place.scope(), place.name(), document));
    }

    private void member() {
        change(tx -> tx.access()
                .insert(new AccessKey(
                        "AKIA1",
                        OTHER,
                        new Arn("aws", "iam", "", OTHER.value(), "user/x"),
                        "s",
                        JobWorld.START,
                        true)));
    }

    private void acrossAccounts(boolean on) {
        change(tx -> tx.settings()
                .putGlobal(
                        GlobalSettings.DEFAULTS.with(Map.of(GlobalSetting.CROSS_ACCOUNT_BACKUP, on), JobWorld.START)));
    }

    private CopyJob copied(VaultPlace destination) throws InterruptedException {
        return world.copied(backup, destination);
    }

    private void fails(VaultPlace destination, String message, MessageCategory category) throws InterruptedException {
        var job = copied(destination);
        assertThat(job.state().wireName()).isEqualTo("FAILED");
        assertThat(job.statusMessage()).contains(message);
        assertThat(MessageCategory.of(job.statusMessage())).isEqualTo(category);
        assertThat(world.point(job)).isEmpty();
    }

    @Test
    void acrossAccountsEveryConditionHasItsOwnWords() throws InterruptedException {
        fails(
                THERE,
                "Copy job failed. Both source and destination account must be a member of the same organization.",
                MessageCategory.ACCESS_DENIED);
        member();
        fails(
                THERE,
                "Copy job failed. Cross-account copy feature is not enabled for the current organization.",
                MessageCategory.FEATURE_NOT_ENABLED);
        acrossAccounts(true);
        var denied = "Access Denied trying to call AWS Backup service";
        fails(THERE, denied, MessageCategory.ACCESS_DENIED);
        var failed = world.copies
                .list(JobWorld.CALLER, CopyJobRows.Filter.none(), Optional.empty(), PageRequest.first(10))
                .rows();
        assertThat(failed).allSatisfy(shown -> {
            assertThat(shown.encryptionKey())
                    .as("nothing is told of a vault that took nothing")
                    .isEmpty();
            assertThat(shown.locked()).isEmpty();
        });
        fails(new VaultPlace(ABROAD, new VaultName("none")), denied, MessageCategory.ACCESS_DENIED);

        policy(THERE, ALLOW);
        var job = copied(THERE);
        assertThat(job.state().wireName()).isEqualTo("COMPLETED");
        assertThat(world.copies.describe(JobWorld.CALLER, job.id().value()).encryptionKey())
                .contains(there.encryptionKey().arn());
        assertThat(world.point(job)).hasValueSatisfying(copy -> {
            assertThat(copy.scope()).isEqualTo(ABROAD);
            assertThat(copy.role()).isEqualTo(Roles.ofService(OTHER));
            var objection = world.catalog.read(view -> Roles.objectionToDeletion(view.access(), OTHER, copy.role()));
            assertThat(objection).isEmpty();
        });

        var intoDefault = new VaultPlace(ABROAD, VaultName.DEFAULT);
        policy(intoDefault, ALLOW);
        fails(intoDefault, CopyJob.INTO_DEFAULT_VAULT, MessageCategory.ACCESS_DENIED);
        var waiting = world.copies.start(JobWorld.CALLER, JobWorld.copyOf(backup, THERE));
        policy(THERE, DENY.formatted("backup:CopyIntoBackupVault"));
        world.run(world.process("a"));
        assertThat(world.now(waiting).statusMessage()).contains(denied);
        assertThat(copied(THERE).statusMessage())
                .as("another account's policy is not told by the request")
                .contains(denied);
    }

    @Test
    void theLockOfTheDestinationJudgesTheRetentionOfTheCopy() throws InterruptedException {
        change(tx -> tx.locks()
                .put(here, new VaultLock.Governance(new RetentionBounds(OptionalLong.of(7), OptionalLong.of(30)))));
        fails(
                HERE,
                "Copy job failed. The retention specified in the job is not within the range specified for the target"
                        + " Backup Vault.",
                MessageCategory.INVALID_LIFECYCLE);
        var fitting = world.copies.start(JobWorld.CALLER, with(Optional.of(8L), Optional.empty()));
        world.run(world.process("a"));
        assertThat(world.now(fitting).state().wireName()).isEqualTo("COMPLETED");
    }

    private StartCopy with(Optional<Long> days, Optional<String> token) {
        return new StartCopy(
                backup.recoveryPoint().toString(),
                JobWorld.VAULT.value(),
                HERE.toString(),
                JobWorld.ROLE.toString(),
                token,
                days.map(count -> LifecycleRequest.ofDays(Optional.empty(), Optional.of(count))));
    }

    @Test
    void aLockThatIsPutWhileTheCopyIsMadeCounts() throws InterruptedException {
        world.vaults.watch = at -> {
            if (at == MemoryVaults.Step.CAPTURED) {
                change(tx -> tx.locks()
                        .put(
                                here,
                                new VaultLock.Governance(
                                        new RetentionBounds(OptionalLong.empty(), OptionalLong.of(30)))));
            }
        };
        var job = copied(HERE);
        world.vaults.watch = _ -> {};
        assertThat(job.statusMessage()).contains(CopyJob.RETENTION_OUTSIDE);
        assertThat(world.manifestsIn(HERE)).isEmpty();
        assertThat(world.point(job)).isEmpty();
    }

    @Test
    void whatDeniesCopyingRefusesTheCallerAndFailsWhatWasStartedBefore() throws InterruptedException {
        var waiting = world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.empty()));
        policy(new VaultPlace(JobWorld.SCOPE, JobWorld.VAULT), DENY.formatted("backup:CopyFromBackupVault"));
        var problem = refusal(() -> world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.empty())));
        assertThat(problem.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(problem.message()).contains("backup:CopyFromBackupVault");
        world.run(world.process("a"));
        assertThat(world.now(waiting).statusMessage()).contains(CopyJob.ACCESS_DENIED);
        change(tx -> tx.vaultPolicies().delete(JobWorld.SCOPE, JobWorld.VAULT));

        policy(HERE, DENY.formatted("backup:CopyIntoBackupVault"));
        assertThat(refusal(() -> world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.empty())))
                        .message())
                .contains("backup:CopyIntoBackupVault");
    }

    @Test
    void aDestinationThatGoesBeforeTheCopyBeginsFailsIt() throws InterruptedException {
        var job = world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.empty()));
        change(tx -> tx.vaults().delete(here));
        world.run(world.process("a"));
        assertThat(world.now(job).statusMessage())
                .contains("Copy job failed because the destination backup vault " + HERE + " does not exist.");
        assertThat(there.scope()).isEqualTo(ABROAD);
    }

    @Test
    void aTokenMakesOneJobAndIsNotForAnotherRequest() {
        var first = world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.of("token")));
        var again = world.copies.start(JobWorld.CALLER, with(Optional.empty(), Optional.of("token")));
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(refusal(() -> world.copies.start(JobWorld.CALLER, with(Optional.of(9L), Optional.of("token"))))
                        .message())
                .contains("IdempotencyToken was used by another request");
    }

    private Kind refused(String point, String vault, String destination, String role) {
        return refusal(() -> world.copies.start(
                        JobWorld.CALLER,
                        new StartCopy(point, vault, destination, role, Optional.empty(), Optional.empty())))
                .kind();
    }

    @Test
    void whatCannotBeCopiedIsRefusedAtOnce() {
        var point = backup.recoveryPoint().toString();
        var role = JobWorld.ROLE.toString();
        assertThat(refused("point", "prod", HERE.toString(), role)).isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused(point, "prod", "arn:aws:backup:eu-west-1:111122223333:vault:x", role))
                .isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused(point, "prod", HERE.toString(), "role")).isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused(
                        point,
                        "prod",
                        HERE.toString(),
                        Arn.ofRole(JobWorld.ACCOUNT, "unknown").toString()))
                .isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused(point, "prod", new VaultPlace(JobWorld.SCOPE, JobWorld.VAULT).toString(), role))
                .isEqualTo(Kind.INVALID_PARAMETER_VALUE);
        assertThat(refused(point, "absent", HERE.toString(), role)).isEqualTo(Kind.RESOURCE_NOT_FOUND);
        assertThat(refused(point, "copies", new VaultPlace(JobWorld.SCOPE, JobWorld.VAULT).toString(), role))
                .isEqualTo(Kind.RESOURCE_NOT_FOUND);
        assertThat(refused(point, "prod", new VaultPlace(JobWorld.SCOPE, new VaultName("absent")).toString(), role))
                .isEqualTo(Kind.RESOURCE_NOT_FOUND);
        change(tx -> tx.recoveryPoints().put(world.point(backup).orElseThrow().movedToCold()));
        assertThat(refused(point, "prod", HERE.toString(), role)).isEqualTo(Kind.INVALID_REQUEST);
        var unfinished = world.startBackup(2);
        change(tx -> tx.recoveryPoints().put(UnfinishedPoint.of(unfinished)));
        assertThat(refused(unfinished.recoveryPoint().toString(), "prod", HERE.toString(), role))
                .isEqualTo(Kind.INVALID_REQUEST);
        var jobs = world.catalog.read(
                view -> view.copyJobs().list(JobWorld.SCOPE, CopyJobRows.Filter.none(), PageRequest.first(10)));
        assertThat(jobs.rows()).isEmpty();
    }

    @Test
    void listsLookBackThirtyDaysAndRefuseStatesThatAreNone() throws InterruptedException {
        copied(HERE);
        var all =
                world.copies.list(JobWorld.CALLER, CopyJobRows.Filter.none(), Optional.of("*"), PageRequest.first(10));
        assertThat(all.rows()).singleElement().satisfies(shown -> {
            assertThat(shown.encryptionKey()).contains(here.encryptionKey().arn());
            assertThat(shown.locked()).contains(false);
        });
        assertThat(refusal(() -> world.copies.list(
                                JobWorld.CALLER, CopyJobRows.Filter.in("DONE"), Optional.empty(), PageRequest.first(1)))
                        .message())
                .contains("State DONE is not known");
        assertThat(refusal(() -> world.copies.list(
                                JobWorld.CALLER,
                                CopyJobRows.Filter.none(),
                                Optional.of(OTHER.value()),
                                PageRequest.first(1)))
                        .kind())
                .isEqualTo(Kind.ACCESS_DENIED);
        world.clock.advance(java.time.Duration.ofDays(31));
        assertThat(world.copies
                        .list(JobWorld.CALLER, CopyJobRows.Filter.none(), Optional.empty(), PageRequest.first(10))
                        .rows())
                .isEmpty();
    }

    @Test
    void policiesMayNameTheOrganizationAndItsUnits() throws InterruptedException {
        member();
        acrossAccounts(true);
        var everybodyIf = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Resource":"*",
                "Action":"backup:CopyIntoBackupVault","Condition":{%s}}]}""";
        var denied = "Access Denied trying to call AWS Backup service";
        policy(THERE, everybodyIf.formatted("'StringEquals':{'aws:PrincipalOrgID':'o-other12345'}".replace('\'', '"')));
        fails(THERE, denied, MessageCategory.ACCESS_DENIED);
        policy(THERE, everybodyIf.formatted("'StringEquals':{'aws:PrincipalOrgID':'o-a1b2c3d4e5'}".replace('\'', '"')));
        assertThat(copied(THERE).state().wireName()).isEqualTo("COMPLETED");

        var unit = "'ForAnyValue:StringLike':{'aws:PrincipalOrgPaths':'o-a1b2c3d4e5/r-ab12/%s/*'}".replace('\'', '"');
        policy(THERE, everybodyIf.formatted(unit.formatted("ou-ab12-22222222")));
        fails(THERE, denied, MessageCategory.ACCESS_DENIED);
        policy(THERE, everybodyIf.formatted(unit.formatted("ou-ab12-11111111")));
        assertThat(copied(THERE).state().wireName()).isEqualTo("COMPLETED");

        // Copies may leave for one's own unit alone.
        policy(new VaultPlace(JobWorld.SCOPE, JobWorld.VAULT), """
                {"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Resource":"*",
                "Action":"backup:CopyFromBackupVault","Condition":{"ForAllValues:StringNotLike":
                {"backup:CopyTargetOrgPaths":"o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}}}]}""");
        assertThat(refusal(() -> copied(THERE)).kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(copied(HERE).state().wireName()).isEqualTo("COMPLETED");
    }
}

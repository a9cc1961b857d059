package dev.coffer.engine.access;

import static dev.coffer.engine.EngineBench.ACCOUNT;
import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.REGION;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.access.AccessBench.allow;
import static dev.coffer.engine.access.AccessBench.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.legalhold.CreateHold;
import dev.coffer.engine.plan.PlanLimits;
import dev.coffer.engine.plan.PlanRequest;
import dev.coffer.engine.plan.PlanService;
import dev.coffer.engine.plan.SelectionRequest;
import dev.coffer.engine.plan.SelectionService;
import dev.coffer.engine.recoverypoint.IndexService;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users may do, by the policies that they have. */
final class PolicyUseTest {
    private static final String FULL = "arn:aws:iam::aws:policy/AWSBackupFullAccess";

    private final AccessBench bench;

    PolicyUseTest(@TempDir Path folder) throws InterruptedException {
        bench = new AccessBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private List<?> vaults(Caller caller) {
        return bench.engine
                .vaults
                .list(caller, Optional.empty(), Optional.empty(), PageRequest.first(10))
                .rows();
    }

    @Test
    void aUserMayWhatItsPoliciesAllowAndIsToldWhatIsMissing() {
        var alice = bench.user("alice", allow("backup:ListBackupVaults"));

        assertThat(vaults(alice)).hasSize(1);
        var problem = refusal(() -> bench.engine.vaults.delete(alice, "Default"));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(problem.message())
                .isEqualTo("User: " + alice.principal() + " is not authorized to perform: backup:DeleteBackupVault on"
                        + " resource: " + Arn.ofVault(ADMIN.scope(), "Default")
                        + " because no identity-based policy allows the backup:DeleteBackupVault action");
    }

    @Test
    void attachedPoliciesCountUntilTheyAreDetached() {
        var alice = bench.user("alice", allow("backup:ListTags"));
        assertThat(refusal(() -> vaults(alice)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        bench.policies.attach(ADMIN, "user/alice", FULL);
        bench.policies.attach(ADMIN, "user/alice", FULL);
        assertThat(vaults(alice)).hasSize(1);
        bench.policies.detach(ADMIN, "user/alice", FULL);
        assertThat(refusal(() -> vaults(alice)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void aBuiltInPolicyIsFoundByItsNameAndNoOtherTakesTheName() {
        var alice = bench.user("alice", allow("backup:ListTags"));
        bench.policies.attach(ADMIN, "user/alice", "AWSBackupFullAccess");
        assertThat(vaults(alice)).hasSize(1);
        assertThat(bench.policies
                        .get(ADMIN, "AWSBackupServiceRolePolicyForBackup")
                        .arn()
                        .resource())
                .isEqualTo("policy/service-role/AWSBackupServiceRolePolicyForBackup");
        var problem = refusal(() -> bench.policies.put(ADMIN, "AWSBackupOperatorAccess", allow("*")));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
        assertThat(refusal(() -> bench.policies.delete(ADMIN, "AWSBackupFullAccess"))
                        .message())
                .contains("comes with Coffer");
        bench.policies.detach(ADMIN, "user/alice", "AWSBackupFullAccess");
        assertDenied(() -> vaults(alice));
        assertThat(refusal(() -> bench.policies.attach(ADMIN, "user/alice", "Nothing"))
                        .message())
                .contains("arn:aws:iam::111122223333:policy/Nothing");
    }

    @Test
    void whoMayDisableIndexesCanBeKeptFromEnablingAndFromSeeingThem() throws InterruptedException {
        var engine = bench.engine;
        var vault = engine.vault("prod");
        var point = engine.point(
                        vault, ResourceType.S3, Arn.ofBucket("b"), EngineBench.START, RecoveryPointStatus.COMPLETED)
                .arn()
                .toString();
        var indexes = new IndexService(
                engine.catalog,
                new Inventory(List.of(), engine.catalog, List.of(), Map.of()),
                engine.gate,
                engine.clock,
                engine.ids,
                () -> {});
        var alice = bench.user(
                "alice",
                policy("'Effect':'Allow','Action':'backup:UpdateRecoveryPointIndexSettings','Resource':'*',"
                        + "'Condition':{'StringEquals':{'backup:Index':'DISABLED'}}"));

        assertThat(indexes.update(alice, "prod", point, "DISABLED", Optional.empty())
                        .index())
                .isEmpty();
        assertDenied(() -> indexes.update(alice, "prod", point, "ENABLED", Optional.empty()));
        assertDenied(() -> indexes.details(alice, "prod", point));
        assertDenied(() -> indexes.list(alice, IndexJobRows.Filter.none(), PageRequest.first(1)));
    }

    /** As with AWS: who may make users and give them policies is held by conditions on what is given and on the boundary. */
    @Test
    void whoGivesRightsCanBeHeldToCertainPoliciesAndToABoundary() {
        bench.policies.put(ADMIN, "cap", allow("backup:List*"));
        var cap = "arn:aws:iam::111122223333:policy/cap";
        var delegate = bench.user(
                "delegate",
                policy("'Effect':'Allow','Action':['coffer:CreateUser','coffer:CreateRole','coffer:PutPrincipalPolicy',"
                        + "'coffer:DeletePrincipalPolicy','coffer:PutPermissionsBoundary'],'Resource':'*',"
                        + "'Condition':{'StringEquals':{'iam:PermissionsBoundary':'" + cap + "'}}},"
                        + "{'Effect':'Allow','Action':['coffer:AttachPolicy','coffer:DetachPolicy'],'Resource':'*',"
                        + "'Condition':{'StringEquals':{'iam:PermissionsBoundary':'" + cap + "'},"
                        + "'ArnLike':{'iam:PolicyARN':'arn:aws:iam::aws:policy/AWSBackupOper*'}}"));
        bench.user("free", allow("backup:ListTags"));

        assertDenied(() -> bench.principals.createUser(delegate, "carol", Optional.empty()));
        assertDenied(() -> bench.principals.createUser(delegate, "carol", Optional.of(FULL)));
        bench.principals.createUser(delegate, "carol", Optional.of(cap));
        assertDenied(() -> bench.policies.attach(delegate, "user/carol", FULL));
        assertDenied(() -> bench.policies.attach(delegate, "user/carol", "AWSBackupFullAccess"));
        bench.policies.attach(delegate, "user/carol", "AWSBackupOperatorAccess");
        bench.policies.detach(delegate, "user/carol", "AWSBackupOperatorAccess");
        bench.policies.putInline(delegate, "user/carol", "own", allow("*"));
        bench.policies.deleteInline(delegate, "user/carol", "own");
        assertDenied(() -> bench.policies.putInline(delegate, "user/free", "own", allow("*")));
        assertDenied(() -> bench.policies.attach(delegate, "user/free", "AWSBackupOperatorAccess"));
        assertDenied(() -> bench.principals.putBoundary(delegate, "user/carol", Optional.empty()));
        assertDenied(() -> bench.principals.putBoundary(delegate, "user/carol", Optional.of(FULL)));
        bench.principals.putBoundary(delegate, "user/carol", Optional.of(cap));
    }

    @Test
    void theOperatorsPolicyStartsJobsAndDeletesNothing() {
        var alice = bench.user("alice", allow("backup:ListTags"));
        bench.policies.attach(ADMIN, "user/alice", "arn:aws:iam::aws:policy/AWSBackupOperatorAccess");
        var vault = Arn.ofVault(alice.scope(), "Default");

        assertThatCode(() -> bench.engine.gate.check(alice, "backup:StartBackupJob", vault))
                .doesNotThrowAnyException();
        assertThatCode(() -> bench.engine.gate.checkPassRole(alice, Arn.ofRole(ACCOUNT, AccountBootstrap.DEFAULT_ROLE)))
                .doesNotThrowAnyException();
        for (var action :
                List.of("backup:DeleteBackupVault", "backup:CreateBackupPlan", "backup:DeleteRecoveryPoint")) {
            assertThat(refusal(() -> bench.engine.gate.check(alice, action, vault))
                            .kind())
                    .isEqualTo(Problem.Kind.ACCESS_DENIED);
        }
        assertThat(refusal(() -> bench.engine.gate.checkPassRole(alice, Arn.ofRole(ACCOUNT, "Administrator")))
                        .message())
                .contains("iam:PassRole");
    }

    @Test
    void aSelectionNeedsTheRightToPassItsRole() {
        var alice = bench.user("alice", allow("backup:CreateBackupSelection"));
        var selections = new SelectionService(
                bench.engine.catalog, bench.engine.gate, bench.engine.clock, bench.engine.ids, PlanLimits.defaults());
        var role = Arn.ofRole(ACCOUNT, AccountBootstrap.DEFAULT_ROLE);
        var wanted = new SelectionRequest(
                "s", role.toString(), Optional.of(List.of("*")), Optional.empty(), Optional.empty(), Optional.empty());

        var problem = refusal(() -> selections.create(alice, "plan", wanted, Optional.empty()));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(problem.message()).contains("iam:PassRole").contains(role.toString());
    }

    @Test
    void conditionsSeeTheDaysOfALockAndTheTagsOfPlansAndHolds() {
        var alice = bench.user(
                "alice",
                policy("'Effect':'Allow','Action':'backup:*','Resource':'*'},"
                        + "{'Effect':'Deny','Action':'backup:PutBackupVaultLockConfiguration','Resource':'*',"
                        + "'Condition':{'NumericLessThan':{'backup:ChangeableForDays':'30'}}},"
                        + "{'Effect':'Deny','Action':'backup:PutBackupVaultLockConfiguration','Resource':'*',"
                        + "'Condition':{'NumericGreaterThan':{'backup:MaxRetentionDays':'365'}}},"
                        + "{'Effect':'Deny','Action':'backup:Create*','Resource':'*',"
                        + "'Condition':{'StringEquals':{'aws:RequestTag/stage':'prod'}}"));
        var days = Optional.of(7L);

        assertDenied(() -> bench.engine.locks.put(alice, "Default", days, Optional.empty(), Optional.of(29L)));
        assertDenied(() -> bench.engine.locks.put(alice, "Default", days, Optional.of(366L), Optional.empty()));
        assertThatCode(() -> bench.engine.locks.put(alice, "Default", days, Optional.of(365L), Optional.of(30L)))
                .doesNotThrowAnyException();
        assertDenied(() -> bench.engine.holds.create(alice, hold("prod")));
        assertThatCode(() -> bench.engine.holds.create(alice, hold("test"))).doesNotThrowAnyException();
        var plans = new PlanService(
                bench.engine.catalog, bench.engine.gate, bench.engine.clock, bench.engine.ids, PlanLimits.defaults());
        var plan = new PlanRequest("p", List.of(), List.of(), List.of());
        assertDenied(() -> plans.create(alice, plan, Map.of("stage", "prod"), Optional.empty()));
    }

    private static CreateHold hold(String stage) {
        return new CreateHold(
                "t",
                "d",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of("stage", stage));
    }

    private static void assertDenied(ThrowingCallable call) {
        assertThat(refusal(call).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void aBoundaryCapsWhatPoliciesAllow() {
        bench.policies.put(ADMIN, "cap", allow("backup:List*"));
        var alice = bench.user("alice", allow("backup:*"));
        bench.principals.putBoundary(ADMIN, "user/alice", Optional.of("arn:aws:iam::111122223333:policy/cap"));

        assertThat(vaults(alice)).hasSize(1);
        assertThat(refusal(() -> bench.engine.vaults.delete(alice, "Default")).message())
                .endsWith("because no permissions boundary allows the backup:DeleteBackupVault action");
        assertThat(refusal(() -> bench.policies.delete(ADMIN, "cap")).message()).contains("boundary");
        bench.principals.putBoundary(ADMIN, "user/alice", Optional.empty());
        bench.engine.write(tx ->
                assertThat(tx.principals().inUse(Arn.ofPolicy(ACCOUNT, "cap"))).isFalse());
        bench.policies.delete(ADMIN, "cap");
    }

    @Test
    void tagsOfTheRequestAndOfTheResourceDecide() throws InterruptedException {
        var alice = bench.user(
                "alice",
                policy("'Effect':'Allow','Action':'backup:*','Resource':'*','Condition':{'StringEquals':"
                        + "{'aws:RequestTag/team':'a'}}},{'Effect':'Allow','Action':'backup:DeleteBackupVault',"
                        + "'Resource':'*','Condition':{'StringEquals':{'aws:ResourceTag/team':'a'}}"));

        assertThat(refusal(() -> bench.engine.vaults.create(
                                alice, "mine", Optional.empty(), Optional.empty(), Map.of("team", "b")))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        bench.engine.vaults.create(alice, "mine", Optional.empty(), Optional.empty(), Map.of("team", "a"));
        bench.engine.vault("other");
        assertThat(refusal(() -> bench.engine.vaults.delete(alice, "other")).kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        bench.engine.vaults.delete(alice, "mine");
    }

    @Test
    void anUnknownVaultAnswersAsBeforeAndAUserWithoutPermissionLearnsNothingOfIt() {
        var reader = bench.user("reader", allow("backup:DescribeBackupVault"));
        var nobody = bench.user("nobody", allow("backup:ListTags"));

        assertThat(refusal(() -> bench.engine.vaults.describe(reader, "none", Optional.empty())))
                .isEqualTo(Gate.hidden().problem());
        var known = refusal(() -> bench.engine.vaults.describe(nobody, "Default", Optional.empty()))
                .message();
        var unknown = refusal(() -> bench.engine.vaults.describe(nobody, "Unknown", Optional.empty()))
                .message();
        assertThat(unknown).isEqualTo(known.replace("Default", "Unknown"));
    }

    @Test
    void onlyThoseWhoMayAdministerDo() {
        var alice = bench.user("alice", allow("backup:*", "coffer:ListUsers"));
        assertThat(bench.principals.users(alice, PageRequest.first(10)).rows())
                .extracting(user -> user.name())
                .containsExactly("alice", "coffer-admin");
        for (var call : List.<ThrowingCallable>of(
                () -> bench.principals.createUser(alice, "eve", Optional.empty()),
                () -> bench.keys.create(alice, "coffer-admin"),
                () -> bench.policies.attach(alice, "user/alice", FULL),
                () -> bench.policies.putInline(alice, "user/alice", "own", allow("*")),
                () -> bench.principals.deleteRole(alice, "AWSBackupDefaultServiceRole"),
                () -> bench.simulation.simulate(alice, "user/alice", "a:b", "*", Map.of()))) {
            assertThat(refusal(call).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        }
    }

    @Test
    void anotherAccountsAdministratorReachesNoneOfThem() {
        bench.user("alice", allow("backup:*"));
        bench.policies.put(ADMIN, "shared", allow("backup:*"));
        var principal = "arn:aws:iam::111122223333:user/alice";
        for (var call : List.<ThrowingCallable>of(
                () -> bench.policies.putInline(STRANGER, principal, "own", allow("*")),
                () -> bench.policies.ofPrincipal(STRANGER, principal),
                () -> bench.policies.get(STRANGER, "arn:aws:iam::111122223333:policy/shared"),
                () -> bench.principals.putBoundary(STRANGER, principal, Optional.empty()),
                () -> bench.simulation.simulate(STRANGER, principal, "a:b", "*", Map.of()))) {
            assertThat(refusal(call)).isEqualTo(Gate.hidden().problem());
        }
        assertThat(refusal(() -> bench.principals.deleteUser(STRANGER, "alice")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(bench.principals.users(STRANGER, PageRequest.first(10)).rows())
                .hasSize(1);
    }

    @Test
    void whatBelongsToTheInstallationStays() {
        for (var call : List.<ThrowingCallable>of(
                () -> bench.principals.deleteUser(ADMIN, "coffer-admin"),
                () -> bench.principals.deleteRole(ADMIN, "AWSBackupDefaultServiceRole"),
                () -> bench.policies.putInline(ADMIN, "user/coffer-admin", "p", allow("*")),
                () -> bench.policies.delete(ADMIN, FULL))) {
            assertThat(refusal(call).kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
        }
    }

    @Test
    void aSimulationNamesTheStatementThatDecides() {
        bench.user(
                "alice",
                policy("'Sid':'NoDeletes','Effect':'Deny','Action':'backup:Delete*','Resource':'*'},{'Sid':'Rest',"
                        + "'Effect':'Allow','Action':'backup:*','Resource':'*','Condition':{'Bool':{'x':'true'}}"));

        assertThat(bench.simulation
                        .simulate(ADMIN, "user/alice", "backup:DeleteBackupVault", "*", Map.of())
                        .explanation())
                .isEqualTo("Denied by statement NoDeletes of an identity-based policy, own of"
                        + " arn:aws:iam::111122223333:user/alice.");
        assertThat(bench.simulation
                        .simulate(ADMIN, "user/alice", "backup:ListTags", "*", Map.of("x", List.of("true")))
                        .explanation())
                .startsWith("Allowed by statement Rest");
        assertThat(bench.simulation
                        .simulate(ADMIN, "user/alice", "backup:ListTags", "*", Map.of())
                        .explanation())
                .isEqualTo("Not allowed: no identity-based policy allows it.");
        assertThat(bench.simulation
                        .simulate(
                                ADMIN,
                                "role/" + AccountBootstrap.DEFAULT_ROLE,
                                "elasticfilesystem:Backup",
                                Arn.ofFileSystem(ADMIN.scope(), "fs-1").toString(),
                                Map.of())
                        .explanation())
                .contains("AWSBackupServiceRolePolicyForBackup");
        assertThat(refusal(() -> bench.simulation.simulate(ADMIN, "user/none", "a:b", "*", Map.of()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void aSimulationTellsNothingOfAnotherAccountsPolicies() {
        bench.user("alice", allow("backup:*"));
        var foreign = Arn.ofVault(STRANGER.scope(), "Default").toString();
        assertThat(refusal(() -> bench.simulation.simulate(
                        ADMIN, "user/alice", "backup:CopyIntoBackupVault", foreign, Map.of())))
                .isEqualTo(Gate.hidden().problem());
    }

    @Test
    void aKeyThatIsNotActiveSignsNothingAndTheAdministratorKeepsOne() {
        bench.user("alice", allow("backup:*"));
        var made = bench.keys.create(ADMIN, "alice");
        var id = made.accessKeyId();
        assertThat(bench.lookup.find(id, Optional.empty())).isInstanceOf(KeyLookup.Found.SigningKey.class);
        bench.keys.setActive(ADMIN, "alice", id, false);
        assertThat(bench.lookup.find(id, Optional.empty())).isEqualTo(new KeyLookup.Found.Unknown());
        bench.keys.setActive(ADMIN, "alice", id, true);
        assertThat(bench.lookup.find(id, Optional.empty())).isInstanceOf(KeyLookup.Found.SigningKey.class);
        bench.keys.create(ADMIN, "alice");
        assertThat(refusal(() -> bench.keys.create(ADMIN, "alice")).kind()).isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
        bench.principals.deleteUser(ADMIN, "alice");
        assertThat(bench.lookup.find(id, Optional.empty())).isEqualTo(new KeyLookup.Found.Unknown());

        var last = bench.keys.list(ADMIN, "coffer-admin").getFirst().id();
        assertThat(refusal(() -> bench.keys.delete(ADMIN, "coffer-admin", last)).kind())
                .isEqualTo(Problem.Kind.INVALID_REQUEST);
        var next = bench.keys.create(ADMIN, "coffer-admin").accessKeyId();
        bench.keys.delete(ADMIN, "coffer-admin", last);
        assertThat(refusal(() -> bench.keys.setActive(ADMIN, "coffer-admin", next, false))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_REQUEST);
        assertThat(made.toString()).doesNotContain(made.secretAccessKey());
    }

    @Test
    void aUserThatIsGoneOrOfNoNameMayNothing() {
        assertThat(refusal(() -> vaults(AccessBench.named(ACCOUNT, "ghost", REGION)))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }
}

package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.Policy;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.vault.VaultName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Users, roles, policies and sessions. Policies are compared by their text, since what they say follows from it. */
public interface AccessContract extends CatalogUnderTest {
    /** A policy of an identity. */
    static PolicyDocument identity(String action) {
        return document("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" + action
                + "\",\"Resource\":\"*\"}}");
    }

    /** A trust policy. */
    static PolicyDocument trust(String principal) {
        return document("{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":" + principal
                + ",\"Action\":\"sts:AssumeRole\"}]}");
    }

    private static PolicyDocument document(String text) {
        return new PolicyDocument(text, new Policy(true, List.of()));
    }

    private static User user(AccountId account, String name) {
        return new User(Arn.ofUser(account, name), "AIDA" + name, Optional.empty(), at(name.length()));
    }

    private static Role role(String pathAndName, PolicyDocument trust) {
        return new Role(
                Arn.ofRole(SCOPE.account(), pathAndName),
                "AROA" + pathAndName,
                trust,
                Duration.ofHours(2),
                Optional.of(Arn.ofPolicy(SCOPE.account(), "cap")),
                at(5));
    }

    @Test
    default void usersComeBackAndAreListedByNameInTheirAccount() {
        var users = new ArrayList<User>();
        for (int i = 0; i < 7; i++) {
            users.add(user(SCOPE.account(), "user-" + i));
        }
        change(tx -> {
            users.reversed().forEach(tx.principals()::insert);
            tx.principals().insert(user(ELSEWHERE.account(), "user-1"));
        });
        assertThat(CatalogUnderTest.pages(
                        3, page -> catalog().read(view -> view.principals().users(SCOPE.account(), page)), () -> {}))
                .isEqualTo(users);
        assertThat(maybe(view -> view.principals().user(users.getFirst().arn())))
                .contains(users.getFirst());
        assertThat(maybe(view -> view.principals().role(users.getFirst().arn())))
                .isEmpty();
        assertThatThrownBy(() -> change(tx -> tx.principals().insert(users.getFirst())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void aRoleIsFoundByItsNameUnderWhateverPathAndItsNameIsTakenOnce() {
        var role = role("team/a/operator", trust("{\"AWS\":\"*\"}"));
        change(tx -> tx.principals().insert(role));
        for (var found : List.of(
                seen(view -> view.principals().role(role.arn())).orElseThrow(),
                seen(view -> view.principals().roleNamed(SCOPE.account(), "operator"))
                        .orElseThrow(),
                seen(view -> view.principals().roles(SCOPE.account(), PageRequest.first(9)))
                        .rows()
                        .getFirst())) {
            assertThat(found.arn()).isEqualTo(role.arn());
            assertThat(found.id()).isEqualTo(role.id());
            assertThat(found.trust().text()).isEqualTo(role.trust().text());
            assertThat(found.trust().policy().statements()).hasSize(1);
            assertThat(found.longestSession()).isEqualTo(role.longestSession());
            assertThat(found.boundary()).isEqualTo(role.boundary());
            assertThat(found.createdAt()).isEqualTo(role.createdAt());
        }
        assertThat(maybe(view -> view.principals().roleNamed(ELSEWHERE.account(), "operator")))
                .isEmpty();
        assertThatThrownBy(() -> change(tx -> tx.principals().insert(role("operator", role.trust()))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void aRoleTrustsTheServiceIfItsTrustPolicySaysSo() {
        var trusting = role("trusting", trust("{\"Service\":\"backup.amazonaws.com\"}"));
        var other = role("other", trust("{\"Service\":\"ec2.amazonaws.com\"}"));
        change(tx -> {
            tx.principals().insert(trusting);
            tx.principals().insert(other);
        });
        assertThat(holds(view -> view.access().roleTrustsBackup(trusting.arn())))
                .isTrue();
        assertThat(holds(view -> view.access().roleTrustsBackup(other.arn()))).isFalse();
        change(tx -> tx.principals().delete(trusting.arn()));
        assertThat(holds(view -> view.access().roleTrustsBackup(trusting.arn())))
                .isFalse();
    }

    @Test
    default void policiesOfAPrincipalComeBackUntilTheyAreTakenOrThePrincipalGoes() {
        var user = user(SCOPE.account(), "alice");
        var shared = new ManagedPolicy(Arn.ofPolicy(SCOPE.account(), "shared"), identity("backup:ListTags"), at(1));
        var builtIn = new Arn("aws", "iam", "", "aws", "policy/AWSBackupFullAccess");
        change(tx -> {
            tx.principals().insert(user);
            tx.principals().put(shared);
            tx.principals().putInline(user.arn(), "own", identity("backup:A"));
            tx.principals().putInline(user.arn(), "own", identity("backup:B"));
            tx.principals().attach(user.arn(), shared.arn());
            tx.principals().attach(user.arn(), shared.arn());
            tx.principals().attach(user.arn(), builtIn);
        });
        assertThat(seen(view -> view.principals().inline(user.arn())).values())
                .extracting(PolicyDocument::text)
                .containsExactly(identity("backup:B").text());
        assertThat(all(view -> view.principals().attached(user.arn())))
                .extracting(ManagedPolicy::arn)
                .containsExactly(shared.arn(), builtIn);
        assertThat(holds(view -> view.principals().inUse(shared.arn()))).isTrue();

        assertThat(catalog().<Boolean>write(tx -> tx.principals().detach(user.arn(), builtIn)))
                .isTrue();
        assertThat(catalog().<Boolean>write(tx -> tx.principals().detach(user.arn(), builtIn)))
                .isFalse();
        assertThat(catalog().<Boolean>write(tx -> tx.principals().deleteInline(user.arn(), "none")))
                .isFalse();
        change(tx -> tx.principals().delete(user.arn()));
        assertThat(maybe(view -> view.principals().user(user.arn()))).isEmpty();
        assertThat(seen(view -> view.principals().inline(user.arn())).isEmpty()).isTrue();
        assertThat(all(view -> view.principals().attached(user.arn()))).isEmpty();
        assertThat(holds(view -> view.principals().inUse(shared.arn()))).isFalse();
    }

    @Test
    default void aPolicyIsReplacedAndListedWithTheBuiltInOnes() {
        var first = new ManagedPolicy(Arn.ofPolicy(SCOPE.account(), "p"), identity("backup:A"), at(1));
        var second = new ManagedPolicy(first.arn(), identity("backup:B"), at(2));
        var foreign = new ManagedPolicy(Arn.ofPolicy(ELSEWHERE.account(), "p"), identity("backup:C"), at(1));
        change(tx -> List.of(first, second, foreign).forEach(tx.principals()::put));
        var found = seen(view -> view.principals().policy(first.arn())).orElseThrow();
        assertThat(found.document().text()).isEqualTo(second.document().text());
        assertThat(found.createdAt()).isEqualTo(at(1));
        assertThat(CatalogUnderTest.pages(
                        2, page -> catalog().read(view -> view.principals().policies(SCOPE.account(), page)), () -> {}))
                .extracting(ManagedPolicy::name)
                .contains("p", "AWSBackupFullAccess", "AWSBackupOperatorAccess", "AWSBackupAuditAccess")
                .doesNotHaveDuplicates();
        assertThat(seen(view -> view.principals().builtIn("AWSBackupServiceRolePolicyForBackup"))
                        .orElseThrow()
                        .arn())
                .isEqualTo(new Arn("aws", "iam", "", "aws", "policy/service-role/AWSBackupServiceRolePolicyForBackup"));
        assertThat(maybe(view -> view.principals().builtIn("p"))).isEmpty();
        change(tx -> tx.principals().deletePolicy(first.arn()));
        assertThat(maybe(view -> view.principals().policy(first.arn()))).isEmpty();
        assertThat(maybe(view -> view.principals().policy(foreign.arn()))).isPresent();
    }

    @Test
    default void aBoundaryIsInUseUntilItIsTakenOff() {
        var user = user(SCOPE.account(), "alice");
        var cap = Arn.ofPolicy(SCOPE.account(), "cap");
        change(tx -> {
            tx.principals().insert(user);
            tx.principals().putBoundary(user.arn(), Optional.of(cap));
        });
        assertThat(seen(view -> view.principals().user(user.arn()))
                        .orElseThrow()
                        .boundary())
                .contains(cap);
        assertThat(holds(view -> view.principals().inUse(cap))).isTrue();
        change(tx -> tx.principals().putBoundary(user.arn(), Optional.empty()));
        assertThat(holds(view -> view.principals().inUse(cap))).isFalse();
    }

    @Test
    default void aKeyIsReplacedAndDeleted() {
        var key = samples().accessKey("AKIA1");
        var changed = new AccessKey(
                key.id(), key.account(), key.principal(), key.sealedSecret(), key.createdAt(), !key.active());
        change(tx -> {
            tx.access().insert(key);
            tx.access().update(changed);
        });
        assertThat(maybe(view -> view.access().key("AKIA1"))).contains(changed);
        change(tx -> tx.access().deleteKey("AKIA1"));
        assertThat(maybe(view -> view.access().key("AKIA1"))).isEmpty();
    }

    @Test
    default void sessionsComeBackUntilTheyAreForgotten() {
        var user = Arn.ofUser(SCOPE.account(), "alice");
        var plain = new AccessSession(
                "ASIA1", SCOPE.account(), user, user, "AIDA1", Optional.empty(), "sealed", "digest", at(0), at(100));
        var capped = new AccessSession(
                "ASIA2",
                SCOPE.account(),
                Arn.ofAssumedRole(SCOPE.account(), "r", "s"),
                Arn.ofRole(SCOPE.account(), "r"),
                "AROA1",
                Optional.of(identity("backup:ListTags")),
                "sealed",
                "digest",
                at(0),
                at(101));
        change(tx -> {
            tx.access().insert(plain);
            tx.access().insert(capped);
        });
        assertThat(maybe(view -> view.access().session("ASIA1"))).contains(plain);
        var found = seen(view -> view.access().session("ASIA2")).orElseThrow();
        assertThat(found.policy().orElseThrow().text())
                .isEqualTo(identity("backup:ListTags").text());
        assertThat(found.userId()).isEqualTo("AROA1:s");
        assertThat(catalog().<Integer>write(tx -> tx.access().forgetSessionsBefore(at(100))))
                .isZero();
        assertThat(catalog().<Integer>write(tx -> tx.access().forgetSessionsBefore(at(101))))
                .isEqualTo(1);
        assertThat(maybe(view -> view.access().session("ASIA1"))).isEmpty();
        assertThat(maybe(view -> view.access().session("ASIA2"))).isPresent();
    }

    @Test
    default void aVaultHasOnePolicyInItsScope() {
        var vault = new VaultName("prod");
        var policy = document("{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":"
                + "\"backup:DeleteBackupVault\",\"Resource\":\"*\"}]}");
        var later = document(policy.text() + "\n");
        change(tx -> {
            tx.vaultPolicies().put(SCOPE, vault, policy);
            tx.vaultPolicies().put(SCOPE, vault, later);
            tx.vaultPolicies().delete(ELSEWHERE, vault);
        });
        assertThat(seen(view -> view.vaultPolicies().of(SCOPE, vault))
                        .orElseThrow()
                        .text())
                .as("text for text")
                .isEqualTo(later.text());
        assertThat(maybe(view -> view.vaultPolicies().of(ELSEWHERE, vault))).isEmpty();
        change(tx -> tx.vaultPolicies().delete(SCOPE, vault));
        assertThat(maybe(view -> view.vaultPolicies().of(SCOPE, vault))).isEmpty();
    }

    private <T> T seen(Function<View, T> look) {
        return catalog().read(look);
    }

    private <T> Optional<T> maybe(Function<View, Optional<T>> look) {
        return seen(look);
    }

    private <T> List<T> all(Function<View, List<T>> look) {
        return seen(look);
    }

    private boolean holds(Function<View, Boolean> look) {
        return seen(look);
    }
}

package dev.coffer.engine.access;

import static dev.coffer.engine.EngineBench.ACCOUNT;
import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.REGION;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.access.AccessBench.allow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.engine.access.SessionService.Assume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionServiceTest {
    private static final String ROLE = "arn:aws:iam::111122223333:role/ops/Operator";

    private final AccessBench bench;

    SessionServiceTest(@TempDir Path folder) throws InterruptedException {
        bench = new AccessBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void role(String principal, String condition) {
        bench.principals.createRole(
                ADMIN,
                "ops/Operator",
                AccessBench.policy("'Effect':'Allow','Principal':{'AWS':'" + principal + "'},'Action':'sts:AssumeRole'"
                        + condition),
                Optional.of(Duration.ofHours(2)),
                Optional.empty());
        bench.policies.putInline(ADMIN, "role/ops/Operator", "own", allow("backup:List*", "sts:AssumeRole"));
    }

    private static Assume wish() {
        return new Assume(ROLE, "s1", Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Assume lasting(Duration duration) {
        return new Assume(ROLE, "s1", Optional.of(duration), Optional.empty(), Optional.empty());
    }

    private int vaults(Caller caller) {
        return bench.engine
                .vaults
                .list(caller, Optional.empty(), Optional.empty(), PageRequest.first(10))
                .rows()
                .size();
    }

    @Test
    void aSessionMayWhatItsRoleMayAndNotWhatItsUserMay() {
        role(ACCOUNT.value(), "");
        var alice = bench.user("alice", allow("sts:AssumeRole", "backup:DeleteBackupVault"));

        var issued = bench.sessions.assumeRole(alice, wish());
        var session = bench.caller(issued);

        assertThat(issued.session().id()).matches("ASIA[A-Z2-7]{16}");
        assertThat(issued.session().expiresAt())
                .isEqualTo(bench.engine.clock.instant().plusSeconds(3600));
        assertThat(session.principal()).isEqualTo(Arn.parse("x", "arn:aws:sts::111122223333:assumed-role/Operator/s1"));
        assertThat(bench.sessions.callerIdentity(session).userId()).matches("AROA[A-Z2-7]{16}:s1");
        assertThat(vaults(session)).isEqualTo(1);
        assertThat(refusal(() -> bench.engine.vaults.delete(session, "Default")).message())
                .startsWith("User: arn:aws:sts::111122223333:assumed-role/Operator/s1 is not authorized");
        assertThat(issued.toString() + issued.session())
                .doesNotContain(issued.secretAccessKey())
                .doesNotContain(issued.sessionToken());
    }

    @Test
    void aSessionPolicyCapsTheSession() {
        role(ACCOUNT.value(), "");
        var session = bench.caller(bench.sessions.assumeRole(
                ADMIN,
                new Assume(ROLE, "s1", Optional.empty(), Optional.of(allow("backup:ListTags")), Optional.empty())));
        assertThat(refusal(() -> vaults(session)).message())
                .endsWith("because no session policy allows the backup:ListBackupVaults action");
        assertThat(refusal(() -> bench.sessions.assumeRole(
                                ADMIN, new Assume(ROLE, "s1", Optional.empty(), Optional.of("{"), Optional.empty())))
                        .code())
                .contains("MalformedPolicyDocument");
    }

    @Test
    void bothSidesHaveToAllow() {
        role(ACCOUNT.value(), ",'Condition':{'StringEquals':{'sts:ExternalId':'x'}}");
        var alice = bench.user("alice", allow("sts:AssumeRole"));
        var bob = bench.user("bob", allow("backup:*"));
        var withId = new Assume(ROLE, "s1", Optional.empty(), Optional.empty(), Optional.of("x"));

        assertThat(bench.sessions.assumeRole(alice, withId).session().principal())
                .isNotNull();
        var denied = Problem.accessDenied(
                "User: " + alice.principal() + " is not authorized to perform: sts:AssumeRole on resource: " + ROLE);
        assertThat(refusal(() -> bench.sessions.assumeRole(alice, wish()))).isEqualTo(denied);
        assertThat(refusal(() -> bench.sessions.assumeRole(bob, withId)).kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(refusal(() -> bench.sessions.assumeRole(STRANGER, withId)).kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        var missing = new Assume(ROLE + "2", "s1", Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(refusal(() -> bench.sessions.assumeRole(alice, missing)).message())
                .as("a role that is not there answers alike")
                .isEqualTo(denied.message() + "2");
    }

    @Test
    void anotherAccountTakesOnARoleThatTrustsItAndThenActsInTheRolesAccount() throws InterruptedException {
        role(STRANGER.account().value(), "");
        bench.engine.vault("mine");

        var session = bench.caller(bench.sessions.assumeRole(STRANGER, wish()));

        assertThat(session.account()).isEqualTo(ACCOUNT);
        assertThat(vaults(session)).isEqualTo(2);
        assertThat(refusal(() -> bench.sessions.assumeRole(ADMIN, wish())).kind())
                .as("not even the role's own administrator is trusted")
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void aSessionLastsWithinItsBounds() {
        role(ACCOUNT.value(), "");
        for (var wrong : List.of(Duration.ofSeconds(899), Duration.ofHours(2).plusSeconds(1), Duration.ofHours(13))) {
            assertThat(refusal(() -> bench.sessions.assumeRole(ADMIN, lasting(wrong)))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
        var session = bench.caller(bench.sessions.assumeRole(ADMIN, lasting(Duration.ofHours(2))));
        assertThat(refusal(() -> bench.sessions.assumeRole(session, lasting(Duration.ofHours(2))))
                        .message())
                .contains("role chaining");
        assertThat(bench.caller(bench.sessions.assumeRole(session, wish())).principal())
                .isEqualTo(session.principal());
        for (var name : List.of("a", "", "a b", "a/b", "x".repeat(65))) {
            assertThat(refusal(() -> bench.sessions.assumeRole(
                                    ADMIN,
                                    new Assume(ROLE, name, Optional.empty(), Optional.empty(), Optional.empty())))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
    }

    @Test
    void aSessionEndsAtItsTimeAndWithItsRoleAlsoIfTheRoleIsMadeAgain() {
        role(ACCOUNT.value(), "");
        var first = bench.sessions.assumeRole(ADMIN, lasting(Duration.ofMinutes(15)));
        var second = bench.sessions.assumeRole(ADMIN, lasting(Duration.ofHours(2)));
        bench.engine.clock.advance(Duration.ofMinutes(15));
        assertThat(bench.lookup.find(first.session().id(), Optional.of(first.sessionToken())))
                .isEqualTo(new KeyLookup.Found.Expired());
        assertThat(bench.lookup.find(first.session().id(), Optional.of("wrong")))
                .isEqualTo(new KeyLookup.Found.Unknown());
        assertThat(bench.lookup.find(second.session().id(), Optional.empty())).isEqualTo(new KeyLookup.Found.Unknown());
        assertThat(bench.caller(second).principal()).isNotNull();

        bench.principals.deleteRole(ADMIN, "Operator");
        role(ACCOUNT.value(), "");

        assertThat(bench.lookup.find(second.session().id(), Optional.of(second.sessionToken())))
                .isEqualTo(new KeyLookup.Found.Unknown());
    }

    @Test
    void aUsersSessionMayWhatTheUserMayAndEndsWithTheUser() {
        var alice = bench.user("alice", allow("backup:List*"));
        var issued = bench.sessions.sessionToken(alice, Optional.empty());
        var session = bench.caller(issued);
        assertThat(session.principal()).isEqualTo(alice.principal());
        assertThat(vaults(session)).isEqualTo(1);
        assertThat(bench.sessions.callerIdentity(session)).isEqualTo(bench.sessions.callerIdentity(alice));
        assertThat(refusal(() -> bench.sessions.sessionToken(session, Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
        bench.principals.deleteUser(ADMIN, "alice");
        assertThat(bench.lookup.find(issued.session().id(), Optional.of(issued.sessionToken())))
                .isEqualTo(new KeyLookup.Found.Unknown());
        assertThat(refusal(() -> bench.sessions.sessionToken(
                                AccessBench.named(ACCOUNT, "alice", REGION), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void aTrustPolicyNamesWhoIsThere() {
        assertThat(refusal(() -> role("arn:aws:iam::111122223333:user/ghost", ""))
                        .message())
                .isEqualTo("Provided principal is not valid");
        role(ACCOUNT.value(), "");
        assertThat(refusal(() -> role(ACCOUNT.value(), "")).kind()).isEqualTo(Problem.Kind.ALREADY_EXISTS);
    }
}

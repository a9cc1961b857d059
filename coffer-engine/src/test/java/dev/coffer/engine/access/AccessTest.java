package dev.coffer.engine.access;

import static dev.coffer.engine.EngineBench.ACCOUNT;
import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.REGION;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.KeyLookup.Found.SigningKey;
import dev.coffer.engine.access.KeyLookup.Found.Unknown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessTest {
    private final EngineBench bench;

    AccessTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /** Reverses the text and marks it, so that a test sees what is stored. */
    private static final class Reversing implements SecretSealer {
        @Override
        public String seal(String secret) {
            return "sealed:" + new StringBuilder(secret).reverse();
        }

        @Override
        public String unseal(String sealed) {
            return new StringBuilder(sealed.substring("sealed:".length()))
                    .reverse()
                    .toString();
        }
    }

    private final Reversing sealer = new Reversing();

    private AccountBootstrap bootstrap() {
        return new AccountBootstrap(bench.catalog, bench.vaults, sealer, new Credentials(new Random(5)), bench.clock);
    }

    private ReplayGuard guard() {
        return new ReplayGuard(bench.catalog, bench.clock, Duration.ofMinutes(5));
    }

    private static Caller caller(String principal) {
        return new Caller(ACCOUNT, Arn.parse("principal", principal), REGION);
    }

    @Test
    void administratorsPassAndEverybodyElseIsToldWhatIsMissing() {
        var vault = Arn.ofVault(ADMIN.scope(), "daily");
        bench.gate.check(ADMIN, "backup:DescribeBackupVault", vault);
        bench.gate.check(caller("arn:aws:iam::111122223333:root"), "backup:DescribeBackupVault", vault);

        var problem = refusal(() ->
                bench.gate.check(caller("arn:aws:iam::111122223333:user/eve"), "backup:DescribeBackupVault", vault));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(problem.message())
                .isEqualTo("User: arn:aws:iam::111122223333:user/eve is not authorized to perform:"
                        + " backup:DescribeBackupVault on resource: " + vault
                        + " because no identity-based policy allows the backup:DescribeBackupVault action");
    }

    @Test
    void anAdministratorOfAnotherAccountIsNone() {
        var vault = Arn.ofVault(ADMIN.scope(), "daily");

        assertThat(refusal(() -> bench.gate.check(STRANGER, "backup:DeleteBackupVault", vault)))
                .isEqualTo(Gate.hidden().problem());
        assertThat(refusal(() -> bench.gate.check(
                                caller("arn:aws:iam::444455556666:root"), "backup:DeleteBackupVault", vault))
                        .kind())
                .isEqualTo(Problem.Kind.ACCESS_DENIED);
    }

    @Test
    void anAccountGetsItsRoleItsVaultsAndItsKeyOnce() throws Exception {
        var made = bootstrap()
                .ensure(ACCOUNT, List.of(REGION, new Region("us-east-1")))
                .orElseThrow();

        assertThat(made.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(made.secretAccessKey()).matches("[A-Za-z0-9+/]{40}");
        assertThat(made.principal()).isEqualTo(ADMIN.principal());
        assertThat(bench.catalog.<Boolean>read(view -> view.access().roleTrustsBackup(ROLE)))
                .isTrue();
        assertThat(bench.isListed("Default")).isTrue();
        assertThat(bench.catalog.<Optional<Vault>>read(
                        view -> view.vaults().find(new Scope(ACCOUNT, new Region("us-east-1")), VaultName.DEFAULT)))
                .isPresent();
        assertThat(bootstrap().ensure(ACCOUNT, List.of(REGION))).isEmpty();
        assertThat(bench.catalog.<List<AccessKey>>read(view -> view.access().keysOf(ACCOUNT)))
                .hasSize(1);
    }

    @Test
    void aKeyIsFoundWithItsSecretWhichIsSealedInTheCatalogAndInNoText() throws Exception {
        var made = bootstrap().ensure(ACCOUNT, List.of(REGION)).orElseThrow();
        var lookup = new KeyLookup(bench.catalog, sealer, bench.clock);

        var found = (SigningKey) lookup.find(made.accessKeyId(), Optional.empty());

        assertThat(found.secret()).isEqualTo(made.secretAccessKey());
        assertThat(found.principal()).isEqualTo(made.principal());
        assertThat(lookup.find("AKIANOTHERE", Optional.empty())).isEqualTo(new Unknown());
        assertThat(lookup.find(made.accessKeyId(), Optional.of("token"))).isEqualTo(new Unknown());
        var row = bench.catalog
                .read(view -> view.access().key(made.accessKeyId()))
                .orElseThrow();
        assertThat(row.sealedSecret()).startsWith("sealed:").doesNotContain(made.secretAccessKey());
        for (var shown : List.of(made, found, row)) {
            assertThat(shown.toString()).doesNotContain(made.secretAccessKey()).doesNotContain(row.sealedSecret());
        }
    }

    @Test
    void aRecordedRequestDoesNotPassASecondTime() {
        var guard = guard();

        assertThat(guard.objection("s1", Optional.of("i1"), Optional.of("attempt=1"), START))
                .isEmpty();
        assertThat(guard.objection("s1", Optional.of("i1"), Optional.of("attempt=1"), START))
                .contains(Problem.accessDenied("This signed request was already used."));
        assertThat(guard.objection("s2", Optional.of("i1"), Optional.of("attempt=1"), START))
                .isEmpty();
    }

    @Test
    void twoCallsThatAnSdkSignedAlikeWithinASecondBothPass() {
        var guard = guard();

        assertThat(guard.objection("s1", Optional.of("i1"), Optional.of("attempt=1"), START))
                .isEmpty();
        assertThat(guard.objection("s1", Optional.of("i2"), Optional.of("attempt=1"), START))
                .isEmpty();
        assertThat(guard.objection("s1", Optional.of("i2"), Optional.of("attempt=2"), START))
                .isEmpty();
    }

    @Test
    void laterTheSignatureAloneIsARepeatHoweverOftenItComes() {
        var guard = guard();
        assertThat(guard.objection("s1", Optional.of("i1"), Optional.empty(), START))
                .isEmpty();
        bench.clock.advance(Duration.ofSeconds(2));

        for (var id : List.of("i2", "i3", "i4")) {
            assertThat(guard.objection("s1", Optional.of(id), Optional.empty(), START))
                    .isPresent();
        }
    }

    @Test
    void anotherNodeAndARestartKnowEachSignatureAndItsSecond() {
        assertThat(guard().objection("s1", Optional.of("i1"), Optional.empty(), START))
                .isEmpty();
        assertThat(guard().objection("s1", Optional.of("i1"), Optional.empty(), START))
                .isPresent();
        assertThat(guard().objection("s1", Optional.of("i2"), Optional.empty(), START))
                .as("two calls that an SDK signed alike may reach two nodes")
                .isEmpty();
        bench.clock.advance(Duration.ofSeconds(2));

        for (var id : List.of("i1", "i2", "i3")) {
            assertThat(guard().objection("s1", Optional.of(id), Optional.empty(), START))
                    .isPresent();
        }
    }

    @Test
    void aRoleIsOneOfTheAccountThatTrustsTheService() {
        bench.write(tx -> tx.access().putRole(ROLE, START));
        var other = Arn.ofRole(ACCOUNT, "other");

        assertThat(bench.catalog.<Optional<Problem>>read(view -> Roles.objection(view.access(), ACCOUNT, ROLE)))
                .isEmpty();
        assertThat(bench.catalog.<Optional<Problem>>read(view -> Roles.objection(view.access(), ACCOUNT, other)))
                .contains(Problem.invalid("IAM Role " + other + " cannot be assumed by AWS Backup"));
        assertThat(bench.catalog.<Optional<Problem>>read(
                        view -> Roles.objection(view.access(), STRANGER.account(), ROLE)))
                .isPresent();
        assertThat(Roles.parse(ROLE.toString())).isEqualTo(ROLE);
        for (var bad : List.of("x", "arn:aws:iam::111122223333:user/a", "arn:aws:iam::1:role/a")) {
            assertThat(refusal(() -> Roles.parse(bad)).kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
    }
}

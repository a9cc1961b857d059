package dev.coffer.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.Role;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A catalog from before there were policies. */
final class AccessMigrationTest {
    private static final AccountId ACCOUNT = new AccountId("111122223333");
    private static final Arn ROLE = Arn.ofRole(ACCOUNT, "service-role/AWSBackupDefaultServiceRole");

    @TempDir
    private Path folder;

    @Test
    void theRoleOfTheServiceAndTheKeysStayWhatTheyWere() throws SQLException {
        var file = CatalogFile.in(folder);
        Flyway.configure(AccessMigrationTest.class.getClassLoader())
                .dataSource(file.writable())
                .locations("classpath:db/migration")
                .placeholderReplacement(false)
                .target("1")
                .load()
                .migrate();
        try (var connection = file.connectForWriting();
                var statement = connection.createStatement()) {
            statement.execute("insert into trusting_role (arn, created_at) values ('" + ROLE + "', 5)");
            statement.execute("insert into access_key (id, account, principal, sealed_secret, created_at) values"
                    + " ('AKIA1', '111122223333', 'arn:aws:iam::111122223333:user/coffer-admin', 'sealed', 6)");
        }

        try (var catalog = SqlCatalog.open(folder)) {
            var role = catalog.<Optional<Role>>read(view -> view.principals().role(ROLE))
                    .orElseThrow();
            assertThat(role.name()).isEqualTo("AWSBackupDefaultServiceRole");
            assertThat(role.trusts(Role.BACKUP_SERVICE)).isTrue();
            assertThat(role.createdAt()).isEqualTo(Instant.ofEpochMilli(5));
            var named = catalog.<Optional<Role>>read(view -> view.principals().roleNamed(ACCOUNT, role.name()));
            assertThat(named.orElseThrow().arn()).isEqualTo(ROLE);
            var attached =
                    catalog.<List<ManagedPolicy>>read(view -> view.principals().attached(ROLE));
            assertThat(attached).hasSize(2);
            var key = catalog.<Optional<AccessKey>>read(view -> view.access().key("AKIA1"));
            assertThat(key.orElseThrow().active()).isTrue();
            var made = catalog.<Role>write(tx -> {
                tx.access().putRole(ROLE, Instant.ofEpochMilli(9));
                return tx.principals().role(ROLE).orElseThrow();
            });
            assertThat(made.id()).isEqualTo(role.id());
            assertThat(made.createdAt()).isEqualTo(role.createdAt());
        }
    }
}

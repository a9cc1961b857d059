package dev.coffer.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.Organization;
import dev.coffer.core.arn.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("TEAM_PATH", "/srv/team");

    @TempDir
    private Path folder;

    private Config read(String text) throws IOException {
        var file = folder.resolve("coffer.yaml");
        Files.writeString(file, text);
        return new ConfigReader(name -> Optional.ofNullable(ENVIRONMENT.get(name))).read(file);
    }

    @Test
    void aWholeFileIsRead() throws IOException {
        var config = read("""
                accounts:
                  - {id: "111122223333", name: production}
                  - {id: "444455556666", name: archive}
                regions: [eu-west-1, eu-central-1]
                tls: {certificate: /c.pem, key: /k.pem}
                sources:
                  - {type: EFS, account: "444455556666", region: eu-central-1, id: fs-0a1b2c3d, name: files, path: "${env:TEAM_PATH}", restore: /srv/restored, crossMounts: true, tags: {backup: daily, "x y": "1"}}
                """);
        assertThat(config.accounts()).extracting(Config.Account::name).containsExactly("production", "archive");
        assertThat(config.scopes()).hasSize(4);
        assertThat(config.tls()).isPresent();
        var source = config.sources().getFirst();
        assertThat(source.arn())
                .hasToString("arn:aws:elasticfilesystem:eu-central-1:444455556666:file-system/fs-0a1b2c3d");
        assertThat(source.settings())
                .isEqualTo(Map.of("path", "/srv/team", "restore", "/srv/restored", "crossMounts", "true"));
        assertThat(source.tags()).isEqualTo(Map.of("backup", "daily", "x y", "1"));
    }

    @Test
    void theOrganizationGivesEachAccountItsPath() throws IOException {
        var accounts = """
                accounts:
                  - {id: "111122223333"}
                  - {id: "444455556666", units: ou-ab12-11111111/ou-ab12-22222222}
                """;
        var organization = read(accounts + "organization: {id: o-a1b2c3d4e5, root: r-ab12}")
                .organization();
        assertThat(organization.id()).contains("o-a1b2c3d4e5");
        assertThat(organization.pathByAccount())
                .containsEntry(new AccountId("111122223333"), "o-a1b2c3d4e5/r-ab12/")
                .containsEntry(new AccountId("444455556666"), "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/");
        assertThat(read("organization: {id: o-a1b2c3d4e5, root: r-ab12}")
                        .organization()
                        .pathByAccount())
                .containsOnlyKeys(Config.FIRST_ACCOUNT);
        assertThat(read("regions: [eu-west-1]").organization()).isEqualTo(Organization.UNNAMED);
        assertThatThrownBy(() -> read(accounts)).hasMessageContaining("the section 'organization'");
        for (var wrong : List.of("{id: o-A, root: r-ab12}", "{id: o-a1b2c3d4e5, root: ab12}", "{id: o-a1b2c3d4e5}")) {
            assertThatThrownBy(() -> read("organization: " + wrong)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> read("accounts: [{id: \"111122223333\", units: team}]\n"
                        + "organization: {id: o-a1b2c3d4e5, root: r-ab12}"))
                .hasMessageContaining("'team' are no ids of organizational units");
    }

    @Test
    void coldStorageIsAnAbsolutePathOrTheUsualPlace() throws IOException {
        assertThat(read("coldStorage: {path: /mnt/slow}").coldStorage()).contains(Path.of("/mnt/slow"));
        assertThat(read("regions: [eu-west-1]").coldStorage()).isEmpty();
        for (var wrong : List.of("{path: slow}", "{path: /a/../b}", "{}", "{disk: /mnt}")) {
            assertThatThrownBy(() -> read("coldStorage: " + wrong)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void timeServersAreHostsWithOrWithoutAPort() throws IOException {
        assertThat(read("clock: {timeServers: [ntp.example.org, \"10.0.0.1:1123\"]}")
                        .timeServers())
                .extracting(server -> server.getHostString() + " " + server.getPort())
                .containsExactly("ntp.example.org 123", "10.0.0.1 1123");
        for (var wrong : List.of("\"a b\"", "\"ntp:99999\"", "\":123\"", "\"http://ntp\"")) {
            assertThatThrownBy(() -> read("clock: {timeServers: [" + wrong + "]}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("HOST:PORT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "sources: []\n"})
    void whatIsLeftOutHasItsDefault(String text) throws IOException {
        var config = read(text);
        assertThat(config.accounts()).extracting(Config.Account::id).containsExactly(new AccountId("111122223333"));
        assertThat(config.regions()).containsExactly(Config.FIRST_REGION);
        assertThat(config.sources()).isEmpty();
    }

    @Test
    void aSecretComesFromAFile() throws IOException {
        Files.writeString(folder.resolve("where"), "/srv/secret\n");
        var config = read("sources: [{type: EFS, id: fs-0a1b2c3d, path: \"${file:" + folder.resolve("where") + "}\"}]");
        assertThat(config.sources().getFirst().settings()).containsEntry("path", "/srv/secret");
    }

    @Test
    void aDuplicateKeyAnAliasBombAndTwoDocumentsAreRefused() {
        assertThatThrownBy(() -> read("regions: [eu-west-1]\nregions: [eu-west-2]\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("regions");
        assertThatThrownBy(() -> read("regions: [eu-west-1]\n---\nregions: [eu-west-2]\n"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nregions: *c\n"))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> new ConfigReader(_ -> Optional.empty()).read(folder.resolve("none.yaml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yaml")
                .hasMessageContaining("--config");
    }

    @Test
    void anEndpointIsReadAndItsSecretIsInNoText() throws IOException {
        var config = read("""
                sources:
                  - {type: S3, endpoint: "http://127.0.0.1:9000/", accessKeyId: AK, secretAccessKey: hidden, pathStyle: false}
                  - {type: DynamoDB, endpoint: "http://10.0.0.1:8000", accessKeyId: AK, secretAccessKey: hidden}
                """);

        assertThat(config.endpoints()).hasSize(2);
        assertThat(config.endpoints().getFirst().settings())
                .containsEntry("endpoint", "http://127.0.0.1:9000")
                .containsEntry("pathStyle", "false")
                .containsEntry("signingRegion", "eu-west-1");
        assertThat(config.endpoints().toString()).doesNotContain("hidden");
    }

    private Config withQueue(String settings) throws IOException {
        return read("sources:\n  - {type: S3, accessKeyId: A, secretAccessKey: B, " + settings + "}\n");
    }

    @Test
    void aQueueOfNotificationsHasTheNameOfTheBucketInItsAddress() throws IOException {
        assertThat(withQueue("queueUrl: \"https://sqs.example.com/1/of-{bucket}\", listSeconds: 600")
                        .endpoints()
                        .getFirst()
                        .settings())
                .containsEntry("queueUrl", "https://sqs.example.com/1/of-{bucket}")
                .containsEntry("listSeconds", "600");
        assertThatThrownBy(() -> withQueue("queueUrl: \"https://sqs.example.com/1/all\""))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("{bucket}");
        assertThatThrownBy(() -> withQueue("queueUrl: \"http://169.254.169.254/{bucket}\""))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> withQueue("listSeconds: 0")).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/",
                "http://[::ffff:169.254.169.254]/",
                "http://[fe80::1]:9000",
                "gopher://example.com",
                "file:///etc/passwd",
                "http://user:secret@example.com",
                "http://100.100.100.200"
            })
    void anEndpointThatNobodyMayCallIsRefused(String url) {
        assertThatThrownBy(() -> read(
                        "sources:\n  - {type: S3, endpoint: \"" + url + "\", accessKeyId: AK, secretAccessKey: SK}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(":2:");
    }

    @Test
    void aListOfEndpointsNarrowsThemToItsEntries() throws IOException {
        var section =
                "endpoints: {allow: [10.0.0.0/8]}\nsources:\n  - {type: S3, accessKeyId: A, secretAccessKey: B, endpoint: ";

        assertThat(read(section + "\"http://10.1.2.3\"}\n").endpoints()).hasSize(1);
        assertThatThrownBy(() -> read(section + "\"http://127.0.0.1\"}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("endpoints.allow");
    }
}

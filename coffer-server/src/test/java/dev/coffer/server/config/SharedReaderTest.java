package dev.coffer.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What several nodes share: the catalog and the storage. */
final class SharedReaderTest {
    @TempDir
    private Path folder;

    private Config read(String yaml) throws IOException {
        var file = Files.writeString(folder.resolve("coffer.yaml"), yaml);
        return new ConfigReader(name -> name.equals("PG") ? Optional.of("hunter2") : Optional.empty()).read(file);
    }

    @Test
    void aSharedCatalogIsReadAndItsPasswordIsNotShown() throws IOException {
        var config = read("""
                catalog: {url: "jdbc:postgresql://db1,db2:5433/coffer?sslmode=verify-full", user: coffer, password: "${env:PG}"}
                """);
        var address = config.catalog().orElseThrow();
        assertThat(address.url()).isEqualTo("jdbc:postgresql://db1,db2:5433/coffer?sslmode=verify-full");
        assertThat(address.user()).isEqualTo("coffer");
        assertThat(address.password()).contains("hunter2");
        assertThat(config.toString()).doesNotContain("hunter2");
    }

    @Test
    void storageNamesAFolderForAllRegionsOrForOne() throws IOException {
        var config = read("""
                regions: [eu-west-1, eu-central-1]
                storage: [{path: /mnt/vaults}, {region: eu-central-1, path: /mnt/dr}]
                """);
        var own = Path.of("/data/vaults");
        assertThat(config.storage().of(new Region("eu-west-1"), own)).isEqualTo(Path.of("/mnt/vaults"));
        assertThat(config.storage().of(new Region("eu-central-1"), own)).isEqualTo(Path.of("/mnt/dr"));
        assertThat(config.storage().all(config.regions(), own))
                .isEqualTo(List.of(Path.of("/mnt/vaults"), Path.of("/mnt/dr")));
        assertThat(read("regions: [eu-west-1]").storage().of(new Region("eu-west-1"), own))
                .isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "catalog: {url: \"jdbc:mysql://h/d\", user: u}|form jdbc:postgresql://",
                "catalog: {url: \"jdbc:postgresql://u:hunter2@h/d\", user: u}|form jdbc:postgresql://",
                "catalog: {url: \"jdbc:postgresql://h/d?password=hunter2\", user: u}|under 'user' and 'password'",
                "catalog: {url: \"jdbc:postgresql://h/d\"}|user",
                "catalog: {url: \"jdbc:postgresql://h/d\", user: u, pass: hunter2}|pass",
                "storage: [{path: vaults}]|absolute path",
                "storage: [{region: eu-north-1, path: /v}]|not in 'regions'",
                "storage: [{path: /v}, {path: /w}]|stands twice",
                "storage: [{region: eu-west-1, s3: {bucket: b}}]|s3",
            })
    void whatCannotBeIsRefusedWithItsPlace(String yaml, String part) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("coffer.yaml:1:")
                .hasMessageContaining(part)
                .hasMessageNotContaining("hunter2");
    }
}

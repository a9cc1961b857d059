package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code coffer serve}, as its users and their scripts rely on it. */
final class ServeTest {
    @TempDir
    private Path folder;

    @Test
    void itStartsAnswersAndStops() throws IOException, InterruptedException {
        try (var coffer = RunningCoffer.start(folder);
                var http = HttpClient.newHttpClient()) {
            assertThat(coffer.url()).startsWith("http://127.0.0.1:");
            assertThat(get(http, coffer, "/healthz")).startsWith("200 ");
            assertThat(get(http, coffer, "/readyz")).startsWith("200 ");
            assertThat(get(http, coffer, "/metrics"))
                    .startsWith("200 ")
                    .contains("coffer_up")
                    .contains("coffer_build_info");
            assertThat(get(http, coffer, "/backup-vaults/")).startsWith("403 ").contains("Missing");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(coffer.data().resolve("credentials"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(coffer.data())))
                    .isEqualTo("rwx------");
            assertThat(coffer.profileKey("coffer")).containsEntry("region", RunningCoffer.REGION);
            assertThat(coffer.stop()).isZero();
        }
    }

    @Test
    void aSecondStartKeepsTheKeys() throws IOException, InterruptedException {
        String first;
        try (var coffer = RunningCoffer.start(folder)) {
            first = Files.readString(coffer.data().resolve("credentials"));
            coffer.stop();
        }
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            assertThat(Files.readString(coffer.data().resolve("credentials"))).isEqualTo(first);
            assertThat(client.listBackupVaults().backupVaultList()).hasSize(1);
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefused() throws IOException, InterruptedException {
        try (var coffer = RunningCoffer.start(folder)) {
            var second = RunningCoffer.launch(
                    folder, "serve", "--data", coffer.data().toString(), "--listen", "127.0.0.1:0");
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(1);
            assertThat(coffer.log()).contains("is in use by another Coffer server");
            assertThat(coffer.alive()).isTrue();
        }
    }

    static Stream<Arguments> brokenConfigurations() {
        return Stream.of(
                Arguments.of("accounts: [{id: \"1\"}]", "coffer.yaml:1:17: An account id is twelve digits"),
                Arguments.of("regions: [eu-west-1]\nsuorces: []", "coffer.yaml:2:1: unknown key 'suorces'"),
                Arguments.of("regions: [eu-west-1\n", "not valid YAML"),
                Arguments.of(
                        "sources:\n  - {type: EFS, id: fs-0a1b2c3d, pth: /x}", "coffer.yaml:2:34: unknown key 'pth'"),
                Arguments.of(
                        "sources:\n  - {type: EFS, id: fs-0a1b2c3d, path: relative}", "path must be an absolute path"),
                Arguments.of(
                        "sources:\n  - {type: EFS, id: fs-0a1b2c3d, path: /x, region: mars-1}",
                        "region mars-1 is not in 'regions'"),
                Arguments.of("sources:\n  - {type: Tape, id: x}", "unknown type"),
                Arguments.of(
                        "sources:\n  - {type: S3, endpoint: \"http://127.0.0.1:9000\"}",
                        "coffer.yaml:2:5: sources[0] needs the key 'accessKeyId'"),
                Arguments.of(
                        "sources:\n  - {type: EFS, id: fs-0a1b2c3d, path: \"${env:COFFER_NOT_SET}\"}",
                        "COFFER_NOT_SET is not set"),
                Arguments.of("catalog: {url: \"jdbc:postgresql://db/coffer\"}", "not in this version"),
                Arguments.of("regions: [a, a]", "stands twice"),
                Arguments.of("tls: {certificate: /none, key: /none}", "cannot be used"));
    }

    @ParameterizedTest
    @MethodSource("brokenConfigurations")
    void aBrokenConfigurationIsRefusedWithItsPlace(String config, String text)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve("coffer.yaml"), config);
        var process = RunningCoffer.launch(
                folder,
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--config",
                folder.resolve("coffer.yaml").toString(),
                "--listen",
                "127.0.0.1:0");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isIn(1, 2);
        assertThat(Files.readString(folder.resolve("stderr.log")))
                .contains("error: ")
                .contains(text)
                .doesNotContain("\tat ");
        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
    }

    @Test
    void listeningBeyondLoopbackNeedsTlsOrAnExplicitWord() throws IOException, InterruptedException {
        var process = RunningCoffer.launch(
                folder, "serve", "--data", folder.resolve("data").toString(), "--listen", "0.0.0.0:0");
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("stderr.log")))
                .contains("--insecure-http")
                .contains("tls");
    }

    @Test
    void secretsReachNoLog() throws IOException, InterruptedException {
        try (var coffer = RunningCoffer.start(folder);
                var client = coffer.client()) {
            client.listBackupVaults();
            RunningCoffer.backUp(client, "Default");
            var secret = coffer.profileKey("coffer").get("aws_secret_access_key");
            coffer.stop();
            assertThat(secret).hasSizeGreaterThan(30);
            assertThat(coffer.log()).doesNotContain(secret);
            try (var files = Files.walk(coffer.data())) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.endsWith("credentials")) {
                        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                                .as(file.toString())
                                .doesNotContain(secret);
                    }
                }
            }
        }
    }

    private static String get(HttpClient http, RunningCoffer coffer, String path)
            throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(coffer.url() + path)).build(), BodyHandlers.ofString());
        return answer.statusCode() + " "
                + answer.headers().firstValue("x-amzn-ErrorType").orElse("") + answer.body();
    }
}

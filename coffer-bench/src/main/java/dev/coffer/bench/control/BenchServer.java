package dev.coffer.bench.control;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import dev.coffer.server.ServerOptions.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.backup.BackupClient;

/** A server in this process, as {@code coffer serve} starts it, and its clients. */
final class BenchServer implements AutoCloseable {
    static final Scope FIRST = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    static final Scope SECOND = new Scope(new AccountId("444455556666"), new Region("eu-west-1"));
    static final String ROLE = "arn:aws:iam::111122223333:role/service-role/AWSBackupDefaultServiceRole";

    private final Path folder;
    private final CofferServer server;

    private BenchServer(Path folder, CofferServer server) {
        this.folder = folder;
        this.server = server;
    }

    /** Two accounts in one Region. */
    static String config() {
        return """
                accounts:
                  - {id: "%s", name: production}
                  - {id: "%s", name: archive}
                regions: [%s]
                """.formatted(FIRST.account(), SECOND.account(), FIRST.region());
    }

    static Path catalogOf(Path folder) {
        return folder.resolve("data/catalog");
    }

    static BenchServer start(Path folder, String config) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("coffer.yaml"), config);
        var options = new ServerOptions(
                folder.resolve("data"), Optional.of(file), "127.0.0.1:0", EnumSet.allOf(Role.class), false, "bench");
        return new BenchServer(folder, CofferServer.start(options, InstantSource.system(), new SecureRandom()));
    }

    /** A client of an account's administrator; {@code coffer} or {@code coffer-archive}. */
    BackupClient client(String profile) throws IOException {
        var key = new HashMap<String, String>();
        boolean inside = false;
        for (var line : Files.readAllLines(folder.resolve("data/credentials"))) {
            if (line.startsWith("[")) {
                inside = line.equals("[" + profile + "]");
            } else if (inside && line.contains("=")) {
                var parts = line.split("=", 2);
                key.put(parts[0].strip(), parts[1].strip());
            }
        }
        var credentials = AwsBasicCredentials.builder()
                .accessKeyId(key.get("aws_access_key_id"))
                .secretAccessKey(key.get("aws_secret_access_key"))
                .build();
        return BackupClient.builder()
                .endpointOverride(URI.create(server.url()))
                .region(software.amazon.awssdk.regions.Region.of(FIRST.region().value()))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @Override
    public void close() {
        server.close();
    }
}

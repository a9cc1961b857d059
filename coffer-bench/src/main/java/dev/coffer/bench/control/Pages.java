package dev.coffer.bench.control;

import static dev.coffer.bench.control.BenchServer.FIRST;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.AggregationPeriod;
import software.amazon.awssdk.services.backup.model.ListBackupJobsRequest;
import software.amazon.awssdk.services.backup.model.ListRecoveryPointsByBackupVaultRequest;

/** How long a page of each list takes over HTTP, signing and decoding included: pages one after the other along the list, of 100 rows and of the most that may be asked for. */
final class Pages {
    private static final int WARM = 15;
    private static final int PAGES = 120;

    private final BackupClient client;

    private Pages(BackupClient client) {
        this.client = client;
    }

    /** A page behind a token. */
    private interface Lister {
        /** The token of the next page. */
        @Nullable
        String page(int rows, @Nullable String token);
    }

    static void run(Path folder) throws IOException, InterruptedException {
        System.err.println("rows: " + Files.readString(folder.resolve("filled")).strip());
        try (var server = BenchServer.start(folder, BenchServer.config());
                var client = server.client("coffer")) {
            System.out.println("| list | rows a page | pages | median ms | p99 ms |");
            System.out.println("|---|---|---|---|---|");
            new Pages(client).all();
        }
    }

    private void all() {
        var weekAgo = Instant.now().minus(Duration.ofDays(7));
        points("ListRecoveryPointsByBackupVault", _ -> {});
        points("… resource type, common", r -> r.byResourceType("EFS"));
        points("… resource type, rare", r -> r.byResourceType("DynamoDB"));
        points("… resource", r -> r.byResourceArn(Fill.resource(FIRST, 11).toString()));
        points("… plan", r -> r.byBackupPlanId(Fill.plan("p1").value()));
        points(
                "… plan, rare, and type",
                r -> r.byBackupPlanId(Fill.plan("rare").value()).byResourceType("S3"));
        points("… created before", r -> r.byCreatedBefore(weekAgo));
        points("… created after, resource type", r -> r.byCreatedAfter(weekAgo).byResourceType("S3"));
        measure(
                "ListRecoveryPointsByResource",
                (rows, token) -> client.listRecoveryPointsByResource(
                                r -> r.resourceArn(Fill.resource(FIRST, 11).toString())
                                        .maxResults(rows)
                                        .nextToken(token))
                        .nextToken());
        measure(
                "ListProtectedResources",
                (rows, token) -> client.listProtectedResources(
                                r -> r.maxResults(rows).nextToken(token))
                        .nextToken());
        measure(
                "ListProtectedResourcesByBackupVault",
                (rows, token) -> client.listProtectedResourcesByBackupVault(
                                r -> r.backupVaultName("huge").maxResults(rows).nextToken(token))
                        .nextToken());
        measure(
                "ListBackupVaults",
                (rows, token) -> client.listBackupVaults(r -> r.maxResults(rows).nextToken(token))
                        .nextToken());
        jobs("ListBackupJobs", _ -> {});
        jobs("… state COMPLETED", r -> r.byState("COMPLETED"));
        jobs("… state FAILED", r -> r.byState("FAILED"));
        jobs("… vault", r -> r.byBackupVaultName("large"));
        jobs("… resource", r -> r.byResourceArn(Fill.resource(FIRST, 11).toString()));
        jobs("… resource type, rare", r -> r.byResourceType("DynamoDB"));
        jobs("… message category", r -> r.byMessageCategory("ACCESS_DENIED"));
        jobs("… account", r -> r.byAccountId(FIRST.account().value()));
        jobs("… created before", r -> r.byCreatedBefore(weekAgo));
        jobs("… created after", r -> r.byCreatedAfter(weekAgo));
        jobs("… completed before", r -> r.byCompleteBefore(weekAgo));
        jobs("… completed after", r -> r.byCompleteAfter(weekAgo));
        jobs("… vault, rare type", r -> r.byBackupVaultName("huge").byResourceType("DynamoDB"));
        jobs("… vault, state FAILED", r -> r.byBackupVaultName("small").byState("FAILED"));
        jobs(
                "… state COMPLETED, SUCCESS, common type",
                r -> r.byState("COMPLETED").byMessageCategory("SUCCESS").byResourceType("EFS"));
        measure(
                "ListBackupJobSummaries, every day, state, type, category",
                (rows, token) -> client.listBackupJobSummaries(r -> r.state("ANY")
                                .resourceType("ANY")
                                .messageCategory("ANY")
                                .aggregationPeriod(AggregationPeriod.ONE_DAY)
                                .maxResults(Math.min(rows, 500))
                                .nextToken(token))
                        .nextToken());
        measure(
                "ListBackupJobSummaries, 14 days",
                (_, _) -> client.listBackupJobSummaries(r -> {}).nextToken());
    }

    private void points(String name, Consumer<ListRecoveryPointsByBackupVaultRequest.Builder> filter) {
        measure(
                name,
                (rows, token) -> client.listRecoveryPointsByBackupVault(r -> {
                            filter.accept(r);
                            r.backupVaultName("huge").maxResults(rows).nextToken(token);
                        })
                        .nextToken());
    }

    private void jobs(String name, Consumer<ListBackupJobsRequest.Builder> filter) {
        measure(
                name,
                (rows, token) -> client.listBackupJobs(r -> {
                            filter.accept(r);
                            r.maxResults(rows).nextToken(token);
                        })
                        .nextToken());
    }

    private static void measure(String name, Lister lister) {
        for (int rows : List.of(100, 1000)) {
            times(lister, rows, WARM);
            var times = times(lister, rows, PAGES);
            Collections.sort(times);
            System.out.printf(
                    "| %s | %d | %d | %.1f | %.1f |%n",
                    name, rows, times.size(), times.get(times.size() / 2), times.get(times.size() * 99 / 100));
        }
    }

    /** Milliseconds of so many pages; a list that ends begins again. */
    private static List<Double> times(Lister lister, int rows, int pages) {
        var times = new ArrayList<Double>();
        @Nullable String token = null;
        for (int i = 0; i < pages; i++) {
            long began = System.nanoTime();
            token = lister.page(rows, token);
            times.add((System.nanoTime() - began) / 1e6);
        }
        return times;
    }
}

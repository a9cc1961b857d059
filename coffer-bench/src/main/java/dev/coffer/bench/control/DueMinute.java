package dev.coffer.bench.control;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Days;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.backup.model.BackupRuleInput;
import software.amazon.awssdk.services.backup.model.ConditionParameter;

/** One plan whose selection matches many file systems by their tag, each a folder with one file: how long after its minute all jobs are there with their events, and how they go on. */
final class DueMinute {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private DueMinute() {}

    static void run(Path folder, int resources) throws IOException, InterruptedException {
        var config = config(folder, resources);
        try (var server = BenchServer.start(folder, config);
                var client = server.client("coffer");
                var catalog = SqlCatalog.open(BenchServer.catalogOf(folder))) {
            var fireAt = Instant.now()
                    .plusSeconds(20)
                    .truncatedTo(ChronoUnit.MINUTES)
                    .plus(Duration.ofMinutes(1));
            plan(client, fireAt);
            var created = reached(catalog, resources, fireAt);
            var events = createdEvents(catalog);
            Thread.sleep(Math.max(
                    0, Duration.between(Instant.now(), fireAt.plusSeconds(60)).toMillis()));
            long ended = count(catalog, "COMPLETED");
            System.out.printf(
                    "| %d resources matched by a tag: all jobs exist | %.1f s after the minute |%n",
                    resources, created);
            System.out.printf("| their CREATED events | %d |%n", events);
            System.out.printf("| jobs COMPLETED one minute after the minute | %d |%n", ended);
        }
    }

    private static String config(Path folder, int resources) throws IOException {
        var text = new StringBuilder(BenchServer.config()).append("sources:\n");
        for (int i = 0; i < resources; i++) {
            var tree = Files.createDirectories(folder.resolve("trees/" + i / 100 + "/" + i % 100));
            Files.writeString(tree.resolve("file"), "the content of " + i);
            text.append("  - {type: EFS, id: fs-%017x, name: n%d, path: \"%s\", tags: {backup: daily}}\n"
                    .formatted(i, i, tree));
        }
        return text.toString();
    }

    private static void plan(BackupClient client, Instant fireAt) {
        var at = fireAt.atZone(ZoneOffset.UTC);
        var rule = BackupRuleInput.builder()
                .ruleName("daily")
                .targetBackupVaultName("Default")
                .scheduleExpression("cron(%d %d ? * * *)".formatted(at.getMinute(), at.getHour()))
                .startWindowMinutes(480L)
                .lifecycle(l -> l.deleteAfterDays(30L))
                .build();
        var plan = client.createBackupPlan(r -> r.backupPlan(
                p -> p.backupPlanName("backup_daily_30_days_retention").rules(rule)));
        var tagged = ConditionParameter.builder()
                .conditionKey("aws:ResourceTag/backup")
                .conditionValue("daily")
                .build();
        client.createBackupSelection(r -> r.backupPlanId(plan.backupPlanId())
                .backupSelection(s -> s.selectionName("tagged")
                        .iamRoleArn(BenchServer.ROLE)
                        .resources("*")
                        .conditions(c -> c.stringEquals(tagged))));
    }

    /** Seconds from the minute until so many jobs are there. */
    private static double reached(Catalog catalog, int wanted, Instant fireAt) throws InterruptedException {
        long found = count(catalog, "");
        while (found < wanted) {
            if (Instant.now().isAfter(fireAt.plus(PATIENCE))) {
                throw new IllegalStateException("only " + found + " jobs after " + PATIENCE);
            }
            Thread.sleep(LOOK_EVERY.toMillis());
            found = count(catalog, "");
        }
        return Duration.between(fireAt, Instant.now()).toMillis() / 1000.0;
    }

    private static long count(Catalog catalog, String state) {
        var today = LocalDate.now(ZoneOffset.UTC);
        return catalog.read(view -> view
                .backupJobs()
                .counts(
                        BenchServer.FIRST,
                        new Days(today.minusDays(1), today.plusDays(1)),
                        Optional.of(state).filter(name -> !name.isEmpty()),
                        Optional.empty(),
                        Optional.empty())
                .stream()
                .mapToLong(count -> count.count())
                .sum());
    }

    private static long createdEvents(Catalog catalog) {
        long found = 0;
        long position = 0;
        while (true) {
            long behind = position;
            var entries = catalog.read(view -> view.outbox().after(behind, 1000));
            if (entries.isEmpty()) {
                return found;
            }
            found += entries.stream()
                    .filter(entry -> "CREATED".equals(entry.event().detail().get("state"))
                            && entry.event().detailType().equals("Backup Job State Change"))
                    .count();
            position = entries.getLast().position();
        }
    }
}

package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.repository.ItemPath;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Gives a restored table what it gets after its items: an item that has expired, or a change that is a restore, is nobody's affair. What is as it should be is left, so that a repeat changes nothing. */
final class TableSettingsRestore {
    private final Clients clients;
    private final Calls calls;
    private final LiveTable live;
    private final TableMaker maker;
    private final Findings findings;

    TableSettingsRestore(Clients clients, Calls calls, LiveTable live, TableMaker maker, Findings findings) {
        this.clients = clients;
        this.calls = calls;
        this.live = live;
        this.maker = maker;
        this.findings = findings;
    }

    /** One setting. */
    private interface Step {
        void run() throws InterruptedException;
    }

    void apply(TableDefinition wanted, RestoreOrder order) throws InterruptedException {
        var table = order.table();
        var now = live.definition(live.describe(table));
        if (order.settings()) {
            if (wanted.timeToLive().isPresent() && !wanted.timeToLive().equals(now.timeToLive())) {
                step("timeToLive", () -> timeToLive(table, wanted.timeToLive().get()));
            }
            if (wanted.streamView().isPresent() && !wanted.streamView().equals(now.streamView())) {
                step("stream", () -> stream(table, wanted.streamView().get()));
            }
            if (wanted.recoveryDays().isPresent() && !wanted.recoveryDays().equals(now.recoveryDays())) {
                step(
                        "pointInTimeRecovery",
                        () -> recovery(table, wanted.recoveryDays().get()));
            }
            if (!now.tags().entrySet().containsAll(wanted.tags().entrySet())) {
                step("tags", () -> tags(table, wanted));
            }
        }
        boolean protect = order.deletionProtection().orElse(order.settings() && wanted.deletionProtection());
        if (protect != now.deletionProtection()) {
            step("deletionProtection", () -> {
                calls.make(
                        "UpdateTable",
                        () -> clients.tables()
                                .updateTable(b -> b.tableName(table).deletionProtectionEnabled(protect)));
                maker.waitUntilActive(table);
            });
        }
    }

    private void step(String setting, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (SourceException.Impossible refused) {
            findings.add(ItemPath.of("settings/" + setting), String.valueOf(refused.getMessage()));
        }
    }

    private void timeToLive(String table, String attribute) throws InterruptedException {
        calls.make(
                "UpdateTimeToLive",
                () -> clients.tables()
                        .updateTimeToLive(b -> b.tableName(table)
                                .timeToLiveSpecification(
                                        ttl -> ttl.enabled(true).attributeName(attribute))));
    }

    private void stream(String table, String view) throws InterruptedException {
        calls.make(
                "UpdateTable",
                () -> clients.tables()
                        .updateTable(b -> b.tableName(table)
                                .streamSpecification(stream ->
                                        stream.streamEnabled(true).streamViewType(StreamViewType.fromValue(view)))));
        maker.waitUntilActive(table);
    }

    private void recovery(String table, int days) throws InterruptedException {
        calls.make(
                "UpdateContinuousBackups",
                () -> clients.tables()
                        .updateContinuousBackups(b -> b.tableName(table)
                                .pointInTimeRecoverySpecification(recovery -> recovery.pointInTimeRecoveryEnabled(true)
                                        .recoveryPeriodInDays(days))));
    }

    private void tags(String table, TableDefinition wanted) throws InterruptedException {
        var arn = live.describe(table).tableArn();
        var tags = wanted.tags().entrySet().stream()
                .filter(tag -> !tag.getKey().equals(TableMaker.MARK))
                .map(tag -> TableMaker.tag(tag.getKey(), tag.getValue()))
                .toList();
        if (!tags.isEmpty()) {
            calls.make(
                    "TagResource",
                    () -> clients.tables().tagResource(b -> b.resourceArn(arn).tags(tags)));
        }
    }
}

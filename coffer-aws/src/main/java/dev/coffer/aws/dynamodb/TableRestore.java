package dev.coffer.aws.dynamodb;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.Activity;
import dev.coffer.core.connector.Findings;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.connector.Restored;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One restore into one table. */
final class TableRestore {
    private final Clients clients;
    private final Calls calls;
    private final RestoreRequest request;
    private final RestoreOrder order;
    private final PointTable point;
    private final Findings findings = new Findings();
    private final LiveTable live;
    private final ItemLoader loader;

    TableRestore(
            Clients clients,
            Calls calls,
            RestoreRequest request,
            RestoreOrder order,
            PointTable point,
            Activity activity,
            long totalBytes) {
        this.clients = clients;
        this.calls = calls;
        this.request = request;
        this.order = order;
        this.point = point;
        live = new LiveTable(clients, calls);
        loader = new ItemLoader(
                clients, calls, point, activity, order.items() instanceof KeyChoice.All ? totalBytes : 0, findings);
    }

    /**
     * Restores.
     *
     * @param settings how the table is reached afterwards
     */
    Restored run(Map<String, String> settings) throws InterruptedException {
        KeyChoice.Sieve sieve;
        try {
            sieve = order.items().of(point.definition().key());
        } catch (IllegalArgumentException wrong) {
            throw new SourceException.Impossible(
                    "The choice of items does not fit the table in the recovery point: " + wrong.getMessage() + ".",
                    wrong);
        }
        long bytes = order.existing() ? intoExisting(sieve) : intoNew(sieve);
        sieve.missing()
                .forEach(key -> findings.add(point.definition().key().path(key), "is not in the recovery point"));
        var arn = arn(request.scope(), order.table());
        return new Restored(
                arn,
                order.existing() ? Optional.empty() : Optional.of(source(arn, settings)),
                bytes,
                findings.count(),
                findings.named());
    }

    private long intoNew(KeyChoice.Sieve sieve) throws InterruptedException {
        var maker = new TableMaker(clients, calls, live, request.jobId());
        var progress = maker.make(point.definition(), order);
        long bytes = switch (progress) {
            case LOADING -> loader.load(sieve, loader.into(order.table()));
            // Users may have changed items since; only the count is made again.
            case DONE -> loader.load(sieve, _ -> {});
        };
        new TableSettingsRestore(clients, calls, live, maker, findings).apply(point.definition(), order);
        maker.done(order.table());
        return bytes;
    }

    private long intoExisting(KeyChoice.Sieve sieve) throws InterruptedException {
        var table = live.definition(live.describe(order.table()));
        var key = point.definition().key();
        if (!table.key().equals(key)) {
            throw new SourceException.Impossible("The table " + order.table() + " has the key "
                    + table.key().parts() + ", and the table in the recovery point " + key.parts()
                    + ". Items can only be restored into a table of the same key.");
        }
        return loader.load(sieve, loader.beside(order.table(), key, order.overwrite()));
    }

    private Source source(Arn arn, Map<String, String> settings) {
        var tags = new TreeMap<>(order.settings() ? point.definition().tags() : Map.of());
        tags.put(TableMaker.MARK, request.jobId());
        return new Source(
                ResourceType.DYNAMODB,
                request.scope(),
                arn,
                order.table(),
                TableSettings.ofTable(settings, order.table()),
                tags);
    }

    /** The ARN of a table. */
    static Arn arn(Scope scope, String table) {
        return new Arn(
                "aws", "dynamodb", scope.region().value(), scope.account().value(), "table/" + table);
    }
}

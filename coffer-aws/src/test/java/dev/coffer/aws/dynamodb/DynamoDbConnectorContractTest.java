package dev.coffer.aws.dynamodb;

import dev.coffer.core.connector.ResourceConnector;
import dev.coffer.core.connector.RestoreRequest;
import dev.coffer.core.repository.Repository;
import dev.coffer.core.resource.Source;
import dev.coffer.testkit.connector.ConnectorContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class DynamoDbConnectorContractTest implements ConnectorContract {
    private Bench bench;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws InterruptedException {
        bench = new Bench(folder);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Override
    public ResourceConnector connector() {
        return bench.connector;
    }

    @Override
    public Repository repository() {
        return bench.vault;
    }

    @Override
    public Source source() {
        bench.tables.create(Bench.PLAIN.formatted("orders"));
        bench.tables.put("orders", "{\"id\":{\"S\":\"a\"},\"n\":{\"N\":\"1\"}}");
        bench.tables.put("orders", "{\"id\":{\"S\":\"b\"},\"n\":{\"N\":\"2\"}}");
        return bench.source("orders");
    }

    @Override
    public Source missingSource() {
        return bench.source("nowhere");
    }

    @Override
    public void changeOneItem() {
        bench.tables.put("orders", "{\"id\":{\"S\":\"b\"},\"n\":{\"N\":\"3\"}}");
    }

    @Override
    public Map<String, String> metadataForNewResource() {
        return Map.of("targettablename", "restored");
    }

    @Override
    public Map<String, String> metadataForNewResource(String jobId) {
        return Map.of("targettablename", "restored-" + jobId);
    }

    @Override
    public RestoreRequest.Targets targets() {
        return bench.targets();
    }

    @Override
    public Object contentsOf(Source source) {
        var name = TableSettings.table(source);
        return bench.tables.definition(name) + bench.tables.items(name);
    }
}

package dev.coffer.bench.dynamodb;

import dev.coffer.testkit.dynamodb.DynamoServer;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * The two sides of the measurement, each a process of its own.
 *
 * <p>Arguments: {@code serve PORT ITEMS BYTES} serves a table {@code bench} of so many items of about so many bytes until the process is ended; {@code scan URL SEGMENTS [TABLE]} reads it, {@code write URL SEGMENTS} copies it with the SDK alone.
 */
public final class Tables {
    private static final int PAGE_BYTES = 1 << 20;

    private Tables() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "serve" ->
                serve(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "scan" ->
                BareClient.scan(
                        URI.create(arguments[1]),
                        arguments.length > 3 ? arguments[3] : "bench",
                        Integer.parseInt(arguments[2]));
            case "write" -> BareClient.write(URI.create(arguments[1]), Integer.parseInt(arguments[2]));
            default -> throw new IllegalArgumentException("serve, scan or write, and not " + arguments[0]);
        }
    }

    private static void serve(int port, int items, int bytes) throws InterruptedException {
        try (var server = new DynamoServer(InstantSource.system(), PAGE_BYTES, port)) {
            for (var table : new String[] {"bench", "streamed", "empty"}) {
                server.tables().create(MadeItems.table(table, table.equals("streamed")));
            }
            var made = new MadeItems(bytes);
            for (int i = 0; i < items; i++) {
                server.tables().put("bench", made.item(i));
                server.tables().put("streamed", made.item(i));
            }
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}

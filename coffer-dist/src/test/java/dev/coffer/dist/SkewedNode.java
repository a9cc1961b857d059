package dev.coffer.dist;

import dev.coffer.cli.StopSignal;
import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import dev.coffer.server.log.Logging;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** A server as a process of its own, on a host whose clock is wrong. Takes the folder of data, the configuration, and by how much the clock is ahead. */
final class SkewedNode {
    private SkewedNode() {}

    public static void main(String[] arguments) throws InterruptedException {
        Logging.start("coffer", "test", Optional.empty());
        var ahead = Duration.parse(arguments[2]);
        var host = InstantSource.system();
        var options = new ServerOptions(
                Path.of(arguments[0]),
                Optional.of(Path.of(arguments[1])),
                "127.0.0.1:0",
                Set.of(ServerOptions.Role.values()),
                false,
                "test");
        try (var stop = new StopSignal();
                var server = CofferServer.start(options, () -> host.instant().plus(ahead), new SecureRandom())) {
            System.out.println("coffer is ready on " + server.url());
            stop.await();
        }
    }
}

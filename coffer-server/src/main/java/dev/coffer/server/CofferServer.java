package dev.coffer.server;

import dev.coffer.server.config.Config;
import dev.coffer.server.config.ConfigReader;
import dev.coffer.server.http.Address;
import dev.coffer.server.http.Listener;
import dev.coffer.server.node.DataFolder;
import dev.coffer.server.node.NodeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** A running server. */
public final class CofferServer implements AutoCloseable {
    private final Wiring wiring;
    private final Listener listener;

    private CofferServer(Wiring wiring, Listener listener) {
        this.wiring = wiring;
        this.listener = listener;
    }

    /**
     * Starts a server; it answers when this returns. The first start makes keys, catalog, Default vaults and credentials.
     *
     * @param clock the time that everything in the server goes by
     * @param random where every secret and id comes from
     * @throws NodeException if the node cannot run with what it has
     * @throws dev.coffer.server.config.ConfigException if the configuration breaks a rule
     */
    public static CofferServer start(ServerOptions options, InstantSource clock, SecureRandom random)
            throws InterruptedException {
        return start(options, ServerTime.ofHost(clock), random);
    }

    /** The same, under a time of its own. */
    public static CofferServer start(ServerOptions options, ServerTime time, SecureRandom random)
            throws InterruptedException {
        var address = Address.parse(options.listen());
        var folder = DataFolder.open(options.data());
        var wiring = new Wiring(options, time, random, folder);
        try {
            var config = config(options.config(), folder);
            refuseOpenHttp(address, config, options);
            return new CofferServer(wiring, wiring.start(address, config));
        } catch (RuntimeException | InterruptedException failed) {
            wiring.close();
            throw failed;
        }
    }

    /** What the file says, or that of the data folder. */
    static Config config(Optional<Path> given, DataFolder folder) {
        var usual = folder.root().resolve("coffer.yaml");
        var file = given.or(() -> Files.exists(usual) ? Optional.of(usual) : Optional.empty());
        var reader = new ConfigReader(name -> Optional.ofNullable(System.getenv(name)));
        return file.map(reader::read).orElseGet(Config::defaults);
    }

    private static void refuseOpenHttp(Address address, Config config, ServerOptions options) {
        if (config.tls().isPresent() || options.insecureHttp() || address.isLoopback()) {
            return;
        }
        throw new NodeException(
                "listening on " + address.host()
                        + ", beyond loopback, without TLS is refused: what is backed up could be read on the way. Name a certificate and its key under 'tls:' in the configuration, or give --insecure-http if something else protects the way.");
    }

    /** Where clients reach it, for example {@code http://127.0.0.1:8480}. */
    public String url() {
        return listener.url();
    }

    /** Stops accepting, lets requests end, interrupts jobs at a safe point, and lets go of the data folder. Jobs go on at the next start. */
    @Override
    public void close() {
        wiring.close();
    }
}

package dev.coffer.server;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.server.clock.NtpWitnesses;
import dev.coffer.server.clock.VaultClocks;
import dev.coffer.server.node.DataFolder;
import dev.coffer.server.node.NodeKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Trusts the vault clock of a data folder again, because people vouch for the host's clock. No server runs on the folder meanwhile. */
public final class ClockAcknowledgement {
    private ClockAcknowledgement() {}

    /** The clock before and after. */
    public record Outcome(VaultClock before, VaultClock after) {}

    /**
     * Acknowledges; durable on return. The early end of the clock moves only as far as outside time servers say.
     *
     * @param config names time servers; the usual file of the data folder if it is left out
     * @param evidence who and why, kept in the record
     * @throws dev.coffer.server.node.NodeException if the folder is in use or cannot be used
     */
    public static Outcome run(
            Path data, Optional<Path> config, InstantSource clock, SecureRandom random, String evidence)
            throws InterruptedException {
        try (var folder = DataFolder.open(data);
                var catalog = SqlCatalog.open(folder.folder("catalog"));
                var trusted = VaultClocks.of(
                        catalog,
                        clock,
                        System::nanoTime,
                        usual -> usual,
                        new UUID(random.nextLong(), random.nextLong()),
                        new NtpWitnesses(CofferServer.config(config, folder).timeServers(), random),
                        NodeKey.open(folder.folder("keys").resolve("node.key"), random))) {
            trusted.begin();
            var before = catalog.read(trusted::at);
            return new Outcome(before, trusted.acknowledge(evidence));
        }
    }
}

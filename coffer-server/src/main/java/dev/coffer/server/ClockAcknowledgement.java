package dev.coffer.server;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.job.RunnerId;
import dev.coffer.server.clock.NtpWitnesses;
import dev.coffer.server.clock.VaultClocks;
import dev.coffer.server.config.Config;
import dev.coffer.server.node.DataFolder;
import dev.coffer.server.node.InstallationKeys;
import dev.coffer.server.node.NodeId;
import dev.coffer.server.node.OpenedCatalog;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
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
        try (var folder = DataFolder.open(data)) {
            var settings = CofferServer.config(config, folder);
            try (var catalog = OpenedCatalog.of(settings, folder, random)) {
                return acknowledged(catalog, folder, settings, clock, random, evidence);
            }
        }
    }

    private static Outcome acknowledged(
            SqlCatalog catalog,
            DataFolder folder,
            Config config,
            InstantSource clock,
            SecureRandom random,
            String evidence)
            throws InterruptedException {
        var node = NodeId.open(folder.root().resolve("node-id"), () -> new UUID(random.nextLong(), random.nextLong()));
        try (var trusted = VaultClocks.of(
                catalog,
                catalog.clock(clock),
                System::nanoTime,
                usual -> usual,
                new RunnerId(node, HexFormat.of().toHexDigits(random.nextLong())),
                new NtpWitnesses(config.timeServers(), random),
                InstallationKeys.nodeKey(catalog, catalog.place(), folder.folder("keys"), random))) {
            trusted.begin();
            var before = catalog.read(trusted::at);
            return new Outcome(before, trusted.acknowledge(evidence));
        }
    }
}

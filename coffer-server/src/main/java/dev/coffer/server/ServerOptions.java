package dev.coffer.server;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How the server is started.
 *
 * @param data everything that Coffer keeps on this node
 * @param config the configuration file; without one {@code DATA/coffer.yaml} is taken if it is there
 * @param listen HOST:PORT, port 0 for a free one
 * @param insecureHttp whether listening beyond loopback without TLS was asked for
 */
public record ServerOptions(
        Path data, Optional<Path> config, String listen, Set<Role> roles, boolean insecureHttp, String version) {
    public ServerOptions {
        roles = Set.copyOf(roles);
    }

    /** The parts of the work that a process can take. */
    public enum Role {
        /** Answers requests. */
        API,
        /** Looks after time: upkeep, and later plans. */
        SCHEDULER,
        /** Runs jobs. */
        WORKER
    }
}

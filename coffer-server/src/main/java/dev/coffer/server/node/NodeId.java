package dev.coffer.server.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Supplier;

/** The name of this node, which outlives restarts: what an earlier start of the same node left half-done is this one's to go on with. */
public final class NodeId {
    private NodeId() {}

    /**
     * Reads the name, or makes one if the file is not there.
     *
     * @throws NodeException if the file is there and holds no name
     */
    public static String open(Path file, Supplier<UUID> ids) {
        try {
            if (!Files.exists(file)) {
                SecretFile.write(file, ids.get() + "\n");
            }
            return UUID.fromString(
                            Files.readString(file, StandardCharsets.US_ASCII).strip())
                    .toString();
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new NodeException(
                    "the node's name " + file
                            + " cannot be read. Remove the file: the node takes a new name, and goes on with its jobs after half a minute.",
                    unreadable);
        }
    }
}

package dev.coffer.server.catalog;

import dev.coffer.core.catalog.CatalogException;
import dev.coffer.wire.error.WireError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told of a catalog that cannot be used. Names of files are for the operator, and in the log. */
public final class CatalogFaults {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogFaults.class);

    private CatalogFaults() {}

    public static WireError error(CatalogException fault, String requestId) {
        LOG.atError()
                .setCause(fault)
                .addKeyValue("event", "catalog.failed")
                .addKeyValue("fault", fault.fault())
                .log("a request met a catalog that cannot be used");
        return switch (fault.fault()) {
            case FULL ->
                unavailable("The request cannot be recorded, because the disk that holds the server's catalog is full."
                        + " Delete recovery points and sweep their vaults, or free space on that disk, and try again.");
            case UNWRITABLE ->
                unavailable("The request cannot be recorded, because the server's catalog cannot be written now. The"
                        + " log has the reason under request id " + requestId
                        + "; when the disk is put right, try again.");
            case BUSY ->
                unavailable("The request cannot be recorded, because another process has the server's catalog. Try"
                        + " again.");
            case BROKEN -> WireError.internalFailure();
        };
    }

    private static WireError unavailable(String message) {
        return WireError.of("ServiceUnavailableException", 500, message);
    }
}

package dev.coffer.server.node;

import dev.coffer.catalog.CatalogException;
import dev.coffer.catalog.SqlCatalog;
import dev.coffer.server.config.Config;

/** Opens the catalog that the configuration names. */
public final class OpenedCatalog {
    private OpenedCatalog() {}

    /**
     * The shared one, or that of the data folder. Its caller closes it.
     *
     * @throws NodeException if it cannot be opened
     */
    public static SqlCatalog of(Config config, DataFolder folder) {
        try {
            return config.catalog().map(SqlCatalog::open).orElseGet(() -> SqlCatalog.open(folder.folder("catalog")));
        } catch (CatalogException told) {
            throw new NodeException(String.valueOf(told.getMessage()), told);
        }
    }
}

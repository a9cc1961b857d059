package dev.coffer.server.node;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.catalog.CatalogException;
import dev.coffer.repository.store.Reserve;
import dev.coffer.server.config.Config;
import java.util.random.RandomGenerator;

/** Opens the catalog that the configuration names. */
public final class OpenedCatalog {
    private static final long RESERVE_BYTES = 8 << 20;

    private OpenedCatalog() {}

    /**
     * The shared one, or that of the data folder, which keeps some room on its disk. Its caller closes it.
     *
     * @throws NodeException if it cannot be opened
     */
    public static SqlCatalog of(Config config, DataFolder folder, RandomGenerator random) {
        try {
            return config.catalog().map(SqlCatalog::open).orElseGet(() -> {
                var own = folder.folder("catalog");
                return SqlCatalog.open(own, Reserve.of(own.resolve(".reserve"), RESERVE_BYTES, random));
            });
        } catch (CatalogException told) {
            throw new NodeException(String.valueOf(told.getMessage()), told);
        }
    }
}

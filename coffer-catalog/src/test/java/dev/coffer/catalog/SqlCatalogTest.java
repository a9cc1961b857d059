package dev.coffer.catalog;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.testkit.catalog.CatalogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class SqlCatalogTest implements CatalogContract {
    @TempDir
    private Path folder;

    private SqlCatalog catalog;

    @BeforeEach
    void open() {
        catalog = SqlCatalog.open(folder);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }
}

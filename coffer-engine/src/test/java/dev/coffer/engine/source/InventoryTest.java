package dev.coffer.engine.source;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InventoryTest {
    private final EngineBench bench;

    InventoryTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Source source(String id, String name) {
        return new Source(
                ResourceType.EFS,
                ADMIN.scope(),
                Arn.ofFileSystem(ADMIN.scope(), id),
                name,
                Map.of("path", "/confidential"),
                Map.of());
    }

    private Inventory inventory(List<Source> configured) {
        return new Inventory(configured, bench.catalog, List.of(), Map.of(ResourceType.EFS, "/restores"));
    }

    @Test
    void configuredSourcesHideRestoredOnesOfTheSameArn() {
        var configured = source("fs-1", "configured");
        bench.write(tx -> {
            tx.resources().putRestoredSource(source("fs-1", "restored"));
            tx.resources().putRestoredSource(source("fs-2", "restored"));
        });
        var inventory = inventory(List.of(configured));

        assertThat(inventory.find(ADMIN.scope(), configured.arn())).contains(configured);
        assertThat(inventory.find(ADMIN.scope(), source("fs-2", "").arn()))
                .map(Source::name)
                .contains("restored");
        assertThat(inventory.find(STRANGER.scope(), configured.arn())).isEmpty();
        assertThat(inventory
                        .targets(
                                ADMIN.scope(),
                                ResourceType.EFS,
                                source("fs-1", "").arn())
                        .existing("fs-1"))
                .contains(configured);
        assertThat(inventory
                        .targets(
                                STRANGER.scope(),
                                ResourceType.EFS,
                                source("fs-1", "").arn())
                        .existing("fs-1"))
                .isEmpty();
    }

    @Test
    void theResourcesOfAScopeAreListedByArnOnce() {
        bench.write(tx -> {
            tx.resources().putRestoredSource(source("fs-2", "restored"));
            tx.resources().putRestoredSource(source("fs-1", "restored"));
        });
        var inventory = inventory(List.of(source("fs-3", "configured"), source("fs-1", "configured")));

        assertThat(inventory.resources(ADMIN.scope()))
                .containsExactly(
                        source("fs-1", "configured"), source("fs-2", "restored"), source("fs-3", "configured"));
        assertThat(inventory.resources(STRANGER.scope())).isEmpty();
    }

    @Test
    void twoSourcesOfOneArnAreRefused() {
        assertThatThrownBy(() -> inventory(List.of(source("fs-1", "a"), source("fs-1", "b"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTypeWithoutAPlaceForRestoresSaysWhatToDo() {
        var inventory = inventory(List.of());

        assertThat(inventory
                        .targets(
                                ADMIN.scope(),
                                ResourceType.EFS,
                                source("fs-1", "").arn())
                        .restoreParent())
                .isEqualTo("/restores");
        assertThatThrownBy(() -> inventory
                        .targets(
                                ADMIN.scope(),
                                ResourceType.S3,
                                source("fs-1", "").arn())
                        .restoreParent())
                .isInstanceOf(SourceException.Impossible.class)
                .hasMessageContaining("S3");
    }

    @Test
    void settingsOfASourceAreNotInItsText() {
        assertThat(source("fs-1", "a")).asString().contains("path").doesNotContain("/confidential");
    }
}

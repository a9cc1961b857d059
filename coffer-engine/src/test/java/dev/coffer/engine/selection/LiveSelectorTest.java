package dev.coffer.engine.selection;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.ROLE;
import static dev.coffer.engine.EngineBench.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.selection.SelectedResource;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.source.Inventory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LiveSelectorTest {
    private static final Arn OTHER_ROLE = Arn.ofRole(EngineBench.ACCOUNT, "other");

    private final EngineBench bench;

    LiveSelectorTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    static Source source(String id, Map<String, String> tags) {
        return new Source(
                ResourceType.EFS, ADMIN.scope(), Arn.ofFileSystem(ADMIN.scope(), id), id, Map.of("path", "/x"), tags);
    }

    static Selection selection(Arn role, List<String> resources, List<TagCondition> tags) {
        return new Selection("s", role, resources, List.of(), tags, Selection.Conditions.NONE);
    }

    private LiveSelector selector(List<Source> configured) {
        return new LiveSelector(bench.catalog, new Inventory(configured, bench.catalog, List.of(), Map.of()));
    }

    private static List<String> names(List<SelectedResource> selected) {
        return selected.stream().map(SelectedResource::name).toList();
    }

    @Test
    void configuredAndRestoredResourcesAreChosenInTheOrderOfTheirArnsWithTheTagsThatTheyHaveNow() {
        var configured = List.of(source("fs-3", Map.of("backup", "yes")), source("fs-1", Map.of("backup", "no")));
        bench.write(tx -> {
            tx.resources().putRestoredSource(source("fs-2", Map.of("backup", "yes")));
            tx.resources().putRestoredSource(source("fs-1", Map.of("backup", "yes")));
        });
        var selector = selector(configured);
        var tagged = selection(ROLE, List.of(), List.of(new TagCondition("backup", "yes")));

        assertThat(names(selector.select(ADMIN.scope(), List.of(tagged)))).containsExactly("fs-2", "fs-3");
        bench.write(tx -> tx.resources().putRestoredSource(source("fs-2", Map.of())));
        assertThat(names(selector.select(ADMIN.scope(), List.of(tagged)))).containsExactly("fs-3");
        assertThat(names(selector.select(ADMIN.scope(), List.of(selection(ROLE, List.of("*"), List.of())))))
                .containsExactly("fs-1", "fs-2", "fs-3");
        assertThat(selector.select(STRANGER.scope(), List.of(selection(ROLE, List.of("*"), List.of()))))
                .isEmpty();
        assertThat(selector.select(ADMIN.scope(), List.of())).isEmpty();
    }

    @Test
    void aResourceOfSeveralSelectionsIsChosenOnceUnderTheRoleOfTheFirst() {
        var selector = selector(List.of(source("fs-1", Map.of("backup", "yes")), source("fs-2", Map.of())));
        var tagged = selection(OTHER_ROLE, List.of(), List.of(new TagCondition("backup", "yes")));
        var all = selection(ROLE, List.of("*"), List.of());

        assertThat(selector.select(ADMIN.scope(), List.of(tagged, all)))
                .extracting(SelectedResource::name, SelectedResource::role)
                .containsExactly(tuple("fs-1", OTHER_ROLE), tuple("fs-2", ROLE));
    }

    @Test
    void anArnOfAResourceThatDoesNotExistIsChosenSoThatItsBackupFailsByName() {
        var selector = selector(List.of());
        var gone = Arn.ofFileSystem(ADMIN.scope(), "fs-gone");
        var foreign = Arn.ofFileSystem(STRANGER.scope(), "fs-foreign");
        var selection = selection(
                ROLE,
                List.of(gone.toString(), foreign.toString(), "arn:aws:s3:::gone", "arn:aws:sqs:::queue", "nonsense"),
                List.of());

        assertThat(selector.select(ADMIN.scope(), List.of(selection)))
                .containsExactly(
                        new SelectedResource(gone, ResourceType.EFS, "fs-gone", ROLE),
                        new SelectedResource(Arn.parse("x", "arn:aws:s3:::gone"), ResourceType.S3, "gone", ROLE));

        var without = new Selection(
                "s",
                ROLE,
                List.of(gone.toString()),
                List.of(),
                List.of(),
                new Selection.Conditions(List.of(new TagCondition("backup", "yes")), List.of(), List.of(), List.of()));
        assertThat(selector.select(ADMIN.scope(), List.of(without))).isEmpty();
    }

    @Test
    void anOptedOutTypeIsLeftOutUnlessItIsNamed() {
        var selector = selector(List.of(source("fs-1", Map.of("backup", "yes"))));
        bench.write(tx -> tx.settings()
                .put(ADMIN.scope(), RegionSettings.defaults().with(Map.of(ResourceType.EFS, false), Map.of())));

        assertThat(selector.select(ADMIN.scope(), List.of(selection(ROLE, List.of("*"), List.of()))))
                .isEmpty();
        assertThat(names(selector.select(
                        ADMIN.scope(),
                        List.of(selection(ROLE, List.of("arn:aws:elasticfilesystem:*:*:file-system/*"), List.of())))))
                .containsExactly("fs-1");
    }

    /** The size that the port is made for. It takes well under a second; nothing here is quadratic in the resources. */
    @Test
    void tenThousandResourcesMeetAHundredSelections() {
        var sources = new ArrayList<Source>();
        for (int i = 0; i < 10_000; i++) {
            sources.add(source("fs-%06d".formatted(i), Map.of("n", Integer.toString(i % 200), "stage", "prod")));
        }
        var selections = new ArrayList<Selection>();
        for (int i = 0; i < 100; i++) {
            selections.add(new Selection(
                    "s" + i,
                    ROLE,
                    List.of("arn:aws:elasticfilesystem:*:*:file-system/fs-*" + i + "x", "arn:aws:ec2:*"),
                    List.of("arn:aws:*:file-system/fs-00*7"),
                    List.of(new TagCondition("n", Integer.toString(i))),
                    new Selection.Conditions(
                            List.of(),
                            List.of(new TagCondition("stage", "test")),
                            List.of(new TagCondition("stage", "p*d")),
                            List.of())));
        }

        var selected = selector(sources).select(ADMIN.scope(), selections);

        assertThat(selected).hasSize(4_500);
        assertThat(names(selected)).isSorted().allMatch(name -> !name.endsWith("7"));
    }
}

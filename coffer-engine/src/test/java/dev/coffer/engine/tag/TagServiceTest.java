package dev.coffer.engine.tag;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.problem.Problem;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TagServiceTest {
    private final EngineBench bench;

    TagServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void tagsArePutOverThoseThatAreThereAndRemovedByKey() throws Exception {
        var arn = bench.vault("daily").arn().toString();

        bench.tags.tag(ADMIN, arn, Map.of("a", "1", "b", "2"));
        bench.tags.tag(ADMIN, arn, Map.of("b", "3", "c", ""));
        bench.tags.untag(ADMIN, arn, List.of("a", "never"));

        assertThat(bench.tags.list(ADMIN, arn).valueByKey()).isEqualTo(Map.of("b", "3", "c", ""));
    }

    @Test
    void moreThanFiftyTagsAreRefusedAndNothingChanges() throws Exception {
        var arn = bench.vault("daily").arn().toString();
        var fifty = new HashMap<String, String>();
        IntStream.range(0, 50).forEach(i -> fifty.put("key-" + i, "v"));
        bench.tags.tag(ADMIN, arn, fifty);

        var problem = refusal(() -> bench.tags.tag(ADMIN, arn, Map.of("one-more", "v")));

        assertThat(problem.kind()).isEqualTo(Problem.Kind.LIMIT_EXCEEDED);
        assertThat(problem.message()).startsWith("The resultant tag set must not have more than 50 user tags.");
        assertThat(bench.tags.list(ADMIN, arn).valueByKey()).isEqualTo(fifty);
        bench.tags.tag(ADMIN, arn, Map.of("key-1", "changed"));
    }

    @Test
    void reservedLongAndConfusableKeysAreRefused() throws Exception {
        var arn = bench.vault("daily").arn().toString();
        bench.tags.tag(ADMIN, arn, Map.of("Team", "blue"));

        for (var bad : List.of(
                Map.of("aws:x", "v"),
                Map.of("AWS:x", "v"),
                Map.of("k".repeat(129), "v"),
                Map.of("", "v"),
                Map.of("k", "v".repeat(257)),
                Map.of("team", "red"))) {
            assertThat(refusal(() -> bench.tags.tag(ADMIN, arn, bad)).kind())
                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        }
        assertThat(bench.tags.list(ADMIN, arn).valueByKey()).isEqualTo(Map.of("Team", "blue"));
    }

    @Test
    void whatIsNotKnownIsNotFound() throws Exception {
        var vault = bench.vault("daily");
        for (var arn : List.of(
                Arn.ofVault(ADMIN.scope(), "nothing"),
                Arn.ofRecoveryPoint(ADMIN.scope(), "nothing"),
                new Arn(
                        "aws",
                        "backup",
                        "us-east-1",
                        "111122223333",
                        vault.arn().resource()),
                new Arn("aws", "backup", "eu-central-1", "111122223333", "backup-plan:x"))) {
            assertThat(refusal(() -> bench.tags.list(ADMIN, arn.toString())).kind())
                    .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        }
    }

    @Test
    void aVaultOfAnotherAccountIsDeniedWithoutAHintThatItExists() throws Exception {
        var arn = bench.vault("daily").arn().toString();

        var existing = refusal(() -> bench.tags.tag(STRANGER, arn, Map.of("a", "1")));
        var absent = refusal(() -> bench.tags.tag(STRANGER, arn + "-not", Map.of("a", "1")));

        assertThat(existing.kind()).isEqualTo(Problem.Kind.ACCESS_DENIED);
        assertThat(existing).isEqualTo(absent);
        assertThat(bench.tags.list(ADMIN, arn).valueByKey()).isEmpty();
    }

    @Test
    void aRecoveryPointOfAFullyManagedTypeHasTagsAndANativeSnapshotHasNoneHere() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);
        bench.tags.tag(ADMIN, point.arn().toString(), Map.of("a", "1"));

        assertThat(bench.tags.list(ADMIN, point.arn().toString()).valueByKey()).isEqualTo(Map.of("a", "1"));
        assertThat(refusal(() -> bench.tags.tag(ADMIN, "arn:aws:ec2:eu-central-1::snapshot/snap-1", Map.of("a", "1")))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> bench.tags.list(ADMIN, "arn:aws:backup\n")).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }
}

package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.repository.ItemPath;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestoreOrderTest {
    @Test
    void whatAwsRequiresForANewFileSystemIsAccepted() {
        assertThat(RestoreOrder.objectionTo(Map.of(
                        "file-system-id", "fs-0a1b2c3d4e5f60001",
                        "newfilesystem", "TRUE",
                        "encrypted", "true",
                        "kmskeyid", "alias/aws/elasticfilesystem",
                        "performancemode", "generalPurpose",
                        "creationtoken", "token",
                        "aws:backup:request-id", "x",
                        "singleazfilesystem", "true",
                        "availabilityzonename", "eu-central-1a")))
                .isEmpty();
    }

    @Test
    void anUnknownKeyIsRefusedWithTheKnownOnes() {
        assertThat(RestoreOrder.objectionTo(Map.of("newfilesystem", "true", "newfilesytem", "true")))
                .hasValueSatisfying(problem -> assertThat(problem.message())
                        .contains("'newfilesytem'", "newFileSystem", "ItemsToRestore", "coffer:directory"));
    }

    @Test
    void whatIsMissingIsCalledMissing() {
        assertThat(RestoreOrder.objectionTo(Map.of("file-system-id", "fs-0a1b2c3d")))
                .hasValueSatisfying(problem -> {
                    assertThat(problem.kind()).isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
                    assertThat(problem.message()).contains("newFileSystem");
                });
        assertThat(RestoreOrder.objectionTo(Map.of("newfilesystem", "false"))).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
            assertThat(problem.message()).contains("file-system-id");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "newfilesystem|yes",
                "file-system-id|fs-x",
                "file-system-id|vol-0a1b2c3d",
                "performancemode|fast",
                "encrypted|1",
                "itemstorestore|/a",
                "itemstorestore|[\"a\"]",
                "itemstorestore|[\"/a\",1]",
                "itemstorestore|[\"/a\"] x",
                "itemstorestore|[\"/a\"",
                "itemstorestore|[]",
                "itemstorestore|{\"/a\":1}",
                "itemstorestore|[\"/a/../b\"]",
                "itemstorestore|[\"/a//b\"]",
                "itemstorestore|[\"/a\\u0000b\"]",
                "coffer:directory|../up",
                "coffer:directory|/",
                "coffer:conflict|replace",
            })
    void aValueThatCannotBeIsRefused(String key, String value) {
        var metadata = new HashMap<>(Map.of("newfilesystem", "false", "file-system-id", "fs-0a1b2c3d"));
        if (key.equals("coffer:conflict")) {
            metadata.put("coffer:inplace", "true");
        }
        assertThat(RestoreOrder.objectionTo(metadata)).isEmpty();
        metadata.put(key, value);

        assertThat(RestoreOrder.objectionTo(metadata))
                .hasValueSatisfying(
                        problem -> assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        "newfilesystem=true;coffer:inplace=true",
        "newfilesystem=true;coffer:directory=x",
        "newfilesystem=false;file-system-id=fs-0a1b2c3d;coffer:inplace=true;coffer:directory=x",
        "newfilesystem=false;file-system-id=fs-0a1b2c3d;coffer:conflict=skip",
        "newfilesystem=true;encrypted=false;kmskeyid=k",
        "newfilesystem=true;singleazfilesystem=true;availabilityzonename=z;performancemode=maxIO",
    })
    void whatExcludesEachOtherIsRefused(String pairs) {
        var metadata = new HashMap<String, String>();
        for (var pair : pairs.split(";")) {
            metadata.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }

        assertThat(RestoreOrder.objectionTo(metadata)).isPresent();
    }

    @Test
    void anEmptyValueCountsAsAbsent() {
        assertThat(RestoreOrder.objectionTo(Map.of("newfilesystem", "true", "itemstorestore", "", "kmskeyid", "")))
                .isEmpty();
    }

    @Test
    void metadataOver200KilobytesIsRefused() {
        var metadata = Map.of("newfilesystem", "true", "itemstorestore", "[\"/" + "x".repeat(200 * 1024) + "\"]");

        assertThat(RestoreOrder.objectionTo(metadata))
                .hasValueSatisfying(problem -> assertThat(problem.message()).contains("204800"));
    }

    @Test
    void itemsWithinOthersAreLeftOut() {
        var order = RestoreOrder.of(Map.of(
                "newfilesystem", "true", "itemstorestore", "[\"/b/c\", \"/b\", \"/b/\", \"/b.txt\", \"/\\u00e9\"]"));

        assertThat(order.items()).containsExactly(ItemPath.of("b"), ItemPath.of("b.txt"), ItemPath.of("\u00e9"));
    }

    @Test
    void theRootAsAnItemIsAll() {
        assertThat(RestoreOrder.of(Map.of("newfilesystem", "true", "itemstorestore", "[\"/\"]"))
                        .items())
                .isEmpty();
    }

    @Test
    void aFileSystemMayBeNamedByItsArn() {
        var order = RestoreOrder.of(Map.of(
                "newfilesystem",
                "false",
                "file-system-id",
                "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-0a1b2c3d"));

        assertThat(order.fileSystemId()).contains("fs-0a1b2c3d");
    }
}

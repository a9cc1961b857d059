package dev.coffer.engine.settings;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsServiceTest {
    private final EngineBench bench;

    SettingsServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private SettingsService settings() {
        return new SettingsService(bench.catalog, bench.gate, bench.clock, bench.ids);
    }

    @Test
    void everyTypeIsOptedInUntilItIsSet() {
        var shown = settings().describe(ADMIN);

        assertThat(shown.optIn()).hasSize(ResourceType.values().length).doesNotContainValue(false);
        assertThat(shown.management()).isEqualTo(Map.of(ResourceType.EFS, true, ResourceType.DYNAMODB, true));
    }

    @Test
    void anUpdateChangesTheKeysThatItNamesAndTellsThem() {
        settings().update(ADMIN, Map.of("S3", false), Map.of());
        settings().update(ADMIN, Map.of("EBS", false), Map.of("DynamoDB", false));

        var shown = settings().describe(ADMIN);
        assertThat(shown.optedIn(ResourceType.S3)).isFalse();
        assertThat(shown.optedIn(ResourceType.EBS)).isFalse();
        assertThat(shown.optedIn(ResourceType.EFS)).isTrue();
        assertThat(shown.management()).containsEntry(ResourceType.DYNAMODB, false);
        assertThat(bench.events()).hasSize(2);
        assertThat(bench.events().getLast().detail())
                .containsEntry("ResourceTypeOptInPreference", Map.of("EBS", false))
                .containsEntry("state", "MODIFIED");
    }

    @Test
    void settingsOfAnotherAccountAreItsOwn() {
        settings().update(ADMIN, Map.of("S3", false), Map.of());

        assertThat(settings().describe(STRANGER).optedIn(ResourceType.S3)).isTrue();
    }

    @Test
    void unknownTypesAndUnmanagedEfsAreRefusedAndChangeNothing() {
        assertThat(refusal(() -> settings().update(ADMIN, Map.of("S3", false, "FTP", true), Map.of()))
                        .message())
                .contains("FTP");
        assertThat(refusal(() -> settings().update(ADMIN, Map.of(), Map.of("EFS", false)))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(settings().describe(ADMIN).optedIn(ResourceType.S3)).isTrue();
    }

    @Test
    void managementIsAChoiceOfDynamoDbAlone() {
        assertThat(refusal(() -> settings().update(ADMIN, Map.of(), Map.of("S3", true)))
                        .message())
                .contains("S3");
        settings().update(ADMIN, Map.of(), Map.of("EFS", true, "DynamoDB", false));
        assertThat(settings().describe(ADMIN).management())
                .isEqualTo(Map.of(ResourceType.EFS, true, ResourceType.DYNAMODB, false));
        assertThat(bench.events()).isEmpty();
    }

    @Test
    void anAccountOutsideAnOrganizationHasNoGlobalSettings() {
        assertThat(settings().describeGlobal(ADMIN).problem().kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
        assertThat(settings()
                        .updateGlobal(ADMIN, Map.of("isMpaEnabled", "true"))
                        .problem()
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_REQUEST);
        assertThat(refusal(() -> settings().updateGlobal(ADMIN, Map.of())).kind())
                .isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
        assertThat(refusal(() -> settings().updateGlobal(ADMIN, Map.of("isMpaEnabled", "yes")))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> settings().updateGlobal(ADMIN, Map.of("isThisReal", "true")))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }
}

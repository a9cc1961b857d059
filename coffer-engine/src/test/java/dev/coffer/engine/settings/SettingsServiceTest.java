package dev.coffer.engine.settings;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.access.Caller;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.engine.EngineBench;
import java.nio.file.Path;
import java.util.List;
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
        return new SettingsService(bench.catalog, bench.gate, bench.clock, bench.ids, ADMIN.account());
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
    void whatIsSaidOfOtherTypesIsKeptAndShownAndChangesNoOtherType() {
        settings().update(ADMIN, Map.of("FSx", true, "Storage Gateway", false, "S3", false), Map.of());
        settings().update(ADMIN, Map.of("FSx", false), Map.of());

        var shown = settings().describe(ADMIN);
        assertThat(shown.otherOptIn()).isEqualTo(Map.of("FSx", false, "Storage Gateway", false));
        assertThat(shown.optIn()).hasSize(ResourceType.values().length).containsEntry(ResourceType.S3, false);
        assertThat(settings().describe(STRANGER).otherOptIn()).isEmpty();
    }

    @Test
    void globalSettingsAreMergedAndShowWhatWasSet() {
        assertThat(settings().describeGlobal(ADMIN).shown())
                .isEqualTo(Map.of(GlobalSetting.CROSS_ACCOUNT_BACKUP, false));
        assertThat(settings().describeGlobal(ADMIN).updatedAt()).isEmpty();

        settings().updateGlobal(ADMIN, Map.of("isCrossAccountBackupEnabled", "true"));
        settings().updateGlobal(ADMIN, Map.of("isMpaEnabled", "false"));

        for (var caller : List.of(ADMIN, STRANGER)) {
            assertThat(settings().describeGlobal(caller).shown())
                    .isEqualTo(Map.of(
                            GlobalSetting.CROSS_ACCOUNT_BACKUP, true, GlobalSetting.MULTI_PARTY_APPROVAL, false));
            assertThat(settings().describeGlobal(caller).updatedAt()).contains(bench.clock.instant());
        }
    }

    @Test
    void globalSettingsAreChangedByTheManagementAccountAndOnlyToWhatThereIs() {
        record Case(Caller caller, Map<String, String> settings, Problem.Kind kind, String message) {}
        for (var refused : List.of(
                new Case(ADMIN, Map.of(), Problem.Kind.MISSING_PARAMETER_VALUE, "GlobalSettings"),
                new Case(ADMIN, Map.of("isMpaEnabled", "yes"), Problem.Kind.INVALID_PARAMETER_VALUE, "true or false"),
                new Case(ADMIN, Map.of("isThisReal", "true"), Problem.Kind.INVALID_PARAMETER_VALUE, "isMpaEnabled"),
                new Case(ADMIN, Map.of("isMpaEnabled", "true"), Problem.Kind.INVALID_REQUEST, "isMpaEnabled"),
                new Case(
                        ADMIN,
                        Map.of("isDelegatedAdministratorEnabled", "true", "isCrossAccountBackupEnabled", "true"),
                        Problem.Kind.INVALID_REQUEST,
                        "isDelegatedAdministratorEnabled"),
                new Case(
                        STRANGER,
                        Map.of("isCrossAccountBackupEnabled", "true"),
                        Problem.Kind.INVALID_REQUEST,
                        "management account, " + ADMIN.account()))) {
            var problem = refusal(() -> settings().updateGlobal(refused.caller(), refused.settings()));
            assertThat(problem.kind()).as(refused.toString()).isEqualTo(refused.kind());
            assertThat(problem.message()).contains(refused.message());
        }
        assertThat(settings().describeGlobal(ADMIN)).isEqualTo(GlobalSettings.DEFAULTS);
    }
}

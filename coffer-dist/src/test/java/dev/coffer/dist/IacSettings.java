package dev.coffer.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.dist.IacReplay.Sequence;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings, which are never created and never deleted. */
final class IacSettings {
    private IacSettings() {}

    static List<Sequence> sequences() {
        return List.of(
                new Sequence("Terraform: settings of the Region", IacSettings::region),
                new Sequence("Terraform: settings of the organization", IacSettings::global));
    }

    /** With the types of AWS that Coffer does not protect, which configurations from there name. */
    private static void region(IacReplay on) {
        var client = on.client();
        var sent = new TreeMap<String, Boolean>();
        for (var type : List.of(
                "Aurora",
                "DynamoDB",
                "EBS",
                "EC2",
                "EFS",
                "RDS",
                "S3",
                "DocumentDB",
                "FSx",
                "Neptune",
                "Storage Gateway",
                "VirtualMachine")) {
            sent.put(type, true);
        }
        client.updateRegionSettings(r -> r.resourceTypeOptInPreference(sent));
        var read = client.describeRegionSettings(r -> {});
        assertThat(read.resourceTypeOptInPreference()).isEqualTo(sent);
        assertThat(read.resourceTypeManagementPreference()).isEqualTo(Map.of("DynamoDB", true, "EFS", true));
        sent.put("Aurora", false);
        sent.put("VirtualMachine", false);
        var managed = Map.of("DynamoDB", false, "EFS", true);
        client.updateRegionSettings(r -> r.resourceTypeOptInPreference(sent).resourceTypeManagementPreference(managed));
        var changed = client.describeRegionSettings(r -> {});
        assertThat(changed.resourceTypeOptInPreference()).isEqualTo(sent);
        assertThat(changed.resourceTypeManagementPreference()).isEqualTo(managed);
        assertThat(client.describeRegionSettings(r -> {}).equalsBySdkFields(changed))
                .as("a read that follows a read says the same, for an empty plan")
                .isTrue();
    }

    private static void global(IacReplay on) {
        var client = on.client();
        for (var value : List.of("true", "false", "true")) {
            client.updateGlobalSettings(r -> r.globalSettings(Map.of("isCrossAccountBackupEnabled", value)));
            assertThat(client.describeGlobalSettings(r -> {}).globalSettings())
                    .as("what was sent, and no setting more")
                    .isEqualTo(Map.of("isCrossAccountBackupEnabled", value));
        }
    }
}

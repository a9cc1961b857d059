package dev.coffer.server.settings;

import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.settings.SettingsService;
import dev.coffer.server.api.Operations;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.backup.model.DescribeGlobalSettingsRequest;
import software.amazon.awssdk.services.backup.model.DescribeGlobalSettingsResponse;
import software.amazon.awssdk.services.backup.model.DescribeRegionSettingsRequest;
import software.amazon.awssdk.services.backup.model.DescribeRegionSettingsResponse;
import software.amazon.awssdk.services.backup.model.GetSupportedResourceTypesRequest;
import software.amazon.awssdk.services.backup.model.GetSupportedResourceTypesResponse;
import software.amazon.awssdk.services.backup.model.UpdateGlobalSettingsRequest;
import software.amazon.awssdk.services.backup.model.UpdateGlobalSettingsResponse;
import software.amazon.awssdk.services.backup.model.UpdateRegionSettingsRequest;
import software.amazon.awssdk.services.backup.model.UpdateRegionSettingsResponse;

/** DescribeRegionSettings, UpdateRegionSettings, DescribeGlobalSettings, UpdateGlobalSettings, GetSupportedResourceTypes. */
public final class SettingsOperations {
    private SettingsOperations() {}

    public static void addTo(Operations operations, SettingsService settings) {
        operations.put(DescribeRegionSettingsRequest.class, (call, _) -> {
            var now = settings.describe(call.caller());
            return DescribeRegionSettingsResponse.builder()
                    .resourceTypeOptInPreference(optIn(now))
                    .resourceTypeManagementPreference(byName(now.management()))
                    .build();
        });
        operations.put(UpdateRegionSettingsRequest.class, (call, request) -> {
            settings.update(
                    call.caller(), request.resourceTypeOptInPreference(), request.resourceTypeManagementPreference());
            return UpdateRegionSettingsResponse.builder().build();
        });
        operations.put(DescribeGlobalSettingsRequest.class, (call, _) -> {
            var now = settings.describeGlobal(call.caller());
            var shown = new TreeMap<String, String>();
            now.shown().forEach((setting, on) -> shown.put(setting.wireName(), on.toString()));
            return DescribeGlobalSettingsResponse.builder()
                    .globalSettings(shown)
                    .lastUpdateTime(now.updatedAt().orElse(null))
                    .build();
        });
        operations.put(UpdateGlobalSettingsRequest.class, (call, request) -> {
            settings.updateGlobal(call.caller(), request.globalSettings());
            return UpdateGlobalSettingsResponse.builder().build();
        });
        operations.put(
                GetSupportedResourceTypesRequest.class,
                (_, _) -> GetSupportedResourceTypesResponse.builder()
                        .resourceTypes(settings.supportedTypes())
                        .build());
    }

    private static Map<String, Boolean> optIn(RegionSettings settings) {
        var all = new TreeMap<>(settings.otherOptIn());
        all.putAll(byName(settings.optIn()));
        return all;
    }

    private static Map<String, Boolean> byName(Map<ResourceType, Boolean> byType) {
        var byName = new TreeMap<String, Boolean>();
        byType.forEach((type, on) -> byName.put(type.wireName(), on));
        return byName;
    }
}

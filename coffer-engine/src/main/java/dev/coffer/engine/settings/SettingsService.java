package dev.coffer.engine.settings;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.event.Events;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of an account's settings in a Region. */
public final class SettingsService {
    private static final List<String> GLOBAL_SETTINGS =
            List.of("isCrossAccountBackupEnabled", "isMpaEnabled", "isDelegatedAdministratorEnabled");

    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final Events events;

    public SettingsService(Catalog catalog, Gate gate, InstantSource clock, Supplier<UUID> ids) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.events = new Events(ids);
    }

    /** The settings, defaults included. */
    public RegionSettings describe(Caller caller) {
        gate.check(caller, "backup:DescribeRegionSettings", everything(caller));
        return catalog.read(view -> view.settings().of(caller.scope()));
    }

    /**
     * Puts the given keys over the present settings; keys that are not given keep their value.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown type, for the management of a type that leaves no choice, and for EFS as not fully managed, which AWS does not have
     */
    public void update(Caller caller, Map<String, Boolean> optIn, Map<String, Boolean> management) {
        gate.check(caller, "backup:UpdateRegionSettings", everything(caller));
        var moreOptIn = typed("ResourceTypeOptInPreference", optIn);
        var moreManagement = typed("ResourceTypeManagementPreference", management);
        moreManagement.keySet().stream()
                .filter(type -> !RegionSettings.MANAGEMENT_TYPES.contains(type))
                .findFirst()
                .ifPresent(type -> {
                    throw new Refused(Problem.invalid("ResourceTypeManagementPreference names " + type.wireName()
                            + ", whose backups are managed in one way only. Use DynamoDB and EFS."));
                });
        if (!moreManagement.getOrDefault(ResourceType.EFS, true)) {
            throw new Refused(Problem.invalid("EFS in ResourceTypeManagementPreference is always true."));
        }
        var now = clock.instant();
        catalog.<Boolean>write(tx -> {
            var before = tx.settings().of(caller.scope());
            tx.settings().put(caller.scope(), before.with(moreOptIn, moreManagement));
            if (!moreOptIn.isEmpty()) {
                tx.emit(events.regionSettings(caller.scope(), moreOptIn, now));
            }
            return true;
        });
    }

    /**
     * Refuses to show the settings of an organization: the accounts of an installation form none.
     *
     * @return INVALID_REQUEST, as AWS answers an account outside an organization
     * @throws Refused ACCESS_DENIED
     */
    public Refused describeGlobal(Caller caller) {
        gate.check(caller, "backup:DescribeGlobalSettings", everything(caller));
        return outsideOrganization(caller);
    }

    /**
     * Refuses to change the settings of an organization, once they could be right.
     *
     * @return INVALID_REQUEST
     * @throws Refused ACCESS_DENIED, MISSING_PARAMETER_VALUE for no setting, INVALID_PARAMETER_VALUE for an unknown name or value
     */
    public Refused updateGlobal(Caller caller, Map<String, String> settings) {
        gate.check(caller, "backup:UpdateGlobalSettings", everything(caller));
        if (settings.isEmpty()) {
            throw new Refused(Problem.missing("GlobalSettings is missing or empty."));
        }
        settings.forEach((name, value) -> {
            if (!GLOBAL_SETTINGS.contains(name)) {
                throw new Refused(Problem.invalid(
                        "GlobalSettings has no setting of this name. Use one of " + GLOBAL_SETTINGS + "."));
            }
            if (!value.equals("true") && !value.equals("false")) {
                throw new Refused(Problem.invalid("GlobalSettings: " + name + " is either true or false."));
            }
        });
        return outsideOrganization(caller);
    }

    private static Refused outsideOrganization(Caller caller) {
        return new Refused(Problem.invalidRequest("The account " + caller.account()
                + " is not a member of an organization, and only organizations have" + " global settings."));
    }

    /** The names of the types that Coffer knows. */
    public List<String> supportedTypes() {
        return Arrays.stream(ResourceType.values()).map(ResourceType::wireName).toList();
    }

    private static Map<ResourceType, Boolean> typed(String parameter, Map<String, Boolean> byName) {
        var byType = new EnumMap<ResourceType, Boolean>(ResourceType.class);
        byName.forEach((name, value) -> byType.put(
                ResourceType.ofWireName(name)
                        .orElseThrow(() -> new Refused(Problem.invalid(
                                parameter + " names " + name + ", which is not a supported" + " resource type."))),
                value));
        return byType;
    }

    private static Arn everything(Caller caller) {
        return new Arn(
                "aws", "backup", caller.region().value(), caller.account().value(), "*");
    }
}

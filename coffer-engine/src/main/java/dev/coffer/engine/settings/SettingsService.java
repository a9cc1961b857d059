package dev.coffer.engine.settings;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.settings.GlobalSettings;
import dev.coffer.core.settings.RegionSettings;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.event.Events;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of an account's settings in a Region, and of those of the organization that the accounts of the installation form. */
public final class SettingsService {
    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final Events events;
    private final AccountId managementAccount;

    /**
     * The use cases.
     *
     * @param managementAccount the only one that may change the settings of the organization
     */
    public SettingsService(
            Catalog catalog, Gate gate, InstantSource clock, Supplier<UUID> ids, AccountId managementAccount) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.events = new Events(ids);
        this.managementAccount = managementAccount;
    }

    /** The settings, defaults included. */
    public RegionSettings describe(Caller caller) {
        gate.check(caller, "backup:DescribeRegionSettings", everything(caller));
        return catalog.read(view -> view.settings().of(caller.scope()));
    }

    /**
     * Puts the given keys over the present settings; keys that are not given keep their value. What is said of types that AWS Backup knows and Coffer does not is kept and has no effect.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown type, for the management of a type that leaves no choice, and for EFS as not fully managed, which AWS does not have
     */
    public void update(Caller caller, Map<String, Boolean> optIn, Map<String, Boolean> management) {
        gate.check(caller, "backup:UpdateRegionSettings", everything(caller));
        var others = new TreeMap<>(optIn);
        others.keySet().retainAll(RegionSettings.OTHER_TYPES);
        var moreOptIn = typed("ResourceTypeOptInPreference", ownOf(optIn));
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
            tx.settings()
                    .put(caller.scope(), before.with(moreOptIn, moreManagement).withOthers(others));
            if (!moreOptIn.isEmpty()) {
                tx.emit(events.regionSettings(caller.scope(), moreOptIn, now));
            }
            return true;
        });
    }

    /** The settings of the organization, for any of its accounts. */
    public GlobalSettings describeGlobal(Caller caller) {
        gate.check(caller, "backup:DescribeGlobalSettings", everything(caller));
        return catalog.read(view -> view.settings().global());
    }

    /**
     * Puts the given settings over the present ones of the organization; those that are not given keep their value.
     *
     * @throws Refused MISSING_PARAMETER_VALUE for no setting; INVALID_PARAMETER_VALUE for an unknown name or value; INVALID_REQUEST to any account but the management account, and for turning on what this
     *     version does not have
     */
    public void updateGlobal(Caller caller, Map<String, String> settings) {
        gate.check(caller, "backup:UpdateGlobalSettings", everything(caller));
        if (settings.isEmpty()) {
            throw new Refused(Problem.missing("GlobalSettings is missing or empty."));
        }
        var chosen = new EnumMap<GlobalSetting, Boolean>(GlobalSetting.class);
        settings.forEach((name, value) -> chosen.put(globalSetting(name), isTrue(name, value)));
        if (!caller.account().equals(managementAccount)) {
            throw new Refused(Problem.invalidRequest("The account " + caller.account()
                    + " is a member of the organization. Global settings are changed by its" + " management account, "
                    + managementAccount + ", the first account of the configuration."));
        }
        chosen.forEach((setting, on) -> {
            if (on && !setting.canBeOn()) {
                throw new Refused(Problem.invalidRequest("GlobalSettings: " + setting.wireName()
                        + " cannot be true: this version of Coffer does not have what it turns on."));
            }
        });
        catalog.<Boolean>write(tx -> {
            tx.settings().putGlobal(tx.settings().global().with(chosen, clock.instant()));
            return true;
        });
    }

    private static GlobalSetting globalSetting(String name) {
        return GlobalSetting.ofWireName(name)
                .orElseThrow(() -> new Refused(Problem.invalid("GlobalSettings has no setting of this name. Use one of "
                        + Arrays.stream(GlobalSetting.values())
                                .map(GlobalSetting::wireName)
                                .toList()
                        + ".")));
    }

    private static boolean isTrue(String name, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(Problem.invalid("GlobalSettings: " + name + " is either true or false."));
        };
    }

    /** The names of the types that Coffer knows. */
    public List<String> supportedTypes() {
        return Arrays.stream(ResourceType.values()).map(ResourceType::wireName).toList();
    }

    private static Map<String, Boolean> ownOf(Map<String, Boolean> byName) {
        var own = new TreeMap<>(byName);
        own.keySet().removeAll(RegionSettings.OTHER_TYPES);
        return own;
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

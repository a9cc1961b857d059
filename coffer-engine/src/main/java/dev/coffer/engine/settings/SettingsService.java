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
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown type, and for EFS as not fully managed, which AWS does not have
     */
    public void update(Caller caller, Map<String, Boolean> optIn, Map<String, Boolean> management) {
        gate.check(caller, "backup:UpdateRegionSettings", everything(caller));
        var moreOptIn = typed("ResourceTypeOptInPreference", optIn);
        var moreManagement = typed("ResourceTypeManagementPreference", management);
        if (!moreManagement.getOrDefault(ResourceType.EFS, true)) {
            throw new Refused(Problem.invalid("EFS in ResourceTypeManagementPreference is always true."));
        }
        var now = clock.instant();
        catalog.<Boolean>write(tx -> {
            var before = tx.settings().of(caller.scope());
            tx.settings().put(caller.scope(), before.with(moreOptIn, moreManagement));
            tx.emit(events.regionSettings(caller.scope(), moreOptIn, now));
            return true;
        });
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

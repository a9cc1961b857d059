package dev.coffer.server.config;

import dev.coffer.core.access.Secret;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.event.DeliveryRules;
import dev.coffer.engine.event.EventRuleService;
import java.time.Duration;
import java.util.List;

/**
 * The section {@code events}.
 *
 * @param allow where targets may be
 * @param deadAfter when an event for a target that fails is given up
 * @param sns through what the topics of vaults' notifications are reached, one for each Region
 * @param rules the rules of the file
 */
public record EventsConfig(
        AddressPolicy allow, Duration deadAfter, List<SnsEndpoint> sns, List<EventRuleService.Draft> rules) {
    /** What holds without the section. */
    public static final EventsConfig NONE =
            new EventsConfig(AddressPolicy.NOTHING, DeliveryRules.STANDARD.deadAfter(), List.of(), List.of());

    public EventsConfig {
        sns = List.copyOf(sns);
        rules = List.copyOf(rules);
    }

    /** An SNS for the topics of a Region. */
    public record SnsEndpoint(AwsPlace place, Secret secret) {}

    /**
     * Makes the rules those of the catalog.
     *
     * @throws ConfigException if one cannot be, for example because of its pattern or an address that is not allowed
     */
    public void load(EventRuleService service) {
        try {
            service.load(rules);
        } catch (Refused wrong) {
            throw new ConfigException("the section 'events' of the configuration: "
                    + wrong.problem().message());
        }
    }
}

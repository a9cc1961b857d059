package dev.coffer.engine.event;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.vault.VaultName;
import java.util.Optional;

/**
 * A target with how it goes.
 *
 * @param obstacle why nothing can be sent as things are configured
 * @param waiting events of the account and Region that the target has not seen yet
 */
public record TargetView(Of of, boolean enabled, Optional<String> obstacle, Optional<SinkState> state, long waiting) {
    /** Whose target it is. */
    public sealed interface Of {
        record Rule(String name, EventTarget target) implements Of {}

        record Vault(VaultName name, Arn topic) implements Of {}
    }

    /** How a target goes, in a word. */
    public enum Health {
        DELIVERING,
        FAILING,
        NOT_CONFIGURED,
        DISABLED
    }

    /** How it goes. */
    public Health health() {
        if (!enabled) {
            return Health.DISABLED;
        }
        if (obstacle.isPresent()) {
            return Health.NOT_CONFIGURED;
        }
        return state.filter(known -> known.lastError().isPresent()).isPresent() ? Health.FAILING : Health.DELIVERING;
    }
}

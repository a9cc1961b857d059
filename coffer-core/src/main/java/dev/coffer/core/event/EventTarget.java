package dev.coffer.core.event;

import java.util.Optional;

/**
 * Where a rule sends.
 *
 * @param id tells it from the rule's other targets
 * @param sealedSecret the secret, encrypted under the node's key; {@link #toString} shows none of it
 */
public record EventTarget(String id, TargetSpec spec, Optional<String> sealedSecret) {
    @Override
    public String toString() {
        return "EventTarget[" + id + " of type " + spec.type().wireName() + "]";
    }
}

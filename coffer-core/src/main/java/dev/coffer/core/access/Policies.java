package dev.coffer.core.access;

import java.util.List;
import java.util.Optional;

/**
 * The policies that a decision is made by.
 *
 * @param identity of who asks
 * @param boundary caps what the identity's policies allow
 * @param session caps what a session may do
 * @param resource of what is asked for
 */
public record Policies(List<Named> identity, Optional<Named> boundary, Optional<Named> session, OfResource resource) {
    /** A policy, and how explanations call it. */
    public record Named(String name, Policy policy) {}

    /** What the resource has to say. */
    public sealed interface OfResource {
        /** The resource has no policy. */
        record None() implements OfResource {}

        /** What it allows within its account needs nobody else to allow it, as with a vault. */
        record Sufficient(Named policy) implements OfResource {}

        /** Nothing is allowed without it, as with the trust policy of a role. */
        record Required(Named policy) implements OfResource {}

        /** The policy, if there is one. */
        default Optional<Named> given() {
            return switch (this) {
                case None() -> Optional.empty();
                case Sufficient(var policy) -> Optional.of(policy);
                case Required(var policy) -> Optional.of(policy);
            };
        }
    }

    public Policies {
        identity = List.copyOf(identity);
    }
}

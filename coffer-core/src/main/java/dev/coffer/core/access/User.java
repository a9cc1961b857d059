package dev.coffer.core.access;

import dev.coffer.core.arn.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * A user.
 *
 * @param id {@code AIDA...}, never used again
 * @param boundary the policy that caps what the user's policies allow
 */
public record User(Arn arn, String id, Optional<Arn> boundary, Instant createdAt) {
    /** The name, the last part of the ARN. */
    public String name() {
        return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    }
}

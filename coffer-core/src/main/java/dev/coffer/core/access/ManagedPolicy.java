package dev.coffer.core.access;

import dev.coffer.core.arn.Arn;
import java.time.Instant;

/** A policy with a name of its own, which users and roles are attached to. Those of the account {@code aws} come with Coffer and do not change. */
public record ManagedPolicy(Arn arn, PolicyDocument document, Instant createdAt) {
    /** The name, the last part of the ARN. */
    public String name() {
        return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    }

    /** Whether it comes with Coffer. */
    public boolean isBuiltIn() {
        return arn.account().equals("aws");
    }
}

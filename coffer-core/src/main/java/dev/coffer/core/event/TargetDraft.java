package dev.coffer.core.event;

import dev.coffer.core.access.Secret;
import java.util.Optional;

/** A target as somebody has described it, its secret in clear. */
public record TargetDraft(String id, TargetSpec spec, Optional<Secret> secret) {}

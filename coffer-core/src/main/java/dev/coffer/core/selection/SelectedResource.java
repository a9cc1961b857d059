package dev.coffer.core.selection;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.resource.ResourceType;

/**
 * A resource that a plan protects now.
 *
 * @param name what people call it
 * @param role of the first selection that chose it
 */
public record SelectedResource(Arn resource, ResourceType type, String name, Arn role) {}

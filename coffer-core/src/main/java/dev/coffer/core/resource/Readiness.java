package dev.coffer.core.resource;

/**
 * How many resources could be restored.
 *
 * @param protectedResources those that were ever backed up
 * @param restored those of them that were ever restored
 * @param recent those of them whose last backup is recent
 */
public record Readiness(long protectedResources, long restored, long recent) {}

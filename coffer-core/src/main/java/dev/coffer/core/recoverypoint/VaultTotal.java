package dev.coffer.core.recoverypoint;

import dev.coffer.core.vault.VaultName;

/**
 * What a vault holds in all.
 *
 * @param points of every status
 * @param logicalBytes the sizes of the resources at the times of the points, added up; each counts in whole KiB
 */
public record VaultTotal(VaultName vault, long points, long logicalBytes) {}

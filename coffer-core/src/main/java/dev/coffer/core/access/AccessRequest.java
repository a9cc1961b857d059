package dev.coffer.core.access;

/**
 * What somebody wants to do.
 *
 * @param action for example {@code backup:CreateBackupVault}
 * @param resource the ARN, or {@code *}
 * @param owner the account id that the resource belongs to
 */
public record AccessRequest(Subject subject, String action, String resource, String owner, Facts facts) {}

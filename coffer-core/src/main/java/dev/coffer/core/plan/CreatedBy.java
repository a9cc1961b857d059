package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;

/**
 * Which rule of which version of a plan made a job or a recovery point (AWS Backup: {@code RecoveryPointCreator}).
 *
 * @param cron the rule's schedule expression
 * @param timezone the IANA zone in which it is read
 */
public record CreatedBy(
        PlanId plan,
        Arn planArn,
        String planName,
        String planVersion,
        RuleId rule,
        String ruleName,
        String cron,
        String timezone) {
    /** What a job of the rule carries. */
    public static CreatedBy of(PlanVersion plan, BackupRule rule) {
        return new CreatedBy(
                plan.id(),
                plan.arn(),
                plan.document().name(),
                plan.versionId(),
                rule.id(),
                rule.name(),
                rule.schedule().expression(),
                rule.schedule().zone());
    }
}

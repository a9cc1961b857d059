package dev.coffer.engine.plan;

/**
 * The quotas of plans. The defaults are those of the AWS Backup quotas page.
 *
 * @param plans plans of an account in a Region
 * @param versions versions of a plan
 * @param selections selections of a plan
 * @param selectionsByTags selections of a plan that choose by tags
 * @param arns ARNs without wildcard in one list of a selection
 * @param patterns ARNs with wildcard in one list of a selection
 * @param tags tags, and conditions, of a selection
 */
public record PlanLimits(
        int plans, int versions, int selections, int selectionsByTags, int arns, int patterns, int tags) {
    /** AWS's numbers. */
    public static PlanLimits defaults() {
        return new PlanLimits(300, 2000, 100, 10, 500, 30, 30);
    }
}

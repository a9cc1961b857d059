package dev.coffer.core.plan;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rules and plans for tests. */
final class Rules {
    static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));

    private Rules() {}

    /** A rule; its id is its name, 0 days are for ever. */
    static BackupRule rule(String name, String cron, long windowMinutes, long days, boolean continuous) {
        return new BackupRule(
                name,
                new RuleId(name),
                VaultName.DEFAULT,
                Optional.empty(),
                Schedule.of(cron, "Etc/UTC"),
                windowMinutes,
                BackupRule.USUAL_COMPLETION_MINUTES,
                new Lifecycle(
                        OptionalLong.empty(),
                        days == 0 ? OptionalLong.empty() : OptionalLong.of(days),
                        Optional.empty()),
                Tags.NONE,
                List.of(),
                continuous,
                List.of(),
                List.of());
    }

    static BackupRule rule(String name, String cron, long windowMinutes, long days) {
        return rule(name, cron, windowMinutes, days, false);
    }

    static BackupPlan plan(BackupRule... rules) {
        return new BackupPlan("plan", List.of(rules), List.of(), List.of());
    }

    static PlanVersion version(BackupPlan plan, Instant createdAt) {
        return new PlanVersion(
                SCOPE,
                new PlanId("p"),
                "v1",
                1,
                plan,
                createdAt,
                createdAt,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}

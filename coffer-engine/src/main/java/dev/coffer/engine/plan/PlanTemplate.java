package dev.coffer.engine.plan;

import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.Schedule;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The plans that AWS Backup offers as templates. The caller gives the plan its own name. */
public enum PlanTemplate {
    DAILY("87c0c1ef-254d-4180-8fef-2e76a2c38aaa", "Daily-35day-Retention"),
    MONTHLY("5b9cb5d0-0a1c-4a63-9d0f-9a4b57d1e0c1", "Daily-Monthly-1yr-Retention"),
    FIVE_YEARS("6d0a7e12-3f0b-4c55-8f43-2c1e8a9b7d05", "Daily-Weekly-Monthly-5yr-Retention"),
    SEVEN_YEARS("7e1b8f23-4a1c-4d66-9054-3d2f9bac8e07", "Daily-Weekly-Monthly-7yr-Retention");

    private static final String DAY = "cron(0 5 ? * * *)";
    private static final String WEEK = "cron(0 5 ? * SAT *)";
    private static final String MONTH = "cron(0 5 1 * ? *)";

    private final String id;
    private final String title;

    PlanTemplate(String id, String title) {
        this.id = id;
        this.title = title;
    }

    public String id() {
        return id;
    }

    /** The name that lists show. */
    public String title() {
        return title;
    }

    /** The document. */
    public BackupPlan document() {
        var rules = new ArrayList<BackupRule>();
        rules.add(rule("DailyBackups", DAY, OptionalLong.empty(), 35));
        switch (this) {
            case DAILY -> {}
            case MONTHLY -> rules.add(rule("MonthlyBackups", MONTH, OptionalLong.of(30), 365));
            case FIVE_YEARS -> {
                rules.add(rule("WeeklyBackups", WEEK, OptionalLong.empty(), 90));
                rules.add(rule("MonthlyBackups", MONTH, OptionalLong.of(90), 1825));
            }
            case SEVEN_YEARS -> {
                rules.add(rule("WeeklyBackups", WEEK, OptionalLong.empty(), 90));
                rules.add(rule("MonthlyBackups", MONTH, OptionalLong.of(90), 2555));
            }
        }
        return new BackupPlan(title, rules, List.of(), List.of());
    }

    private static BackupRule rule(String name, String cron, OptionalLong cold, long days) {
        return new BackupRule(
                name,
                new RuleId(name),
                VaultName.DEFAULT,
                Optional.empty(),
                Schedule.of(cron, Schedule.USUAL_ZONE),
                BackupRule.USUAL_START_MINUTES,
                BackupRule.USUAL_COMPLETION_MINUTES,
                new Lifecycle(cold, OptionalLong.of(days), Optional.empty()),
                Tags.NONE,
                List.of(),
                false,
                List.of(),
                List.of());
    }
}

package dev.coffer.catalog.plan;

import dev.coffer.catalog.sql.JsonFields;
import dev.coffer.catalog.sql.JsonText;
import dev.coffer.catalog.sql.Stored;
import dev.coffer.core.plan.CreatedBy;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.RuleId;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** Which rule made a job or a recovery point, as JSON text in a column that may have none. */
public final class CreatedByText {
    /** The column. */
    public static final Field<String> CREATED_BY = Stored.text("created_by");

    private CreatedByText() {}

    /** The text to store. */
    public static String of(CreatedBy creator) {
        return JsonText.of(Map.of(
                "BackupPlanId", creator.plan().value(),
                "BackupPlanArn", creator.planArn().toString(),
                "BackupPlanName", creator.planName(),
                "BackupPlanVersion", creator.planVersion(),
                "BackupRuleId", creator.rule().value(),
                "BackupRuleName", creator.ruleName(),
                "BackupRuleCron", creator.cron(),
                "BackupRuleTimezone", creator.timezone()));
    }

    /** What the row says. */
    public static Optional<CreatedBy> of(Record row) {
        return Optional.ofNullable(row.get(CREATED_BY)).map(text -> {
            var map = new JsonFields(JsonText.object(text));
            return new CreatedBy(
                    new PlanId(map.text("BackupPlanId")),
                    Stored.arn(map.text("BackupPlanArn")),
                    map.text("BackupPlanName"),
                    map.text("BackupPlanVersion"),
                    new RuleId(map.text("BackupRuleId")),
                    map.text("BackupRuleName"),
                    map.text("BackupRuleCron"),
                    map.text("BackupRuleTimezone"));
        });
    }
}

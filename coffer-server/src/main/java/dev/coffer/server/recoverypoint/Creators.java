package dev.coffer.server.recoverypoint;

import dev.coffer.core.plan.CreatedBy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.backup.model.RecoveryPointCreator;

/** Which rule of a plan made a job or a recovery point, on the wire. */
public final class Creators {
    private Creators() {}

    /** The creator to show; null for what was made on demand. */
    public static @Nullable RecoveryPointCreator of(Optional<CreatedBy> createdBy) {
        return createdBy.map(Creators::shape).orElse(null);
    }

    private static RecoveryPointCreator shape(CreatedBy creator) {
        return RecoveryPointCreator.builder()
                .backupPlanId(creator.plan().value())
                .backupPlanArn(creator.planArn().toString())
                .backupPlanName(creator.planName())
                .backupPlanVersion(creator.planVersion())
                .backupRuleId(creator.rule().value())
                .backupRuleName(creator.ruleName())
                .backupRuleCron(creator.cron())
                .backupRuleTimezone(creator.timezone())
                .build();
    }
}

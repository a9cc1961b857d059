package dev.coffer.server.plan;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.wire.AwsService;
import dev.coffer.wire.check.ConstraintCheck;
import dev.coffer.wire.codec.JsonDocuments;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.route.Operation;
import dev.coffer.wire.route.OperationTable;
import software.amazon.awssdk.services.backup.model.BackupPlan;
import software.amazon.awssdk.services.backup.model.BackupPlanInput;
import software.amazon.awssdk.services.backup.model.CreateBackupPlanRequest;

/** Plans as texts: what ExportBackupPlanTemplate gives and GetBackupPlanFromJSON takes, the plan document of the API with a marker of its version. */
public final class PlanDocuments {
    private static final String SHAPE = "BackupPlanInput";
    private static final String MARKER = "{\"version\":\"coffer-1\",";

    private final JsonDocuments json;
    private final ConstraintCheck constraints;
    private final Operation create;

    public PlanDocuments(OperationTable table) {
        this.json = new JsonDocuments(table.model(AwsService.BACKUP));
        this.constraints = new ConstraintCheck(table);
        this.create = table.operations(AwsService.BACKUP).stream()
                .filter(operation -> operation.requestType() == CreateBackupPlanRequest.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the model has no CreateBackupPlan"));
    }

    /** The text of a plan. */
    String write(BackupPlan plan) {
        return MARKER + json.write(plan).substring(1);
    }

    /**
     * The plan of a text, also of one that was written by hand.
     *
     * @throws Refused INVALID_PARAMETER_VALUE if it is none
     */
    BackupPlanInput read(String text) {
        var builder = BackupPlanInput.builder();
        try {
            json.read(text, SHAPE, builder);
        } catch (WireException unreadable) {
            throw refusal(unreadable.error().message());
        }
        var plan = builder.build();
        var request = CreateBackupPlanRequest.builder().backupPlan(plan).build();
        constraints.check(create, request).ifPresent(error -> {
            throw refusal(error.message());
        });
        return plan;
    }

    private static Refused refusal(String why) {
        return new Refused(Problem.invalid("BackupPlanTemplateJson is not a backup plan: " + why));
    }
}

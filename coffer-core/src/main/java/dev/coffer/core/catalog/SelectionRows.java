package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.PlanId;
import java.util.List;
import java.util.Optional;

/** Reads the selections of plans. */
public interface SelectionRows {
    Optional<BackupSelection> find(Scope scope, PlanId plan, String id);

    /** By creation, then id. */
    Page<BackupSelection> list(Scope scope, PlanId plan, PageRequest page);

    /** All selections of the plan, the first created first. */
    List<BackupSelection> of(Scope scope, PlanId plan);
}

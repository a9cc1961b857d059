package dev.coffer.engine.plan;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.View;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of the selections of plans. A plan that is not there has AWS's own answer in all of them. */
public final class SelectionService {
    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final PlanLimits limits;

    public SelectionService(Catalog catalog, Gate gate, InstantSource clock, Supplier<UUID> ids, PlanLimits limits) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
    }

    /**
     * Adds a selection to a plan; it counts from the plan's next run on. The creator request id of an existing selection of the plan gives that one.
     *
     * @throws Refused ACCESS_DENIED also for a role that the caller may not pass, MISSING_PARAMETER_VALUE, INVALID_PARAMETER_VALUE also for an unknown plan and a role that cannot be assumed, ALREADY_EXISTS, LIMIT_EXCEEDED
     */
    public BackupSelection create(
            Caller caller, String planId, SelectionRequest request, Optional<String> creatorRequestId) {
        gate.check(caller, "backup:CreateBackupSelection", Arn.ofPlan(caller.scope(), planId));
        var document = request.selection(limits);
        gate.checkPassRole(caller, document.role());
        creatorRequestId.ifPresent(CreatorRequestIds::check);
        var scope = caller.scope();
        return catalog.write(tx -> {
            var plan = plan(tx, caller, planId);
            var others = tx.selections().of(scope, plan);
            var repeated = others.stream()
                    .filter(other -> creatorRequestId.isPresent()
                            && other.creatorRequestId().equals(creatorRequestId))
                    .findFirst();
            if (repeated.isPresent()) {
                return repeated.get();
            }
            Roles.objection(tx.access(), scope.account(), document.role()).ifPresent(problem -> {
                throw new Refused(problem);
            });
            var selection =
                    new BackupSelection(scope, plan, ids.get().toString(), document, clock.instant(), creatorRequestId);
            checkQuotas(others, selection);
            others.stream()
                    .filter(other -> other.document().name().equals(document.name()))
                    .findFirst()
                    .ifPresent(SelectionService::refuseDuplicate);
            tx.selections().insert(selection);
            return selection;
        });
    }

    private void checkQuotas(List<BackupSelection> others, BackupSelection selection) {
        if (others.size() >= limits.selections()) {
            throw new Refused(Problem.of(
                    Problem.Kind.LIMIT_EXCEEDED,
                    "This backup plan has " + limits.selections() + " selections and cannot have more."));
        }
        long byTags = others.stream().filter(BackupSelection::usesTags).count();
        if (selection.usesTags() && byTags >= limits.selectionsByTags()) {
            throw new Refused(Problem.of(
                    Problem.Kind.LIMIT_EXCEEDED,
                    "This backup plan has " + limits.selectionsByTags()
                            + " selections that use tags and cannot have more."));
        }
    }

    private static void refuseDuplicate(BackupSelection existing) {
        throw new Refused(Problem.of(
                        Problem.Kind.ALREADY_EXISTS, "Backup selection with the same name already exists in this plan")
                .withDetails(existing.creatorRequestId()
                        .map(id -> Map.of("CreatorRequestId", id))
                        .orElse(Map.of())));
    }

    /**
     * Shows a selection.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown plan, RESOURCE_NOT_FOUND
     */
    public BackupSelection get(Caller caller, String planId, String id) {
        gate.check(caller, "backup:GetBackupSelection", Arn.ofPlan(caller.scope(), planId));
        return catalog.read(view -> existing(view, caller, planId, id));
    }

    /** The selections of a plan, by creation. */
    public Page<BackupSelection> list(Caller caller, String planId, PageRequest page) {
        gate.check(caller, "backup:ListBackupSelections", Arn.ofPlan(caller.scope(), planId));
        return catalog.read(view -> view.selections().list(caller.scope(), plan(view, caller, planId), page));
    }

    /**
     * Removes a selection; jobs and recovery points that it has led to stay.
     *
     * @throws Refused INVALID_PARAMETER_VALUE for an unknown plan or selection: what clients of AWS read as gone
     */
    public void delete(Caller caller, String planId, String id) {
        gate.check(caller, "backup:DeleteBackupSelection", Arn.ofPlan(caller.scope(), planId));
        catalog.<Boolean>write(tx -> {
            tx.selections()
                    .delete(found(tx, caller, planId, id)
                            .orElseThrow(
                                    () -> new Refused(Problem.invalid("Cannot find Backup selection with ID " + id))));
            return true;
        });
    }

    private static BackupSelection existing(View view, Caller caller, String planId, String id) {
        return found(view, caller, planId, id)
                .orElseThrow(() -> new Refused(Problem.notFound("Backup selection " + id + " was not found.")));
    }

    private static Optional<BackupSelection> found(View view, Caller caller, String planId, String id) {
        return view.selections().find(caller.scope(), plan(view, caller, planId), id);
    }

    private static PlanId plan(View view, Caller caller, String id) {
        return view.plans()
                .current(caller.scope(), new PlanId(id))
                .filter(plan -> plan.deletedAt().isEmpty())
                .orElseThrow(() -> new Refused(Problem.invalid("Cannot find Backup plan with ID " + id)))
                .id();
    }
}

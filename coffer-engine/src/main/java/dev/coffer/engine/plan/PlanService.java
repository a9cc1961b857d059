package dev.coffer.engine.plan;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.plan.BackupPlan;
import dev.coffer.core.plan.BackupRule;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.plan.PlanVersion;
import dev.coffer.core.plan.RuleId;
import dev.coffer.core.plan.RuleProblem;
import dev.coffer.core.plan.RunPreview;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.tag.Tags;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.event.Events;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** The use cases of backup plans. */
public final class PlanService {
    private static final String OF_ORGANIZATIONS = "orgs/";

    private final Catalog catalog;
    private final Gate gate;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final PlanLimits limits;
    private final Events events;

    public PlanService(Catalog catalog, Gate gate, InstantSource clock, Supplier<UUID> ids, PlanLimits limits) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
        this.ids = ids;
        this.limits = limits;
        this.events = new Events(ids);
    }

    /**
     * Makes a plan; it fires from the next instant of its rules on. The creator request id of an existing plan gives that plan's first version.
     *
     * @throws Refused INVALID_PARAMETER_VALUE, ALREADY_EXISTS for a document that another plan has, LIMIT_EXCEEDED
     */
    public PlanVersion create(
            Caller caller, PlanRequest request, Map<String, String> tags, Optional<String> creatorRequestId) {
        gate.check(
                caller, "backup:CreateBackupPlan", Arn.ofPlan(caller.scope(), "*"), Facts.NONE.withRequestTags(tags));
        var document = request.plan(_ -> newRuleId());
        refuseUnsupported(document);
        var planTags = Tags.NONE.with(Tags.of(tags));
        creatorRequestId.ifPresent(CreatorRequestIds::check);
        var scope = caller.scope();
        return catalog.write(tx -> {
            var repeated = creatorRequestId.flatMap(token -> tx.plans().createdWith(scope, token));
            if (repeated.isPresent()) {
                return repeated.get();
            }
            var now = clock.instant();
            var plan = new PlanVersion(
                    scope,
                    new PlanId(ids.get().toString()),
                    newVersionId(),
                    1,
                    document,
                    now,
                    now,
                    Optional.empty(),
                    Optional.empty(),
                    creatorRequestId);
            var others = tx.plans().active(scope);
            if (others.size() >= limits.plans()) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        "This account has " + limits.plans() + " backup plans in this Region and cannot have more."));
            }
            others.stream()
                    .filter(other -> other.document().saysTheSameAs(document))
                    .findFirst()
                    .ifPresent(PlanService::refuseDuplicate);
            tx.plans().insert(plan, PlanClock.startingAt(now, document));
            tx.tags().put(plan.arn(), planTags);
            tx.emit(events.planCreated(plan, now));
            return plan;
        });
    }

    private static void refuseDuplicate(PlanVersion existing) {
        var details = new TreeMap<>(Map.of("Arn", existing.arn().toString()));
        existing.creatorRequestId().ifPresent(id -> details.put("CreatorRequestId", id));
        throw new Refused(
                Problem.of(Problem.Kind.ALREADY_EXISTS, "Backup plan with the same plan document already exists")
                        .withDetails(details));
    }

    /** What rules may say in AWS and this version cannot do is refused, rather than taken and left undone. */
    private static void refuseUnsupported(BackupPlan document) {
        for (var rule : document.rules()) {
            unsupported(rule).ifPresent(member -> {
                throw new Refused(RuleProblem.of(
                        rule.name(), member + " is not supported by this version of Coffer. Leave it out."));
            });
        }
        if (!document.scans().isEmpty()) {
            throw new Refused(
                    Problem.invalid("ScanSettings is not supported by this version of Coffer. Leave it out."));
        }
    }

    private static Optional<String> unsupported(BackupRule rule) {
        if (rule.airGappedVault().isPresent()) {
            return Optional.of("TargetLogicallyAirGappedBackupVaultArn");
        }
        return rule.scans().isEmpty() ? Optional.empty() : Optional.of("ScanActions");
    }

    /**
     * Shows a version of a plan.
     *
     * @param versionId the current one if absent, which a deleted plan does not have
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public PlanVersion get(Caller caller, String id, Optional<String> versionId) {
        gate.check(caller, "backup:GetBackupPlan", Arn.ofPlan(caller.scope(), id));
        var plan = new PlanId(id);
        return catalog.read(view -> versionId
                        .map(version -> view.plans().version(caller.scope(), plan, version))
                        .orElseGet(() -> view.plans()
                                .current(caller.scope(), plan)
                                .filter(found -> found.deletedAt().isEmpty())))
                .orElseThrow(PlanService::unknown);
    }

    /** The next runs of a plan that is not deleted, at most {@code count}. */
    public List<RunPreview> preview(PlanVersion plan, int count) {
        return plan.deletedAt().isPresent() ? List.of() : RunPreview.of(plan.document(), clock.instant(), count);
    }

    /** The plan as a template. */
    public BackupPlan export(Caller caller, String id) {
        gate.check(caller, "backup:ExportBackupPlanTemplate", Arn.ofPlan(caller.scope(), id));
        return catalog.read(view -> current(view.plans().current(caller.scope(), new PlanId(id))))
                .document();
    }

    /**
     * Replaces the document of a plan by a new version. Instants that have come already stay the former version's; rules that keep their names keep their ids.
     *
     * @throws Refused RESOURCE_NOT_FOUND, INVALID_PARAMETER_VALUE also for another name, LIMIT_EXCEEDED
     */
    public PlanVersion update(Caller caller, String id, PlanRequest request) {
        gate.check(caller, "backup:UpdateBackupPlan", Arn.ofPlan(caller.scope(), id));
        refuseOrganizations(id, "updated");
        return catalog.write(tx -> {
            var former = current(tx.plans().current(caller.scope(), new PlanId(id)));
            var document = request.plan(name -> former.document().rules().stream()
                    .filter(rule -> rule.name().equals(name))
                    .findFirst()
                    .map(BackupRule::id)
                    .orElseGet(this::newRuleId));
            refuseUnsupported(document);
            if (!document.name().equals(former.document().name())) {
                throw new Refused(Problem.invalid("BackupPlanName cannot be changed from "
                        + former.document().name() + ". Create another plan."));
            }
            if (former.number() >= limits.versions()) {
                throw new Refused(Problem.of(
                        Problem.Kind.LIMIT_EXCEEDED,
                        "This backup plan has " + limits.versions() + " versions and cannot have more."));
            }
            var now = clock.instant();
            PlanTicker.settle(tx, former, now, events);
            var next = former.followedBy(newVersionId(), document, now);
            tx.plans().addVersion(next);
            tx.plans()
                    .putClock(
                            next.id(),
                            PlanClock.startingAt(tx.plans().clock(next.id()).settledUntil(), document));
            tx.emit(events.planModified(next, now));
            return next;
        });
    }

    /**
     * Deletes a plan that has no selections, with its tags. Its versions can still be shown, and its recovery points stay.
     *
     * @throws Refused RESOURCE_NOT_FOUND, also for a plan that was deleted; INVALID_REQUEST while it has selections
     */
    public PlanVersion delete(Caller caller, String id) {
        gate.check(caller, "backup:DeleteBackupPlan", Arn.ofPlan(caller.scope(), id));
        refuseOrganizations(id, "deleted");
        return catalog.write(tx -> {
            var plan = current(tx.plans().current(caller.scope(), new PlanId(id)));
            if (!tx.selections().of(plan.scope(), plan.id()).isEmpty()) {
                throw new Refused(Problem.invalidRequest(
                        "Related backup plan selections must be deleted prior to backup plan deletion"));
            }
            var now = clock.instant();
            var deleted = plan.deleted(now);
            tx.plans().markDeleted(deleted);
            tx.tags().put(plan.arn(), Tags.NONE);
            tx.emit(events.planDeleted(deleted, now));
            return deleted;
        });
    }

    private static void refuseOrganizations(String id, String what) {
        if (id.startsWith(OF_ORGANIZATIONS)) {
            throw new Refused(Problem.invalid(
                    "Backup plan cannot be " + what + " for backup plan " + id + " created by organizations"));
        }
    }

    /** The current versions of the caller's plans, by creation. */
    public Page<PlanVersion> list(Caller caller, boolean includeDeleted, PageRequest page) {
        gate.check(caller, "backup:ListBackupPlans", Arn.ofPlan(caller.scope(), "*"));
        return catalog.read(view -> view.plans().list(caller.scope(), includeDeleted, page));
    }

    /**
     * All versions of a plan, the newest first, also of a deleted one.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public Page<PlanVersion> versions(Caller caller, String id, PageRequest page) {
        gate.check(caller, "backup:ListBackupPlanVersions", Arn.ofPlan(caller.scope(), id));
        return catalog.read(view -> {
            var plan = view.plans().current(caller.scope(), new PlanId(id)).orElseThrow(PlanService::unknown);
            return view.plans().versions(caller.scope(), plan.id(), page);
        });
    }

    /** AWS's templates. */
    public List<PlanTemplate> templates(Caller caller) {
        gate.check(caller, "backup:ListBackupPlanTemplates", Arn.ofPlan(caller.scope(), "*"));
        return List.of(PlanTemplate.values());
    }

    /**
     * The document of a template.
     *
     * @throws Refused RESOURCE_NOT_FOUND
     */
    public BackupPlan template(Caller caller, String id) {
        gate.check(caller, "backup:GetBackupPlanFromTemplate", Arn.ofPlan(caller.scope(), "*"));
        return Arrays.stream(PlanTemplate.values())
                .filter(template -> template.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Refused(Problem.notFound("Backup plan template " + id + " was not found.")))
                .document();
    }

    /**
     * The plan that a document describes, checked and not made.
     *
     * @throws Refused INVALID_PARAMETER_VALUE
     */
    public BackupPlan check(Caller caller, PlanRequest request) {
        gate.check(caller, "backup:GetBackupPlanFromJSON", Arn.ofPlan(caller.scope(), "*"));
        return request.plan(_ -> newRuleId());
    }

    private static PlanVersion current(Optional<PlanVersion> found) {
        return found.filter(plan -> plan.deletedAt().isEmpty()).orElseThrow(PlanService::unknown);
    }

    private static Refused unknown() {
        return new Refused(Problem.notFound("Failed reading Backup plan with provided version"));
    }

    private RuleId newRuleId() {
        return new RuleId(ids.get().toString());
    }

    /** In the form that AWS's have: a UUID's text in Base64. */
    private String newVersionId() {
        return Base64.getEncoder().encodeToString(ids.get().toString().getBytes(StandardCharsets.US_ASCII));
    }
}

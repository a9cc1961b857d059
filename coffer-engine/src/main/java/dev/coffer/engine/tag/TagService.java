package dev.coffer.engine.tag;

import dev.coffer.core.access.Caller;
import dev.coffer.core.access.Facts;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.View;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.plan.PlanId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultName;
import dev.coffer.engine.access.Gate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The use cases of tags: of vaults, of backup plans, of legal holds, and of recovery points of fully managed types. Tags of native snapshots are their own service's (AWS Backup). */
public final class TagService {
    private static final String VAULT = "backup-vault:";
    private static final String PLAN = "backup-plan:";
    private static final String POINT = "recovery-point:";
    private static final String HOLD = "legal-hold:";

    private final Catalog catalog;
    private final Gate gate;

    public TagService(Catalog catalog, Gate gate) {
        this.catalog = catalog;
        this.gate = gate;
    }

    /**
     * Puts tags over those that are there.
     *
     * @throws Refused RESOURCE_NOT_FOUND, INVALID_PARAMETER_VALUE for a tag that cannot be, LIMIT_EXCEEDED if there would be more than 50
     */
    public void tag(Caller caller, String arn, Map<String, String> tags) {
        var target = checked(caller, "backup:TagResource", arn, Facts.NONE.withRequestTags(tags));
        var more = Tags.of(tags);
        catalog.<Boolean>write(tx -> {
            requireKnown(tx, caller, target);
            tx.tags().put(target, tx.tags().of(target).with(more));
            return true;
        });
    }

    /** Removes tags; keys that are not there change nothing. */
    public void untag(Caller caller, String arn, List<String> keys) {
        var target = checked(caller, "backup:UntagResource", arn, Facts.NONE.with("aws:TagKeys", keys));
        catalog.<Boolean>write(tx -> {
            requireKnown(tx, caller, target);
            tx.tags().put(target, tx.tags().of(target).without(new HashSet<>(keys)));
            return true;
        });
    }

    /** The tags of a thing. */
    public Tags list(Caller caller, String arn) {
        var target = checked(caller, "backup:ListTags", arn, Facts.NONE);
        return catalog.read(view -> {
            requireKnown(view, caller, target);
            return view.tags().of(target);
        });
    }

    private Arn checked(Caller caller, String action, String text, Facts facts) {
        var arn = Arn.parse("ResourceArn", text);
        gate.check(caller, action, arn, facts);
        if (!arn.service().equals("backup")) {
            throw new Refused(Problem.invalid(
                    "ResourceArn " + text + " is not one of AWS Backup. Change its tags through its own service."));
        }
        return arn;
    }

    private static void requireKnown(View view, Caller caller, Arn arn) {
        if (!isKnown(view, caller, arn)) {
            throw new Refused(Problem.notFound("The resource " + arn + " was not found."));
        }
    }

    private static boolean isKnown(View view, Caller caller, Arn arn) {
        if (!arn.isIn(caller.scope())) {
            return false;
        }
        if (arn.resource().startsWith(VAULT)) {
            return VaultName.parse(arn.resource().substring(VAULT.length()))
                    .flatMap(name -> view.vaults().find(caller.scope(), name))
                    .isPresent();
        }
        if (arn.resource().startsWith(PLAN)) {
            return view.plans()
                    .current(caller.scope(), new PlanId(arn.resource().substring(PLAN.length())))
                    .filter(plan -> plan.deletedAt().isEmpty())
                    .isPresent();
        }
        if (arn.resource().startsWith(HOLD)) {
            return view.legalHolds()
                    .find(caller.scope(), new HoldId(arn.resource().substring(HOLD.length())))
                    .isPresent();
        }
        return arn.resource().startsWith(POINT)
                && view.recoveryPoints().find(caller.scope(), arn).isPresent();
    }
}

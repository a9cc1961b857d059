package dev.coffer.engine.job;

import dev.coffer.core.access.Facts;
import dev.coffer.core.access.VaultSharing;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.View;
import dev.coffer.core.job.CopyJob;
import dev.coffer.core.settings.GlobalSetting;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultPlace;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.access.Roles;
import java.util.Optional;

/**
 * Whether a copy may be made, asked when its job runs and again before the copy is published, since vaults, locks, policies and settings change meanwhile. The accounts of the installation are the organization. The texts are AWS's,
 * and tell nothing of another account's vaults.
 */
record CopyRules(Gate gate) {
    /** The action on the point that is copied. */
    static final String COPY_FROM = "backup:CopyFromBackupVault";

    /** Why the copy may not be made now. */
    Optional<String> objection(View view, CopyJob job) {
        var account = job.scope().account();
        var role = Roles.objection(view.access(), account, job.role());
        if (role.isPresent()) {
            return Optional.of(role.get().message());
        }
        if (job.destination().equals(new VaultPlace(job.scope(), job.vault()))) {
            return Optional.of("Copy job failed. The source and the destination backup vault are the same.");
        }
        return membership(view, job)
                .or(() -> destination(view, job)
                        .map(vault -> access(view, job).or(() -> lock(view, job, vault)))
                        .orElseGet(() -> Optional.of(absent(job))));
    }

    private static Optional<String> membership(View view, CopyJob job) {
        if (!job.acrossAccounts()) {
            return Optional.empty();
        }
        if (view.access().keysOf(job.destination().scope().account()).isEmpty()) {
            return Optional.of(CopyJob.NOT_IN_ORGANIZATION);
        }
        return view.settings().global().chosen().getOrDefault(GlobalSetting.CROSS_ACCOUNT_BACKUP, false)
                ? Optional.empty()
                : Optional.of(CopyJob.ACROSS_ACCOUNTS_OFF);
    }

    /** The destination, if it is there. */
    static Optional<Vault> destination(View view, CopyJob job) {
        return view.vaults().find(job.destination().scope(), job.destination().name());
    }

    /** What the user reads of a destination that is not there. */
    static String absent(CopyJob job) {
        return job.acrossAccounts()
                ? CopyJob.ACCESS_DENIED
                : "Copy job failed because the destination backup vault " + job.destination() + " does not exist.";
    }

    private Optional<String> access(View view, CopyJob job) {
        boolean allowed = may(view, job, COPY_FROM, job.recoveryPoint(), targets(gate, job.destination()))
                && may(view, job, VaultSharing.ACTION, job.destination().arn(), Facts.NONE);
        if (!allowed) {
            return Optional.of(CopyJob.ACCESS_DENIED);
        }
        return job.acrossAccounts() && job.destination().name().equals(VaultName.DEFAULT)
                ? Optional.of(CopyJob.INTO_DEFAULT_VAULT)
                : Optional.empty();
    }

    /** The condition keys for where a copy goes. */
    static Facts targets(Gate gate, VaultPlace destination) {
        return gate.organization()
                .copyTarget(destination.scope().account())
                .with("backup:CopyTargets", destination.toString());
    }

    private boolean may(View view, CopyJob job, String action, Arn resource, Facts facts) {
        return gate.roleMay(view, job.scope(), job.role(), action, resource, facts);
    }

    private static Optional<String> lock(View view, CopyJob job, Vault destination) {
        return view.locks().of(destination).objectsTo(job.lifecycle()).map(_ -> CopyJob.RETENTION_OUTSIDE);
    }
}

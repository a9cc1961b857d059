package dev.coffer.core.plan;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Optional;

/**
 * A copy that a rule asks for.
 *
 * @param destination the ARN of a vault
 * @param lifecycle of the copy; the source's if absent
 */
public record CopyAction(Arn destination, Optional<Lifecycle> lifecycle) {
    public CopyAction {
        if (!destination.service().equals("backup") || !destination.resource().startsWith("backup-vault:")) {
            throw new Refused(
                    Problem.invalid("DestinationBackupVaultArn " + destination + " is not the ARN of a backup vault"));
        }
    }
}

package dev.coffer.core.catalog;

import dev.coffer.core.access.AccessKey;
import dev.coffer.core.access.AccessSession;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.util.List;
import java.util.Optional;

/** Reads keys and sessions. */
public interface AccessRows {
    Optional<AccessKey> key(String id);

    List<AccessKey> keysOf(AccountId account);

    /** The session with the access key id, ended or not. */
    Optional<AccessSession> session(String id);

    /** Whether the role exists and trusts the backup service. */
    boolean roleTrustsBackup(Arn role);
}

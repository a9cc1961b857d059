package dev.coffer.core.catalog;

import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.Arn;
import java.util.Optional;

/** Changes users, roles and their policies. */
public interface PrincipalTable extends PrincipalRows {
    /** Adds a user whose name is free. */
    void insert(User user);

    /** Adds a role whose name is free. */
    void insert(Role role);

    /** Removes a user or role with its policies of its own and its attachments. */
    void delete(Arn principal);

    void putBoundary(Arn principal, Optional<Arn> policy);

    /** Adds or replaces a policy of a user or role. */
    void putInline(Arn principal, String name, PolicyDocument document);

    /** False if there was none. */
    boolean deleteInline(Arn principal, String name);

    /** A repeat changes nothing. */
    void attach(Arn principal, Arn policy);

    /** False if it was not attached. */
    boolean detach(Arn principal, Arn policy);

    /** Adds or replaces a policy; when it was made stays. */
    void put(ManagedPolicy policy);

    /** Removes a policy that is not in use. */
    void deletePolicy(Arn policy);
}

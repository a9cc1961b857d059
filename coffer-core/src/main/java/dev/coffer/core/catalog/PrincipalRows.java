package dev.coffer.core.catalog;

import dev.coffer.core.access.ManagedPolicy;
import dev.coffer.core.access.PolicyDocument;
import dev.coffer.core.access.Role;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Reads users, roles and their policies. */
public interface PrincipalRows {
    Optional<User> user(Arn arn);

    Optional<Role> role(Arn arn);

    /** The role with the name, whatever its path. */
    Optional<Role> roleNamed(AccountId account, String name);

    /** By ARN. */
    Page<User> users(AccountId account, PageRequest page);

    /** By ARN. */
    Page<Role> roles(AccountId account, PageRequest page);

    /** The policies that a user or role has of its own, by name. */
    SortedMap<String, PolicyDocument> inline(Arn principal);

    /** The policies that a user or role is attached to, by ARN. */
    List<ManagedPolicy> attached(Arn principal);

    Optional<ManagedPolicy> policy(Arn arn);

    /** The built-in policy with the name, whatever its path. */
    Optional<ManagedPolicy> builtIn(String name);

    /** The account's policies and the built-in ones, by ARN. */
    Page<ManagedPolicy> policies(AccountId account, PageRequest page);

    /** Whether a user or role is attached to the policy or has it as its boundary. */
    boolean inUse(Arn policy);
}

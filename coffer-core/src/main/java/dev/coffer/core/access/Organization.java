package dev.coffer.core.access;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The organization that the accounts of an installation form, as policies name it (spec: iam.md, section 2).
 *
 * @param id {@code o-...}; empty for one that has no name, and then no request has the condition keys of organizations
 * @param pathByAccount for each account {@code o-.../r-.../}, with its organizational units behind, each with a slash
 */
public record Organization(Optional<String> id, Map<AccountId, String> pathByAccount) {
    /** One that policies cannot name. */
    public static final Organization UNNAMED = new Organization(Optional.empty(), Map.of());

    /** The condition key with the paths of the account that a copy goes to. */
    public static final String COPY_TARGET_PATHS = "backup:CopyTargetOrgPaths";

    private static final Pattern ID = Pattern.compile("o-[a-z0-9]{10,32}");
    private static final Pattern ROOT = Pattern.compile("r-[a-z0-9]{4,32}");
    private static final Pattern UNITS =
            Pattern.compile("ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}(/ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}){0,4}");

    public Organization {
        pathByAccount = Map.copyOf(pathByAccount);
    }

    /**
     * An organization that policies can name.
     *
     * @param unitsByAccount for each account the organizational units that it is in, the outermost first, with slashes between; empty for one that is in the root itself
     * @throws Refused INVALID_PARAMETER_VALUE for ids that AWS Organizations could not have given
     */
    public static Organization named(String id, String root, Map<AccountId, Optional<String>> unitsByAccount) {
        check(ID, id, "'" + id + "' is no id of an organization, such as o-a1b2c3d4e5.");
        check(ROOT, root, "'" + root + "' is no id of an organization's root, such as r-ab12.");
        var paths = new HashMap<AccountId, String>();
        unitsByAccount.forEach((account, units) -> {
            units.ifPresent(given -> check(
                    UNITS,
                    given,
                    "'" + given + "' are no ids of organizational units with slashes between, such as"
                            + " ou-ab12-11111111/ou-ab12-22222222."));
            paths.put(
                    account,
                    id + "/" + root + "/" + units.map(given -> given + "/").orElse(""));
        });
        return new Organization(Optional.of(id), paths);
    }

    private static void check(Pattern form, String text, String problem) {
        if (!form.matcher(text).matches()) {
            throw new Refused(Problem.invalid(problem));
        }
    }

    /** The condition keys of a request of the principal's account about a resource of the owner. */
    public Facts facts(String principal, String owner) {
        return Facts.NONE
                .with("aws:PrincipalOrgID", path(principal).flatMap(_ -> id))
                .with("aws:PrincipalOrgPaths", path(principal))
                .with("aws:ResourceOrgID", path(owner).flatMap(_ -> id))
                .with("aws:ResourceOrgPaths", path(owner));
    }

    /** The condition key of a copy that goes into a vault of the account. */
    public Facts copyTarget(AccountId account) {
        return Facts.NONE.with(COPY_TARGET_PATHS, path(account.value()));
    }

    private Optional<String> path(String account) {
        return AccountId.isOne(account)
                ? Optional.ofNullable(pathByAccount.get(new AccountId(account)))
                : Optional.empty();
    }
}

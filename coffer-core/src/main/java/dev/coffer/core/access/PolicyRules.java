package dev.coffer.core.access;

import static dev.coffer.core.access.PolicyReader.refused;
import static dev.coffer.core.access.PolicyReader.shown;

/** What statements of a kind of policy may say, beyond the grammar. */
final class PolicyRules {
    private PolicyRules() {}

    static void check(PolicyKind kind, String where, Statement statement) {
        if (kind == PolicyKind.TRUST && statement.resources().isPresent()) {
            throw refused(where + ": a trust policy is about its role and has no Resource");
        }
        if (kind != PolicyKind.TRUST && statement.resources().isEmpty()) {
            throw refused(where + " has no Resource and no NotResource");
        }
        statement
                .resources()
                .ifPresent(resources -> resources.names().forEach(name -> {
                    if (!name.equals("*") && !name.startsWith("arn:") && !name.startsWith("${")) {
                        throw refused(where + ": " + shown(name) + " is not an ARN; resources are ARNs or *");
                    }
                }));
        if (statement.principals().filter(PrincipalSet::except).isPresent() && statement.effect() == Effect.ALLOW) {
            throw refused(where + ": NotPrincipal with Allow would allow strangers; name those who may");
        }
        switch (kind) {
            case TRUST -> checkService(where, statement, "sts:");
            case VAULT -> checkVault(where, statement);
            case IDENTITY, SESSION -> {}
        }
    }

    private static void checkVault(String where, Statement statement) {
        checkService(where, statement, "backup:");
        for (var action : statement.actions().names()) {
            if (action.contains("*") || action.contains("?")) {
                throw refused(where + ": vault access policies have no wildcards in actions; name each action instead"
                        + " of " + shown(action));
            }
        }
    }

    private static void checkService(String where, Statement statement, String prefix) {
        for (var action : statement.actions().names()) {
            if (!action.regionMatches(true, 0, prefix, 0, prefix.length())) {
                throw refused(where + ": " + shown(action) + " is not an action that this policy can be about; they"
                        + " begin with " + prefix);
            }
        }
    }

    /** Whether the text can be a value of the kind. */
    static boolean canBe(Operator.Kind kind, String value) {
        return switch (kind) {
            case TEXT, TEXT_ANY_CASE, PATTERN, BINARY -> true;
            case ARN -> value.equals("*") || value.startsWith("arn:") || value.startsWith("*");
            case NUMBER -> Values.number(value).isPresent();
            case DATE -> Values.date(value).isPresent();
            case YES_NO -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
            case ADDRESS -> Values.isRange(value);
        };
    }
}

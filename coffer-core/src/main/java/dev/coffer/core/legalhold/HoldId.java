package dev.coffer.core.legalhold;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;

/** The id of a legal hold. */
public record HoldId(String value) {
    /** The hold's ARN. */
    public Arn arn(Scope scope) {
        return new Arn("aws", "backup", scope.region().value(), scope.account().value(), "legal-hold:" + value);
    }

    @Override
    public String toString() {
        return value;
    }
}

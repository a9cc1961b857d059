package dev.coffer.core.plan;

/** The id of a rule of a plan: a UUID in lower case. A rule that keeps its name through an update keeps its id. */
public record RuleId(String value) {
    @Override
    public String toString() {
        return value;
    }
}

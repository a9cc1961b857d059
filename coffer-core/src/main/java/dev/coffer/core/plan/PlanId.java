package dev.coffer.core.plan;

/** The id of a backup plan: a UUID in lower case, compared exactly. */
public record PlanId(String value) {
    @Override
    public String toString() {
        return value;
    }
}

package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.EventRule;

/** Changes rules. */
public interface EventRuleTable extends EventRuleRows {
    /** Adds the rule, or replaces the one with its scope and name. */
    void put(EventRule rule);

    /** Removes it; absent counts as done. */
    void delete(Scope scope, String name);
}

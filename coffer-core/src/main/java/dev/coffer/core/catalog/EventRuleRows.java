package dev.coffer.core.catalog;

import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.EventRule;
import java.util.List;
import java.util.Optional;

/** Reads rules. */
public interface EventRuleRows {
    Optional<EventRule> find(Scope scope, String name);

    /** The rules of a scope by name; their number is bounded by the use case that adds them. */
    List<EventRule> of(Scope scope);

    /** The rules of all scopes. */
    List<EventRule> all();
}

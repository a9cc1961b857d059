package dev.coffer.core.selection;

import dev.coffer.core.arn.Scope;
import java.util.List;

/** Finds the resources that selections choose from what exists now. */
public interface ResourceSelector {
    /**
     * The resources that the selections choose, each once, in the order of their ARNs. An explicit ARN of a resource that does not exist is among them, so that its backup can fail by name.
     *
     * @param selections of one plan, the first created first
     */
    List<SelectedResource> select(Scope scope, List<Selection> selections);
}

package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.tag.Tags;

/** Changes tags. */
public interface TagTable extends TagRows {
    /** Replaces all tags of the thing; none removes them. */
    void put(Arn arn, Tags tags);
}

package dev.coffer.core.catalog;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.tag.Tags;

/** Reads tags of things that the service owns: vaults, recovery points. */
public interface TagRows {
    Tags of(Arn arn);
}

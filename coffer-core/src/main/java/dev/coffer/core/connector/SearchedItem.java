package dev.coffer.core.connector;

import java.time.Instant;
import java.util.Optional;

/**
 * What a search filters items by, and shows of them.
 *
 * @param name the key of an object, the path of a file
 * @param bytes the size of its content
 * @param createdAt when the version was made at its source
 * @param etag of an object, without quotes
 * @param versionId of an object
 */
public record SearchedItem(
        String name, long bytes, Instant createdAt, Optional<String> etag, Optional<String> versionId) {}

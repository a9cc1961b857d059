package dev.coffer.repository.cold;

import dev.coffer.core.store.BlobStore;
import java.nio.file.Path;

/**
 * Where the cold packs of one vault lie, or will.
 *
 * @param store holds {@code packs/} and a copy of the vault's {@code format}
 * @param root the folder of all cold parts, which is there while its disk is
 * @param folder the vault's folder below it, for people
 */
public record ColdPart(BlobStore store, Path root, Path folder) {}

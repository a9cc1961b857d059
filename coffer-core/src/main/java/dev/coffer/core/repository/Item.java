package dev.coffer.core.repository;

/**
 * One restorable thing of a recovery point.
 *
 * @param size logical bytes of its content, holes included; 0 where the kind has none
 * @param content where the repository keeps the content; only the repository reads it
 */
public record Item(ItemPath path, ItemKind kind, long size, Attributes attributes, ContentRef content) {

    /** A reference to stored content that only the repository that made it can read. */
    public interface ContentRef {}

    @Override
    public String toString() {
        return kind + " " + path + " (" + size + " bytes)";
    }
}

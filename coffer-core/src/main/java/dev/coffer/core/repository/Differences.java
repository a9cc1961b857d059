package dev.coffer.core.repository;

/** Is shown how two points differ, in the order of the paths. An item of both whose attributes and content are the same is not shown. */
public interface Differences {
    /** Only the later point has it. */
    void added(Item item) throws InterruptedException;

    /** Only the earlier point has it. */
    void removed(Item item) throws InterruptedException;

    /** Both have it, with other attributes, another kind or other content. */
    void changed(Item before, Item after) throws InterruptedException;
}

package dev.coffer.core.repository;

import java.util.Optional;

/**
 * Receives one capture, from any number of threads and in any order of paths; near-sorted input is the cheapest. Whether it becomes a recovery point is not its affair. Each path is put once.
 */
public interface WriteSession {
    /** The item that the parent has at the path, if there is a parent and it has one. Cheap for paths that come in order. */
    Optional<Item> inherited(ItemPath path) throws InterruptedException;

    /**
     * The parent, to be read while the capture runs; empty if there is none. It belongs to the session, and closing it does nothing. What is damaged in it raises Corrupt, other than {@link #inherited}, which shows nothing that is known to be
     * damaged.
     */
    Optional<RecoveryPointReader> parent();

    /** Adds an item without content: a folder, a link, a device. */
    void put(ItemPath path, ItemKind kind, Attributes attributes) throws InterruptedException;

    /** Carries the content of an inherited item over under fresh attributes, without reading the resource. The item may also be one of another point of the vault that is open until the session has ended; the session has a parent. */
    void keep(Item inherited, Attributes attributes) throws InterruptedException;

    /** Opens the content of one item. Several may be open at once, each used by one thread. */
    ContentWriter open(ItemPath path, ItemKind kind) throws InterruptedException;

    /** Bytes, so far, that were new to the vault. */
    long newBytes();
}

package dev.coffer.repository.pack;

/** Is told of packs. */
@FunctionalInterface
public interface PackListener {
    /** The pack is durable in the store: whoever reads the store from now on finds it. */
    void durable(PackDirectory pack) throws InterruptedException;
}

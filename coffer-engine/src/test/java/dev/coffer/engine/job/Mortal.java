package dev.coffer.engine.job;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Transaction;
import dev.coffer.core.catalog.View;
import java.util.function.Function;

/** A process that ends at one of its steps, and at every one after that: a dead process does nothing more. */
final class Mortal {
    private final int lastStep;
    private int steps;

    Mortal(int lastStep) {
        this.lastStep = lastStep;
    }

    /** The end of the process. */
    static final class Died extends Error {
        Died() {
            super("the process ends here", null, false, false);
        }
    }

    synchronized void step() {
        steps++;
        if (dead()) {
            throw new Died();
        }
    }

    synchronized boolean dead() {
        return steps >= lastStep;
    }

    /** The catalog as the process has it: before and after each of its transactions is a step. */
    Catalog catalog(Catalog real) {
        return new Catalog() {
            @Override
            public <T> T read(Function<View, T> body) {
                return real.read(body);
            }

            @Override
            public <T> T write(Function<Transaction, T> body) {
                step();
                var result = real.write(body);
                step();
                return result;
            }

            @Override
            public void close() {}
        };
    }

    /** Runs what is due in a process of the world that dies at the step, also at those of its writes; whether it got that far. */
    static boolean diedAt(int step, JobWorld world) throws InterruptedException {
        var life = new Mortal(step);
        world.vaults.watch = _ -> life.step();
        var process = world.process("a", life.catalog(world.catalog));
        try {
            process.tick();
        } catch (Died inTheLoop) {
            if (!life.dead()) {
                throw new IllegalStateException(inTheLoop);
            }
        }
        process.join();
        world.vaults.watch = _ -> {};
        return life.dead();
    }
}

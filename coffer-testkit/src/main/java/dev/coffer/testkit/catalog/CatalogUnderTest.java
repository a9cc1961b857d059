package dev.coffer.testkit.catalog;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** The catalog that the contracts are run on, and how they run. */
public interface CatalogUnderTest {
    /** The catalog under test: empty at the start of each test, the same one throughout. */
    Catalog catalog();

    /** The rows of this test; each call begins the same sequence again. */
    default CatalogSamples samples() {
        return new CatalogSamples(new Random(20_260_301));
    }

    /** One transaction without a result. */
    default void change(Consumer<Transaction> body) {
        catalog().write(tx -> {
            body.accept(tx);
            return true;
        });
    }

    /** All rows of a list, page by page, with something done after each page. */
    static <T> List<T> pages(int limit, Function<PageRequest, Page<T>> list, Runnable between) {
        var rows = new ArrayList<T>();
        var page = list.apply(PageRequest.first(limit));
        rows.addAll(page.rows());
        while (page.next().isPresent()) {
            if (page.rows().size() != limit) {
                throw new AssertionError(
                        "a page before the last is not full: " + page.rows().size());
            }
            between.run();
            page = list.apply(new PageRequest(limit, page.next()));
            rows.addAll(page.rows());
        }
        return rows;
    }

    /** Runs the tasks at the same time, each in a thread; their results in order. */
    static <T> List<T> together(List<Callable<T>> tasks) {
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<T>>();
            for (var task : tasks) {
                running.add(threads.submit(() -> {
                    go.await();
                    return task.call();
                }));
            }
            go.countDown();
            return running.stream().map(CatalogUnderTest::got).toList();
        }
    }

    /** The result of a task whose failure fails the test. */
    static <T> T got(Future<T> task) {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            throw new AssertionError("the other thread failed", failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", stopped);
        }
    }

    /** The value if the bit is set: counting up to 2<sup>n</sup> chooses every combination of n conditions. */
    static <T> Optional<T> chosen(int number, int bit, T value) {
        return (number & 1 << bit) == 0 ? Optional.empty() : Optional.of(value);
    }
}

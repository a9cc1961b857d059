package dev.coffer.engine.source;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.loop.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is behind the endpoints of the configuration, as last told. Every endpoint is looked behind again and again by a thread of its own; who needs to know better asks for a {@link #refresh} and waits a bounded time. What an
 * endpoint told is used while it is at most {@link Freshness#usableFor} old; every failure is a log line, a count and an {@link Outage}, so that a resource is not missed in silence. Safe for many threads; nothing is stored.
 */
public final class Discoveries implements AutoCloseable {
    private final List<Door> doors;
    private final Freshness freshness;
    private final Loop loop;

    /**
     * How old knowledge may be.
     *
     * @param freshFor after which age a refresh looks again
     * @param usableFor after which age what an endpoint told counts as unknown
     * @param betweenLooks how long an endpoint is left alone after a look, whatever is asked for
     * @param patience how long a refresh waits for endpoints that do not answer
     * @param every how often the thread looks
     */
    public record Freshness(
            Duration freshFor, Duration usableFor, Duration betweenLooks, Duration patience, Duration every) {
        /** What an installation uses. */
        public static final Freshness USUAL = new Freshness(
                Duration.ofMinutes(1),
                Duration.ofDays(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5));
    }

    /**
     * Knows nothing before {@link #start} or {@link #refresh}.
     *
     * @param discoveries at most one for each type; an endpoint of a type without one is never looked behind, which is an outage
     */
    public Discoveries(
            List<Endpoint> endpoints,
            List<Discovery> discoveries,
            InstantSource clock,
            Freshness freshness,
            DiscoveryObserver observer) {
        var discoveryByType = new EnumMap<ResourceType, Discovery>(ResourceType.class);
        discoveries.forEach(discovery -> discoveryByType.put(discovery.serves(), discovery));
        this.freshness = freshness;
        this.doors = endpoints.stream()
                .map(endpoint -> new Door(
                        endpoint,
                        Optional.ofNullable(discoveryByType.get(endpoint.type())),
                        clock,
                        freshness.usableFor(),
                        observer))
                .toList();
        this.loop = new Loop("discovery", freshness.every(), this::lookEverywhere);
    }

    /** No endpoints at all. */
    static Discoveries none() {
        return new Discoveries(
                List.of(), List.of(), () -> java.time.Instant.EPOCH, Freshness.USUAL, (_, _, _, _) -> {});
    }

    /** Starts the thread; its first look comes at once. */
    public void start() {
        if (!doors.isEmpty()) {
            loop.start();
        }
    }

    private void lookEverywhere() throws InterruptedException {
        await(doors.stream().map(Door::look).toList(), freshness.every());
    }

    /** Looks behind the endpoints of the scope that were not looked behind recently, and waits for them, but not longer than the patience. */
    public void refresh(Scope scope) {
        refresh(door -> door.endpoint().scope().equals(scope), freshness.freshFor());
    }

    /** The same for something that is not known and may be new: looks again even if the last look is recent. */
    void refreshFor(Scope scope, ResourceType type) {
        refresh(door -> door.isOf(scope, type), freshness.betweenLooks());
    }

    private void refresh(Predicate<Door> which, Duration oldest) {
        var looks = doors.stream()
                .filter(which)
                .filter(door -> door.isOlderThan(oldest))
                .map(Door::look)
                .toList();
        try {
            await(looks, freshness.patience());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable("Looking for resources was interrupted.", stopped);
        }
    }

    private static void await(List<CompletableFuture<Boolean>> looks, Duration patience) throws InterruptedException {
        try {
            var all = CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new));
            all.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            // What the endpoint told before stays in use; the look goes on, and the door tells that it is late.
        } catch (ExecutionException | CompletionException impossible) {
            throw new IllegalStateException("a look does not throw", impossible);
        }
    }

    /** All resources of the scope that are known well enough to be used. The first endpoint that has an ARN has it. */
    Stream<Source> resources(Scope scope) {
        return doors.stream()
                .filter(door -> door.endpoint().scope().equals(scope))
                .flatMap(Door::resources);
    }

    Optional<Source> find(Scope scope, Arn arn) {
        return doors.stream()
                .filter(door -> door.endpoint().scope().equals(scope))
                .flatMap(door -> door.find(arn).stream())
                .findFirst();
    }

    /** The endpoint behind which the resource is, else the first of the type in the scope. */
    Optional<Endpoint> endpoint(Scope scope, ResourceType type, Arn origin) {
        return doors.stream()
                .filter(door -> door.isOf(scope, type) && door.find(origin).isPresent())
                .findFirst()
                .or(() -> doors.stream().filter(door -> door.isOf(scope, type)).findFirst())
                .map(Door::endpoint);
    }

    /** Takes note of a resource that has just been made behind an endpoint, before the next look finds it; false if no endpoint of the scope has its type. */
    boolean made(Source source) {
        var fitting = doors.stream()
                .filter(door -> door.isOf(source.scope(), source.type()))
                .toList();
        fitting.stream()
                .filter(door -> source.settings()
                        .entrySet()
                        .containsAll(Map.copyOf(door.endpoint().settings()).entrySet()))
                .findFirst()
                .ifPresent(door -> door.made(source));
        return !fitting.isEmpty();
    }

    /** The endpoints of the scope that did not tell what they have. */
    public List<Outage> outages(Scope scope) {
        return doors.stream()
                .filter(door -> door.endpoint().scope().equals(scope))
                .flatMap(door -> door.outage().stream())
                .toList();
    }

    /** How many endpoints did not tell what they have. */
    public long failing() {
        return doors.stream().filter(door -> door.outage().isPresent()).count();
    }

    /** Ends the thread and the looks. */
    @Override
    public void close() {
        loop.close();
        doors.forEach(Door::close);
    }
}

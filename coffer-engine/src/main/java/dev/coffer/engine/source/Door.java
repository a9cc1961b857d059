package dev.coffer.engine.source;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.Discovery;
import dev.coffer.core.connector.SourceException;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint and what it last told. Only one look at a time is under way. Guarded by its own lock. */
final class Door {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    private final Endpoint endpoint;
    private final Optional<Discovery> discovery;
    private final InstantSource clock;
    private final Duration usableFor;
    private final DiscoveryObserver observer;

    private Map<Arn, Source> sourceByArn = Map.of();
    private Optional<Instant> toldAt = Optional.empty();
    private Optional<Instant> lookedAt = Optional.empty();
    private Optional<Instant> failingSince = Optional.empty();
    private String reason = "It has not been asked yet.";
    private Optional<Look> underWay = Optional.empty();

    private record Look(CompletableFuture<Boolean> end, Thread thread) {}

    Door(
            Endpoint endpoint,
            Optional<Discovery> discovery,
            InstantSource clock,
            Duration usableFor,
            DiscoveryObserver observer) {
        this.endpoint = endpoint;
        this.discovery = discovery;
        this.clock = clock;
        this.usableFor = usableFor;
        this.observer = observer;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean isOf(Scope scope, ResourceType type) {
        return endpoint.scope().equals(scope) && endpoint.type() == type;
    }

    /** Begins a look, or joins the one that is under way. The result completes with whether the endpoint told what it has, and never with an exception. */
    synchronized CompletableFuture<Boolean> look() {
        if (underWay.isPresent()) {
            return underWay.get().end();
        }
        var end = new CompletableFuture<Boolean>();
        var thread = Thread.ofVirtual().name("look behind " + shownName()).unstarted(() -> lookNow(end));
        underWay = Optional.of(new Look(end, thread));
        thread.start();
        return end;
    }

    private void lookNow(CompletableFuture<Boolean> end) {
        var begun = clock.instant();
        var found = new LinkedHashMap<Arn, Source>();
        Optional<String> failure = Optional.empty();
        try {
            discovery
                    .orElseThrow(() -> new SourceException.Impossible(
                            "Sources of type " + endpoint.type().wireName() + " are not in this version."))
                    .discover(endpoint, source -> {
                        found.putIfAbsent(source.arn(), source);
                        return !Thread.currentThread().isInterrupted();
                    });
        } catch (InterruptedException stopped) {
            failure = Optional.of("The server is being stopped.");
        } catch (SourceException refused) {
            failure = Optional.of(String.valueOf(refused.getMessage()));
        } catch (RuntimeException | StackOverflowError | LinkageError fault) {
            LOG.atError().setCause(fault).addKeyValue("endpoint", shownName()).log("a discovery met a fault");
            failure = Optional.of("An internal error occurred; the log has more.");
        }
        settle(begun, found, failure);
        end.complete(failure.isEmpty());
    }

    private void settle(Instant begun, Map<Arn, Source> found, Optional<String> failure) {
        var now = clock.instant();
        int known;
        synchronized (this) {
            underWay = Optional.empty();
            lookedAt = Optional.of(now);
            if (failure.isEmpty()) {
                sourceByArn = found;
                toldAt = Optional.of(begun);
                failingSince = Optional.empty();
            } else {
                failingSince = Optional.of(failingSince.orElse(now));
                reason = failure.get();
            }
            known = sourceByArn.size();
        }
        failure.ifPresent(why -> LOG.atError()
                .addKeyValue("event", "discovery.failed")
                .addKeyValue("type", endpoint.type().wireName())
                .addKeyValue("endpoint", shownName())
                .addKeyValue("scope", endpoint.scope())
                .addKeyValue("reason", why)
                .log("an endpoint did not tell which resources it has; selections may miss some"));
        observer.looked(endpoint.type(), failure.isEmpty(), known, Duration.between(begun, now));
    }

    /** Whether the last look ended longer ago, or lies in the future because a clock was set back. */
    synchronized boolean isOlderThan(Duration age) {
        return lookedAt.map(at -> Duration.between(at, clock.instant()))
                .map(since -> since.isNegative() || since.compareTo(age) > 0)
                .orElse(true);
    }

    synchronized Stream<Source> resources() {
        return isUsable() ? sourceByArn.values().stream() : Stream.empty();
    }

    synchronized Optional<Source> find(Arn arn) {
        return isUsable() ? Optional.ofNullable(sourceByArn.get(arn)) : Optional.empty();
    }

    private boolean isUsable() {
        return toldAt.isPresent()
                && Duration.between(toldAt.get(), clock.instant()).compareTo(usableFor) <= 0;
    }

    synchronized void made(Source source) {
        var more = new LinkedHashMap<>(sourceByArn);
        more.put(source.arn(), source);
        sourceByArn = more;
    }

    /** Present if the last look failed or none has ended yet. */
    synchronized Optional<Outage> outage() {
        if (toldAt.isPresent() && failingSince.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Outage(
                endpoint.type(),
                shownName(),
                failingSince.orElseGet(clock::instant),
                isUsable() ? toldAt : Optional.empty(),
                reason));
    }

    private String shownName() {
        return Optional.ofNullable(endpoint.settings().get("endpoint"))
                .orElse("AWS " + endpoint.type().wireName());
    }

    /** Interrupts a look that is under way and waits for its end. */
    void close() {
        Optional<Look> last;
        synchronized (this) {
            last = underWay;
        }
        last.ifPresent(look -> {
            look.thread().interrupt();
            look.end().join();
        });
    }
}

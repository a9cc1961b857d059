package dev.coffer.server.event;

import dev.coffer.aws.event.EventBus;
import dev.coffer.aws.event.SnsTopic;
import dev.coffer.aws.event.SqsQueue;
import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.event.Notice;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.Outlets;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import dev.coffer.core.event.TargetSpec.Mail;
import dev.coffer.core.problem.Problem;
import dev.coffer.server.config.EventsConfig;
import dev.coffer.server.config.EventsConfig.SnsEndpoint;
import dev.coffer.server.event.Connections.Resolver;
import dev.coffer.server.event.Connections.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;

/** The ways out of this server, within what its configuration allows. */
public final class ConfiguredOutlets implements Outlets {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final EventsConfig config;
    private final Connections connections;
    private final HttpPost http;
    private final SSLSocketFactory tls;
    private final Function<Scope, Path> logs;
    private final InstantSource clock;
    /** Each file that was ever written to. */
    private final Map<Path, Lock> lockByFile = new ConcurrentHashMap<>();

    /**
     * @param logs the folder of an account's and Region's event logs, made if it is missing
     */
    public ConfiguredOutlets(
            EventsConfig config,
            Resolver resolver,
            SSLSocketFactory tls,
            Function<Scope, Path> logs,
            InstantSource clock) {
        this.config = config;
        this.connections = new Connections(config.allow(), resolver);
        this.http = new HttpPost(connections, tls, WITHIN);
        this.tls = tls;
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public Optional<Problem> objectionTo(TargetSpec target, Origin origin) {
        return switch (target) {
            case TargetSpec.Webhook(var url) -> webhookObjection(url);
            case Mail mail -> listed(mail.host(), origin);
            case TargetSpec.Topic(var place, var _) -> placeObjection(place, origin);
            case TargetSpec.Bus(var place, var _, var _) -> placeObjection(place, origin);
            case TargetSpec.Queue(var place, var queueUrl) ->
                placeObjection(place, origin)
                        .or(() -> place.endpoint().isPresent() || isAws(queueUrl)
                                ? Optional.empty()
                                : listed(queueUrl.getHost(), origin));
            case TargetSpec.LogFile(var file, var _, var _) ->
                origin == Origin.API && file.startsWith("/")
                        ? Optional.of(Problem.invalid(
                                "file is a name in the server's data folder. Only its configuration can name a path."))
                        : Optional.empty();
            case TargetSpec.DailyDigest(var way, var _, var _) -> objectionTo(way, origin);
        };
    }

    private Optional<Problem> webhookObjection(URI url) {
        var objection = config.allow().objectionTo(bare(url.getHost()));
        if (objection.isEmpty() && "http".equalsIgnoreCase(url.getScheme())) {
            boolean elsewhere = AddressPolicy.literal(url.getHost())
                    .map(address -> !AddressPolicy.isLoopback(address))
                    .orElse(!url.getHost().equalsIgnoreCase("localhost"));
            objection = elsewhere
                    ? Optional.of("http:// is for this machine alone; use https:// for " + url.getHost())
                    : Optional.empty();
        }
        return objection.map(text -> Problem.invalid("url: " + text + "."));
    }

    private Optional<Problem> placeObjection(AwsPlace place, Origin origin) {
        return place.endpoint().flatMap(endpoint -> listed(endpoint.getHost(), origin));
    }

    private Optional<Problem> listed(String host, Origin origin) {
        return origin == Origin.FILE
                ? AddressPolicy.literal(host)
                        .flatMap(address -> AddressPolicy.neverObjection(host, address))
                        .map(text -> Problem.invalid(text + "."))
                : config.allow().objectionTo(bare(host)).map(text -> Problem.invalid(text + "."));
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isAws(URI url) {
        return "https".equalsIgnoreCase(url.getScheme()) && url.getHost().endsWith(".amazonaws.com");
    }

    @Override
    public Outlet<Event> events(TargetSpec.OfEvents target, Optional<Secret> secret, EventRule rule) {
        var trust = trust(rule);
        return switch (target) {
            case TargetSpec.Webhook(var url) -> webhook(url, secret).events();
            case Mail mail -> mail(mail, secret, trust).events();
            case TargetSpec.Topic(var place, var topic) ->
                guarded(place.endpoint(), trust, new SnsTopic(place, secret.orElseThrow(), topic).events());
            case TargetSpec.Queue queue ->
                guarded(
                        queue.place()
                                .endpoint()
                                .or(() -> Optional.of(queue.queueUrl()).filter(url -> !isAws(url))),
                        trust,
                        new SqsQueue(queue, secret.orElseThrow()));
            case TargetSpec.Bus bus -> guarded(bus.place().endpoint(), trust, new EventBus(bus, secret.orElseThrow()));
            case TargetSpec.LogFile log -> file(log, rule.scope());
        };
    }

    private EventFile file(TargetSpec.LogFile log, Scope scope) {
        var file = log.file().startsWith("/")
                ? Path.of(log.file())
                : logs.apply(scope).resolve(log.file());
        var lock = lockByFile.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
        return new EventFile(file, log.maxBytes(), log.keep(), lock);
    }

    @Override
    public Outlet<Digest> digests(TargetSpec.Way way, Optional<Secret> secret, EventRule rule) {
        return switch (way) {
            case TargetSpec.Webhook(var url) -> webhook(url, secret).digests();
            case Mail mail -> mail(mail, secret, trust(rule)).digests();
        };
    }

    private static Trust trust(EventRule rule) {
        return rule.origin() == Origin.FILE ? Trust.OPERATOR : Trust.LISTED;
    }

    private Webhook webhook(URI url, Optional<Secret> secret) {
        return new Webhook(url, secret.orElseThrow(), http, clock);
    }

    private MailSender mail(Mail mail, Optional<Secret> password, Trust trust) {
        return new MailSender(mail, password, connections, trust, tls, WITHIN, clock);
    }

    /** Judges the addresses of an endpoint before each call. A name of AWS's is no pass: machines there have one each, which may stand for a private address. */
    private Outlet<Event> guarded(Optional<URI> endpoint, Trust trust, Outlet<Event> outlet) {
        return new Outlet<>() {
            @Override
            public void send(Event event) throws InterruptedException {
                endpoint.ifPresent(url -> connections.allowed(url.getHost(), trust));
                outlet.send(event);
            }

            @Override
            public void close() {
                outlet.close();
            }
        };
    }

    @Override
    public Outlet<Notice> notices(Arn topic) {
        var endpoint = endpointOf(topic);
        if (endpoint.isEmpty()) {
            return _ -> {
                throw new DeliveryException(topicObstacle(topic).orElse("no SNS endpoint is configured"));
            };
        }
        var sns = endpoint.get();
        return new SnsTopic(sns.place(), sns.secret(), topic).notices();
    }

    @Override
    public Optional<String> topicObstacle(Arn topic) {
        return endpointOf(topic).isPresent()
                ? Optional.empty()
                : Optional.of("no SNS endpoint is configured for Region " + topic.region()
                        + ". Add one under events.sns in the configuration; what waits is sent then");
    }

    private Optional<SnsEndpoint> endpointOf(Arn topic) {
        return config.sns().stream()
                .filter(each -> each.place().region().equals(topic.region()))
                .findFirst();
    }
}

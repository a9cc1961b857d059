package dev.coffer.core.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import dev.coffer.core.event.TargetSpec.MailSecurity;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Targets as names and values, the way configurations, requests and the catalog write them. Lists are joined by commas. */
public final class TargetSettings {
    private static final int SHORTEST_WEBHOOK_SECRET = 16;
    private static final long LOG_BYTES = 64L << 20;
    private static final String HOST = "[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45}";
    private static final String MAILBOX =
            "[^\\s<>,;:\"@]+@[A-Za-z0-9.-]+|[^\\p{Cntrl}<>,;\"]*<[^\\s<>,;\"@]+@[A-Za-z0-9.-]+>";

    private final Map<String, String> values;

    private TargetSettings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads a target with its secret.
     *
     * @throws Refused if a setting is missing, unknown or breaks a rule; the message begins with its name
     */
    public static TargetDraft draft(String id, TargetType type, Map<String, String> values) {
        for (var key : values.keySet()) {
            if (!type.settings().contains(key)) {
                throw bad(
                        key,
                        "is unknown. Targets of type " + type.wireName() + " have " + String.join(", ", type.settings())
                                + ".");
            }
        }
        var settings = new TargetSettings(values);
        var spec = settings.spec(type);
        return new TargetDraft(id, spec, settings.secretOf(spec));
    }

    /** The target of settings that were written by {@link #of}. */
    public static TargetSpec spec(TargetType type, Map<String, String> values) {
        return new TargetSettings(values).spec(type);
    }

    /** The settings of a target, without its secret. */
    public static Map<String, String> of(TargetSpec spec) {
        var values = new LinkedHashMap<String, String>();
        switch (spec) {
            case TargetSpec.Webhook(var url) -> values.put("url", url.toString());
            case TargetSpec.Mail mail -> {
                values.put("host", mail.host());
                values.put("port", Integer.toString(mail.port()));
                values.put("security", mail.security().name().toLowerCase(Locale.ROOT));
                mail.user().ifPresent(user -> values.put("user", user));
                values.put("from", mail.from());
                values.put("to", String.join(",", mail.to()));
            }
            case TargetSpec.Topic(var place, var topic) -> {
                put(values, place);
                values.put("topicArn", topic.toString());
            }
            case TargetSpec.Queue(var place, var queueUrl) -> {
                put(values, place);
                values.put("queueUrl", queueUrl.toString());
            }
            case TargetSpec.Bus(var place, var bus, var source) -> {
                put(values, place);
                values.put("bus", bus);
                values.put("source", source);
            }
            case TargetSpec.LogFile(var file, var maxBytes, var keep) -> {
                values.put("file", file);
                values.put("maxBytes", Long.toString(maxBytes));
                values.put("keep", Integer.toString(keep));
            }
            case TargetSpec.DailyDigest(var way, var at, var zone) -> {
                values.put("via", way.type().wireName());
                values.put("at", at.toString());
                values.put("zone", zone.getId());
                values.putAll(of(way));
            }
        }
        return values;
    }

    private static void put(Map<String, String> values, AwsPlace place) {
        values.put("region", place.region());
        place.endpoint().ifPresent(endpoint -> values.put("endpoint", endpoint.toString()));
        values.put("accessKeyId", place.accessKeyId());
    }

    private TargetSpec spec(TargetType type) {
        return switch (type) {
            case WEBHOOK -> webhook();
            case SMTP -> mail();
            case SNS -> new TargetSpec.Topic(place(), topic());
            case SQS -> new TargetSpec.Queue(place(), url("queueUrl", required("queueUrl")));
            case EVENTBRIDGE -> bus();
            case LOG -> log();
            case DIGEST -> digest();
        };
    }

    private TargetSpec.Webhook webhook() {
        return new TargetSpec.Webhook(url("url", required("url")));
    }

    private TargetSpec.Mail mail() {
        var host = required("host");
        if (!host.matches(HOST)) {
            throw bad("host", "is no host name or address.");
        }
        var security = text("security").orElse("starttls");
        var mode = Arrays.stream(MailSecurity.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(security))
                .findFirst()
                .orElseThrow(() -> bad("security", "is none, starttls or tls."));
        var usual = switch (mode) {
            case NONE -> 25L;
            case STARTTLS -> 587L;
            case TLS -> 465L;
        };
        var to = Arrays.stream(required("to").split(",")).map(String::strip).toList();
        for (var address : to) {
            mailbox("to", address);
        }
        return new TargetSpec.Mail(
                host,
                (int) number("port", 1, 65_535).orElse(usual).longValue(),
                mode,
                text("user"),
                mailbox("from", required("from")),
                to);
    }

    private static String mailbox(String key, String address) {
        if (!address.matches(MAILBOX) || address.chars().anyMatch(Character::isISOControl)) {
            throw bad(key, "holds no mail address: " + address);
        }
        return address;
    }

    private AwsPlace place() {
        var region = refusing("region", Region::new).value();
        var endpoint = text("endpoint").map(text -> url("endpoint", text));
        return new AwsPlace(region, endpoint, required("accessKeyId"));
    }

    private Arn topic() {
        var arn = Arn.parse("topicArn", required("topicArn"));
        if (!arn.service().equals("sns")) {
            throw bad("topicArn", "is not the ARN of an SNS topic.");
        }
        return arn;
    }

    private TargetSpec.Bus bus() {
        var source = text("source").orElse(Event.AWS_BACKUP);
        if (!source.matches("[A-Za-z0-9._/-]{1,256}")) {
            throw bad("source", "is 1 to 256 letters, digits and . _ / -");
        }
        return new TargetSpec.Bus(place(), text("bus").orElse("default"), source);
    }

    private TargetSpec.LogFile log() {
        var file = required("file");
        boolean name = file.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
        if (!name
                && (!file.startsWith("/")
                        || !java.nio.file.Path.of(file).normalize().toString().equals(file))) {
            throw bad("file", "is a file name, or an absolute path without . and ..");
        }
        return new TargetSpec.LogFile(file, number("maxBytes", 1024, 1L << 40).orElse(LOG_BYTES), (int)
                number("keep", 1, 1000).orElse(5L).longValue());
    }

    private TargetSpec.DailyDigest digest() {
        var way = switch (required("via")) {
            case "webhook" -> webhook();
            case "smtp" -> mail();
            default -> throw bad("via", "is smtp or webhook.");
        };
        for (var key : values.keySet()) {
            if (!way.type().settings().contains(key)
                    && !List.of("via", "at", "zone").contains(key)) {
                throw bad(key, "does not belong to a digest via " + way.type().wireName() + ".");
            }
        }
        var at = required("at");
        if (!at.matches("([01][0-9]|2[0-3]):[0-5][0-9]")) {
            throw bad("at", "is a time of day such as 07:30.");
        }
        try {
            return new TargetSpec.DailyDigest(
                    way, LocalTime.parse(at), ZoneId.of(text("zone").orElse("UTC")));
        } catch (DateTimeException unknown) {
            throw bad("zone", "is no time zone such as Europe/Berlin.");
        }
    }

    private Optional<Secret> secretOf(TargetSpec spec) {
        return switch (spec) {
            case TargetSpec.Webhook _ -> {
                var secret = required("secret");
                if (secret.length() < SHORTEST_WEBHOOK_SECRET) {
                    throw bad("secret", "has at least " + SHORTEST_WEBHOOK_SECRET + " characters.");
                }
                yield Optional.of(new Secret(secret));
            }
            case TargetSpec.Mail(var _, var _, var security, var user, var _, var _) -> {
                if (user.isPresent() != values.containsKey("password")) {
                    throw bad("password", "belongs to user: give both or none.");
                }
                if (user.isPresent() && security == MailSecurity.NONE) {
                    throw bad("security", "is starttls or tls where a password is sent.");
                }
                yield text("password").map(Secret::new);
            }
            case TargetSpec.Topic _, TargetSpec.Queue _, TargetSpec.Bus _ ->
                Optional.of(new Secret(required("secretAccessKey")));
            case TargetSpec.LogFile _ -> Optional.empty();
            case TargetSpec.DailyDigest(var way, var _, var _) -> secretOf(way);
        };
    }

    private Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(text -> !text.isEmpty());
    }

    private String required(String key) {
        return text(key).orElseThrow(() -> new Refused(Problem.missing(key + " is missing.")));
    }

    private Optional<Long> number(String key, long least, long most) {
        return text(key).map(text -> {
            if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw bad(key, "is a whole number from " + least + " to " + most + ".");
            }
            return Long.valueOf(text);
        });
    }

    private <T> T refusing(String key, Function<String, T> make) {
        var text = required(key);
        try {
            return make.apply(text);
        } catch (Refused wrong) {
            throw bad(key, "is wrong. " + wrong.problem().message());
        }
    }

    /**
     * Reads the address of a service: http or https, a host, and no user.
     *
     * @throws Refused if it is none; the message does not repeat it
     */
    public static URI url(String key, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (java.net.URISyntaxException none) {
            throw bad(key, "is no URL.");
        }
        var scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw bad(key, "is a URL that begins with https://, or http:// for this machine.");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw bad(key, "is a URL with a host, and without user and fragment.");
        }
        return url;
    }

    private static Refused bad(String key, String why) {
        return new Refused(Problem.invalid(key + " " + why));
    }
}

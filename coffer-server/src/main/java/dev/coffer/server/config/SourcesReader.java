package dev.coffer.server.config;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.tag.Tags;
import dev.coffer.server.config.Config.Account;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the section {@code sources}: single resources, and endpoints behind which resources are found. */
final class SourcesReader {
    private static final Pattern FILE_SYSTEM_ID = Pattern.compile("fs-[0-9a-f]{8,40}");
    private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::[0-9]{12}:role/[!-~]{1,512}");
    private static final Set<String> EFS =
            Set.of("type", "account", "region", "id", "name", "path", "restore", "crossMounts", "mounted", "tags");
    /** Of every endpoint. What only one type knows is in {@link #OWN}. */
    private static final Set<String> ENDPOINT = Set.of(
            "type",
            "account",
            "region",
            "endpoint",
            "accessKeyId",
            "secretAccessKey",
            "signingRegion",
            "roleArn",
            "stsEndpoint");

    private static final Map<ResourceType, Set<String>> OWN = Map.of(
            ResourceType.S3,
            Set.of("pathStyle", "recheckDays", "followSeconds", "queueUrl", "listSeconds"),
            ResourceType.DYNAMODB,
            Set.of("readShare", "segments", "recheckDays", "followSeconds"));
    private static final long RECHECK_DAYS_AT_MOST = 3650;
    private static final long FOLLOW_SECONDS_AT_MOST = 3600;
    private static final long LIST_SECONDS_AT_MOST = 86_400;

    private final List<Account> accounts;
    private final List<Region> regions;
    private final EndpointPolicy policy;
    private final List<Source> sources = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();

    SourcesReader(List<Account> accounts, List<Region> regions, EndpointPolicy policy) {
        this.accounts = accounts;
        this.regions = regions;
        this.policy = policy;
    }

    /** What the section holds. */
    record Read(List<Source> sources, List<Endpoint> endpoints) {}

    Read read(YamlObject root) {
        int count = 0;
        for (var node : root.list("sources")) {
            add(root, "sources[" + count++ + "]", node);
        }
        return new Read(List.copyOf(sources), List.copyOf(endpoints));
    }

    private void add(YamlObject root, String label, Node node) {
        var object = root.element(label, node);
        var type = ResourceType.ofWireName(object.required("type"))
                .orElseThrow(() ->
                        object.error("type", "unknown type. Known types: Aurora, DynamoDB, EBS, EC2, EFS, RDS, S3"));
        switch (type) {
            case EFS -> {
                var source = fileSystem(object.allowing(EFS));
                if (sources.stream().anyMatch(other -> other.arn().equals(source.arn()))) {
                    throw object.error("id", "the resource " + source.arn() + " stands twice");
                }
                sources.add(source);
            }
            case DYNAMODB, S3 -> {
                var endpoint = endpoint(type, object);
                if (endpoints.contains(endpoint)) {
                    throw object.error("endpoint", "this endpoint stands twice");
                }
                endpoints.add(endpoint);
            }
            case AURORA, EBS, EC2, RDS ->
                throw object.error("type", "sources of type " + type.wireName() + " are not in this version");
        }
    }

    private Endpoint endpoint(ResourceType type, YamlObject object) {
        var known = new TreeMap<String, String>();
        var allowed = new java.util.TreeSet<>(ENDPOINT);
        var own = OWN.getOrDefault(type, Set.of());
        allowed.addAll(own);
        object.allowing(allowed);
        var scope = scope(object);
        known.put("accessKeyId", object.required("accessKeyId"));
        known.put("secretAccessKey", object.required("secretAccessKey"));
        for (var key : List.of("endpoint", "stsEndpoint")) {
            object.text(key).ifPresent(text -> known.put(key, url(object, key, text)));
        }
        known.put(
                "signingRegion",
                object.text("signingRegion").orElse(scope.region().value()));
        object.text("roleArn").ifPresent(role -> {
            if (!ROLE.matcher(role).matches()) {
                throw object.error(
                        "roleArn", "roleArn is the ARN of a role, for example arn:aws:iam::111122223333:role/backup");
            }
            known.put("roleArn", role);
        });
        for (var key : own) {
            object.text(key).ifPresent(value -> known.put(key, checkedOwn(object, key, value)));
        }
        return new Endpoint(type, scope, known);
    }

    private String checkedOwn(YamlObject object, String key, String value) {
        switch (key) {
            case "pathStyle" -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw object.error(key, key + " is true or false");
                }
            }
            case "recheckDays" -> {
                if (!value.matches("[0-9]{1,4}") || Long.parseLong(value) > RECHECK_DAYS_AT_MOST) {
                    throw object.error(key, key + " is a whole number from 0 (every run) to " + RECHECK_DAYS_AT_MOST);
                }
            }
            case "followSeconds" -> {
                if (!value.matches("[1-9][0-9]{0,3}") || Long.parseLong(value) > FOLLOW_SECONDS_AT_MOST) {
                    throw object.error(key, key + " is a whole number from 1 to " + FOLLOW_SECONDS_AT_MOST);
                }
            }
            case "listSeconds" -> {
                if (!value.matches("[1-9][0-9]{0,4}") || Long.parseLong(value) > LIST_SECONDS_AT_MOST) {
                    throw object.error(key, key + " is a whole number from 1 to " + LIST_SECONDS_AT_MOST);
                }
            }
            case "queueUrl" -> {
                if (!value.contains("{bucket}")) {
                    throw object.error(
                            key,
                            key + " has {bucket} where the name of the bucket stands, for example"
                                    + " https://sqs.eu-west-1.amazonaws.com/111122223333/changes-of-{bucket}");
                }
                url(object, key, value.replace("{bucket}", "bucket"));
            }
            case "readShare" -> {
                if (!value.matches("0?\\.[0-9]{1,4}|1(\\.0)?") || Double.parseDouble(value) == 0) {
                    throw object.error(key, key + " is a number above 0 and at most 1, for example 0.5");
                }
            }
            case "segments" -> {
                if (!value.matches("[1-9]|[1-5][0-9]|6[0-4]")) {
                    throw object.error(key, key + " is a whole number from 1 to 64");
                }
            }
            default -> throw new IllegalStateException(key);
        }
        return value;
    }

    private String url(YamlObject object, String key, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException wrong) {
            throw object.error(key, key + " is no URL such as https://s3.example.com:9000");
        }
        policy.objectionTo(url).ifPresent(objection -> {
            throw object.error(key, objection);
        });
        return text.replaceFirst("/+$", "");
    }

    private Source fileSystem(YamlObject object) {
        var scope = scope(object);
        var id = object.required("id");
        if (!FILE_SYSTEM_ID.matcher(id).matches()) {
            throw object.error("id", "the id of a file system is fs- and 8 to 40 digits or letters a to f");
        }
        var settings = new TreeMap<String, String>();
        settings.put("path", object.requiredPath("path").toString());
        object.path("restore").ifPresent(parent -> settings.put("restore", parent.toString()));
        for (var key : List.of("crossMounts", "mounted")) {
            object.text(key).ifPresent(value -> {
                if (!value.equals("true") && !value.equals("false")) {
                    throw object.error(key, key + " is true or false");
                }
                settings.put(key, value);
            });
        }
        Map<String, String> tags = object.map("tags");
        try {
            Tags.of(tags);
        } catch (Refused wrong) {
            throw object.error("tags", wrong.problem().message().replaceFirst("\\.$", ""));
        }
        return new Source(
                ResourceType.EFS,
                scope,
                Arn.ofFileSystem(scope, id),
                object.text("name").orElse(id),
                settings,
                tags);
    }

    private Scope scope(YamlObject object) {
        var account = object.has("account")
                ? ConfigReader.checked(object, "account", AccountId::new)
                : accounts.getFirst().id();
        if (accounts.stream().noneMatch(known -> known.id().equals(account))) {
            throw object.error("account", "account " + account + " is not in 'accounts'");
        }
        var region = object.has("region") ? ConfigReader.checked(object, "region", Region::new) : regions.getFirst();
        if (!regions.contains(region)) {
            throw object.error("region", "region " + region + " is not in 'regions'");
        }
        return new Scope(account, region);
    }
}

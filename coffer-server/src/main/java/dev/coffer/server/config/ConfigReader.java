package dev.coffer.server.config;

import dev.coffer.core.access.Organization;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.maintenance.MaintenanceSchedule;
import dev.coffer.server.config.Config.Account;
import dev.coffer.server.config.Config.Tls;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads {@code coffer.yaml}. Every key is known or refused with its line and column; {@code ${env:NAME}} and {@code ${file:PATH}} stand for secrets.
 */
public final class ConfigReader {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([a-z]+):([^}]*)}");
    private static final Set<String> TOP = Set.of(
            "accounts",
            "organization",
            "regions",
            "storage",
            "catalog",
            "sources",
            "tls",
            "maintenance",
            "keys",
            "formerKeys",
            "kms",
            "events",
            "clock",
            "endpoints",
            "coldStorage");
    private static final Pattern TIME_SERVER =
            Pattern.compile("(?<host>[A-Za-z0-9._-]+|\\[[0-9a-fA-F:]+])(:(?<port>[0-9]{1,5}))?");
    private static final int NTP = 123;
    private static final int PORT_AT_MOST = 65_535;
    private static final long LARGEST_FILE = 8L << 20;

    private final Function<String, Optional<String>> environment;

    /**
     * @param environment looks up an environment variable
     */
    public ConfigReader(Function<String, Optional<String>> environment) {
        this.environment = environment;
    }

    /**
     * Reads the file.
     *
     * @throws ConfigException if it cannot be read or breaks a rule
     */
    public Config read(Path file) {
        String text;
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new ConfigException(file + ": the file is larger than 8 MiB, so it cannot be a configuration.");
            }
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new ConfigException(
                    file + ": the configuration cannot be read (" + unreadable.getMessage()
                            + "). Check --config and its permissions.",
                    unreadable);
        }
        Optional<Node> root;
        try {
            var settings = LoadSettings.builder().setLabel(file.toString()).build();
            root = new Compose(settings).composeReader(new StringReader(text));
        } catch (YamlEngineException broken) {
            throw new ConfigException(file + ": not valid YAML. " + broken.getMessage(), broken);
        }
        return root.map(node -> fromRoot(YamlObject.ofFile(file.toString(), node, TOP, this::expanded)))
                .orElseGet(Config::defaults);
    }

    private Config fromRoot(YamlObject root) {
        var accounts = accounts(root);
        var regions = regions(root);
        var tls = root.object("tls", Set.of("certificate", "key"))
                .map(object -> new Tls(Path.of(object.required("certificate")), Path.of(object.required("key"))));
        var keys = KeySourceReader.current(root);
        var formerKeys = KeySourceReader.former(root, keys);
        var policy = endpointPolicy(root);
        var sources = new SourcesReader(accounts, regions, policy).read(root);
        return new Config(
                accounts,
                organization(root, accounts),
                regions,
                tls,
                SharedReader.catalog(root),
                SharedReader.storage(root, regions),
                keys,
                formerKeys,
                KeySourceReader.services(root, accounts),
                sources.sources(),
                sources.endpoints(),
                policy,
                maintenance(root),
                root.object("coldStorage", Set.of("path")).map(cold -> cold.requiredPath("path")),
                new EventsReader(Config.scopes(accounts, regions)).read(root),
                timeServers(root));
    }

    private static EndpointPolicy endpointPolicy(YamlObject root) {
        var section = root.object("endpoints", Set.of("allow"));
        if (section.isEmpty()) {
            return EndpointPolicy.USUAL;
        }
        try {
            return EndpointPolicy.only(section.get().texts("allow"));
        } catch (Refused wrong) {
            throw section.get().error("allow", wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }

    private static List<InetSocketAddress> timeServers(YamlObject root) {
        var object = root.object("clock", Set.of("timeServers"));
        var servers = new ArrayList<InetSocketAddress>();
        if (object.isPresent()) {
            for (var text : object.get().texts("timeServers")) {
                var form = TIME_SERVER.matcher(text);
                int port = form.matches()
                        ? Optional.ofNullable(form.group("port"))
                                .map(Integer::parseInt)
                                .orElse(NTP)
                        : 0;
                if (port < 1 || port > PORT_AT_MOST) {
                    throw object.get().error("timeServers", "'" + text + "' is no HOST or HOST:PORT");
                }
                servers.add(InetSocketAddress.createUnresolved(form.group("host"), port));
            }
        }
        return servers;
    }

    private static MaintenanceSchedule maintenance(YamlObject root) {
        var object = root.object("maintenance", Set.of("sweepMinutes", "verifyDays"));
        if (object.isEmpty()) {
            return MaintenanceSchedule.STANDARD;
        }
        var sweep = number(object.get(), "sweepMinutes", 60 * 24 * 30);
        var verify = number(object.get(), "verifyDays", 3650);
        return new MaintenanceSchedule(
                sweep.map(Duration::ofMinutes).orElse(MaintenanceSchedule.STANDARD.sweepEvery()),
                verify.map(Duration::ofDays).orElse(MaintenanceSchedule.STANDARD.verifyWithin()));
    }

    private static Optional<Long> number(YamlObject object, String key, long most) {
        return object.text(key).map(text -> {
            if (text.matches("[0-9]{1,9}") && Long.parseLong(text) <= most) {
                return Long.valueOf(text);
            }
            throw object.error(key, "'" + text + "' is no whole number from 0 (never) to " + most);
        });
    }

    private static List<Account> accounts(YamlObject root) {
        if (!root.has("accounts")) {
            return Config.defaults().accounts();
        }
        var accounts = new ArrayList<Account>();
        var names = new HashSet<String>();
        for (var node : root.list("accounts")) {
            var object =
                    root.element("accounts[" + accounts.size() + "]", node).allowing(Set.of("id", "name", "units"));
            var id = checked(object, "id", AccountId::new);
            var name = object.text("name").orElse(id.value());
            if (accounts.stream().anyMatch(account -> account.id().equals(id)) || !names.add(name)) {
                throw object.error("id", "account " + id + " or its name stands twice");
            }
            accounts.add(new Account(id, name, object.text("units")));
        }
        if (accounts.isEmpty()) {
            throw root.error("accounts", "at least one account is needed");
        }
        return accounts;
    }

    private static Organization organization(YamlObject root, List<Account> accounts) {
        var object = root.object("organization", Set.of("id", "root"));
        if (object.isEmpty()) {
            if (accounts.stream().anyMatch(account -> account.units().isPresent())) {
                throw root.error("accounts", "'units' of accounts need the section 'organization'");
            }
            return Organization.UNNAMED;
        }
        try {
            return Organization.named(
                    object.get().required("id"),
                    object.get().required("root"),
                    accounts.stream().collect(Collectors.toMap(Account::id, Account::units)));
        } catch (Refused wrong) {
            throw root.error("organization", wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }

    private static List<Region> regions(YamlObject root) {
        if (!root.has("regions")) {
            return List.of(Config.FIRST_REGION);
        }
        var regions = new ArrayList<Region>();
        for (var text : root.texts("regions")) {
            Region region;
            try {
                region = new Region(text);
            } catch (Refused wrong) {
                throw root.error("regions", wrong.problem().message().replaceFirst("\\.$", ""));
            }
            if (regions.contains(region)) {
                throw root.error("regions", "region " + region + " stands twice");
            }
            regions.add(region);
        }
        if (regions.isEmpty()) {
            throw root.error("regions", "at least one region is needed");
        }
        return regions;
    }

    static <T> T checked(YamlObject object, String key, Function<String, T> make) {
        try {
            return make.apply(object.required(key));
        } catch (Refused wrong) {
            throw object.error(key, wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }

    private String expanded(String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), match.group(2))));
    }

    private String value(String kind, String name) {
        return switch (kind) {
            case "env" ->
                environment
                        .apply(name)
                        .orElseThrow(() -> new ConfigException("the environment variable " + name + " is not set"));
            case "file" -> {
                try {
                    yield Files.readString(Path.of(name), StandardCharsets.UTF_8)
                            .stripTrailing();
                } catch (IOException unreadable) {
                    throw new ConfigException("the file " + name + " cannot be read", unreadable);
                }
            }
            default ->
                throw new ConfigException("${" + kind + ":...} is unknown; there are ${env:NAME} and ${file:PATH}");
        };
    }
}

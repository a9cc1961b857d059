package dev.coffer.server.config;

import dev.coffer.catalog.PostgresAddress;
import dev.coffer.core.access.Organization;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.connector.EndpointPolicy;
import dev.coffer.core.resource.Endpoint;
import dev.coffer.core.resource.Source;
import dev.coffer.engine.maintenance.MaintenanceSchedule;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code coffer.yaml} says.
 *
 * @param accounts at least one, which form an organization; the first is its management account and the one of the profile {@code coffer}
 * @param organization what the accounts form, as policies name it
 * @param regions at least one; the first is the default
 * @param catalog where the shared catalog is; empty for the embedded one
 * @param storage where the vaults of Regions are
 * @param keys wraps the data keys of vaults
 * @param sources single resources
 * @param endpoints doors behind which resources are found
 * @param endpointPolicy which addresses endpoints may have, asked again at every connection
 * @param coldStorage the folder of cold storage; empty for the usual place in the data folder
 * @param timeServers confirm the host's clock; not looked up yet
 * @param formerKeys may still be needed to unwrap data keys
 * @param keyServices have the keys that users name for their vaults
 */
public record Config(
        List<Account> accounts,
        Organization organization,
        List<Region> regions,
        Optional<Tls> tls,
        Optional<PostgresAddress> catalog,
        Storage storage,
        KeySource keys,
        List<KeySource> formerKeys,
        List<KeyService> keyServices,
        List<Source> sources,
        List<Endpoint> endpoints,
        EndpointPolicy endpointPolicy,
        MaintenanceSchedule maintenance,
        Optional<Path> coldStorage,
        EventsConfig events,
        List<InetSocketAddress> timeServers) {
    /** The account of an installation whose configuration names none. */
    public static final AccountId FIRST_ACCOUNT = new AccountId("111122223333");

    /** The region of an installation whose configuration names none. */
    public static final Region FIRST_REGION = new Region("eu-west-1");

    public Config {
        accounts = List.copyOf(accounts);
        regions = List.copyOf(regions);
        formerKeys = List.copyOf(formerKeys);
        keyServices = List.copyOf(keyServices);
        sources = List.copyOf(sources);
        endpoints = List.copyOf(endpoints);
        timeServers = List.copyOf(timeServers);
    }

    /**
     * An account.
     *
     * @param name what people call it
     * @param units the ids of the organizational units that it is in, the outermost first, with slashes between
     */
    public record Account(AccountId id, String name, Optional<String> units) {}

    /** A certificate chain and its private key, both PEM files. */
    public record Tls(Path certificate, Path key) {}

    /** The configuration of an installation without a file. */
    public static Config defaults() {
        return new Config(
                List.of(new Account(FIRST_ACCOUNT, "default", Optional.empty())),
                Organization.UNNAMED,
                List.of(FIRST_REGION),
                Optional.empty(),
                Optional.empty(),
                Storage.OWN,
                new KeySource.KeyFile(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                EndpointPolicy.USUAL,
                MaintenanceSchedule.STANDARD,
                Optional.empty(),
                EventsConfig.NONE,
                List.of());
    }

    /** All accounts in all regions. */
    public List<Scope> scopes() {
        return scopes(accounts, regions);
    }

    static List<Scope> scopes(List<Account> accounts, List<Region> regions) {
        return accounts.stream()
                .flatMap(account -> regions.stream().map(region -> new Scope(account.id(), region)))
                .toList();
    }
}

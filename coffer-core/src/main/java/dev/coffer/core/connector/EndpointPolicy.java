package dev.coffer.core.connector;

import dev.coffer.core.event.AddressPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which addresses the endpoints of sources may have. Who writes the configuration is trusted with private and loopback addresses, since that is where most object stores are. Link-local addresses and those of cloud
 * metadata services never pass. A list, if there is one, narrows it to its entries, which are written as in {@link AddressPolicy}.
 */
public final class EndpointPolicy {
    /** Everything but link-local addresses and metadata services. */
    public static final EndpointPolicy USUAL = new EndpointPolicy(Optional.empty());

    private static final String SETTING = "endpoints.allow";

    private final Optional<AddressPolicy> listed;

    private EndpointPolicy(Optional<AddressPolicy> listed) {
        this.listed = listed;
    }

    /**
     * The policy that lets pass only these.
     *
     * @throws dev.coffer.core.problem.Refused if an entry cannot be understood
     */
    public static EndpointPolicy only(List<String> entries) {
        return new EndpointPolicy(Optional.of(AddressPolicy.of(entries, SETTING)));
    }

    /** Why this URL cannot be an endpoint, as far as it alone tells; empty if it can. */
    public Optional<String> objectionTo(URI endpoint) {
        var scheme = Optional.ofNullable(endpoint.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return Optional.of("address not allowed by policy: an endpoint begins with http:// or https://");
        }
        var host = endpoint.getHost();
        if (host == null || endpoint.getUserInfo() != null) {
            return Optional.of("an endpoint is http://HOST:PORT or https://HOST:PORT, without a user and a password");
        }
        if (endpoint.getQuery() != null || endpoint.getFragment() != null) {
            return Optional.of("an endpoint has no query and no fragment");
        }
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        var literal = AddressPolicy.literal(bare);
        return literal.isPresent()
                ? objectionTo(bare, literal.get())
                : listed.flatMap(policy -> policy.objectionTo(bare));
    }

    /** Why this address of the host may not be called. To be asked of the address that is connected to, so that a name which changes in between gains nothing. */
    public Optional<String> objectionTo(String host, InetAddress address) {
        return AddressPolicy.neverObjection(host, address)
                .or(() -> listed.flatMap(policy -> policy.objectionTo(host, address)));
    }
}

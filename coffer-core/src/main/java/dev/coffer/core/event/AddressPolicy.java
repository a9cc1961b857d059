package dev.coffer.core.event;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the installation may send what users configure, so that nobody can make it call services that only it can reach.
 *
 * <p>An entry is a host name ({@code hooks.example.org}, {@code *.example.org}, or {@code *} for all), an address or a network ({@code 10.1.0.0/16}), or {@code localhost}. A name lets pass public
 * addresses alone; one that points at a private or local address needs an entry for the address. Link-local addresses and those of cloud metadata services never pass.
 */
public final class AddressPolicy {
    private static final String EVENTS = "events.allow";

    /** Nothing passes. */
    public static final AddressPolicy NOTHING = new AddressPolicy(List.of(), List.of(), EVENTS);

    private static final List<Network> NEVER = Network.all(
            "0.0.0.0/8",
            "169.254.0.0/16",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "224.0.0.0/4",
            "255.255.255.255/32",
            "::/128",
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::254/128");

    private static final List<Network> NOT_PUBLIC = Network.all(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "240.0.0.0/4",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2002::/16",
            "2001::/32",
            "fc00::/7",
            "fec0::/10");

    private static final List<Network> LOOPBACK = Network.all("127.0.0.0/8", "::1/128");

    private final List<String> names;
    private final List<Network> networks;
    private final String setting;

    private AddressPolicy(List<String> names, List<Network> networks, String setting) {
        this.names = names;
        this.networks = networks;
        this.setting = setting;
    }

    /**
     * The policy of these entries.
     *
     * @throws Refused if one cannot be understood
     */
    public static AddressPolicy of(List<String> entries) {
        return of(entries, EVENTS);
    }

    /**
     * The same for entries of another setting, which refusals name.
     *
     * @throws Refused if one cannot be understood
     */
    public static AddressPolicy of(List<String> entries, String setting) {
        var names = new ArrayList<String>();
        var networks = new ArrayList<Network>();
        for (var entry : entries) {
            var folded = entry.toLowerCase(Locale.ROOT);
            if (folded.equals("localhost")) {
                networks.addAll(LOOPBACK);
            } else if (folded.equals("*") || folded.matches("(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*\\.?[a-z][a-z0-9-]*")) {
                names.add(folded);
            } else {
                networks.add(Network.of(folded)
                        .orElseThrow(() -> new Refused(Problem.invalid(
                                "'" + entry + "' is no host name, *.NAME, address or network such as 10.1.0.0/16."))));
            }
        }
        return new AddressPolicy(List.copyOf(names), List.copyOf(networks), setting);
    }

    /** Why a host may not be called whatever its addresses are; empty if that depends on them. */
    public Optional<String> objectionTo(String host) {
        var literal = literal(host);
        if (literal.isPresent()) {
            return objectionTo(host, literal.get());
        }
        if (!looksLikeName(host)) {
            return Optional.of(refusal(host));
        }
        return isNamed(host) || !networks.isEmpty() ? Optional.empty() : Optional.of(refusal(host));
    }

    /** Why this address of the host may not be called; empty if it may. To be asked of the address that is connected to. */
    public Optional<String> objectionTo(String host, InetAddress address) {
        var never = neverObjection(host, address);
        if (never.isPresent()) {
            return never;
        }
        boolean allowed = Network.anyHolds(networks, address)
                || (isNamed(host) && !Network.anyHolds(NOT_PUBLIC, address) && !isForm(host));
        return allowed ? Optional.empty() : Optional.of(refusal(host));
    }

    /** Why nobody may call this address, not even who wrote the configuration. */
    public static Optional<String> neverObjection(String host, InetAddress address) {
        return Network.anyHolds(NEVER, address)
                        || embedded(address)
                                .filter(inner -> Network.anyHolds(NEVER, inner))
                                .isPresent()
                ? Optional.of("address not allowed by policy: " + host
                        + " is link-local, a metadata service, or no host's address")
                : Optional.empty();
    }

    /** Whether the address is this machine's own. */
    public static boolean isLoopback(InetAddress address) {
        return Network.anyHolds(LOOPBACK, address);
    }

    /** The address that a host in a URL is, if it is written as one. */
    public static Optional<InetAddress> literal(String host) {
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (!bare.contains(":") && !bare.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /** The last label of a name has a letter; what has none is a number that some resolvers take as an address. */
    private static boolean looksLikeName(String host) {
        return host.matches("[A-Za-z0-9._-]*[A-Za-z][A-Za-z0-9-]*\\.?") && !host.matches("(?i)0x[0-9a-f.]+");
    }

    private static boolean isForm(String host) {
        return literal(host).isPresent() || !looksLikeName(host);
    }

    private boolean isNamed(String host) {
        var folded = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        return names.stream()
                .anyMatch(name -> name.equals("*")
                        || name.equals(folded)
                        || (name.startsWith("*.") && folded.endsWith(name.substring(1))));
    }

    /** The IPv4 address inside an IPv6 one that gateways take it out of. */
    private static Optional<InetAddress> embedded(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length != 16 || isLoopback(address)) {
            return Optional.empty();
        }
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        boolean last = Network.anyHolds(Network.all("::/96", "64:ff9b::/96"), address);
        if (!sixToFour && !last) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(
                    sixToFour ? Arrays.copyOfRange(bytes, 2, 6) : Arrays.copyOfRange(bytes, 12, 16)));
        } catch (java.net.UnknownHostException fourBytesAreOne) {
            throw new IllegalStateException(fourBytesAreOne);
        }
    }

    private String refusal(String host) {
        return "address not allowed by policy: " + host + ". Whoever runs the server can add it to " + setting;
    }

    /** The addresses of a family whose first bits are the same. */
    private record Network(BigInteger first, int familyBits, int bits) {
        static Optional<Network> of(String text) {
            var parts = text.split("/", 2);
            try {
                var address = InetAddress.ofLiteral(parts[0]).getAddress();
                int family = address.length * 8;
                int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : family;
                return bits < 0 || bits > family
                        ? Optional.empty()
                        : Optional.of(new Network(new BigInteger(1, address).shiftRight(family - bits), family, bits));
            } catch (IllegalArgumentException none) {
                return Optional.empty();
            }
        }

        static List<Network> all(String... texts) {
            return Arrays.stream(texts).map(text -> of(text).orElseThrow()).toList();
        }

        static boolean anyHolds(List<Network> networks, InetAddress address) {
            return networks.stream().anyMatch(network -> network.holds(address));
        }

        private boolean holds(InetAddress address) {
            var bytes = address.getAddress();
            return bytes.length * 8 == familyBits
                    && new BigInteger(1, bytes).shiftRight(familyBits - bits).equals(first);
        }
    }
}

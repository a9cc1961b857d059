package dev.coffer.server.event;

import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.DeliveryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Connections to what users configure. The address that is judged is the one that is connected to, so a name that changes in between gains nothing. */
final class Connections {
    /** Asks for the addresses of a name. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** How an address is judged. */
    enum Trust {
        /** The allow-list decides. */
        LISTED,
        /** The allow-list decides, and only this machine's own addresses pass. */
        LISTED_LOOPBACK,
        /** Who wrote the configuration file said so; only what nobody may call is refused. */
        OPERATOR
    }

    /** A name with many addresses that do not answer would take the time of each. */
    private static final int ADDRESSES_TRIED = 4;

    private final AddressPolicy policy;
    private final Resolver resolver;

    Connections(AddressPolicy policy, Resolver resolver) {
        this.policy = policy;
        this.resolver = resolver;
    }

    /**
     * Connects to the first of its addresses that answers, and tries a few at most. The caller closes the socket.
     *
     * @throws DeliveryException if there is none
     */
    Socket connect(String host, int port, Duration within, Trust trust) {
        DeliveryException last = new DeliveryException(host + " has no address");
        for (var address :
                Arrays.stream(allowed(host, trust)).limit(ADDRESSES_TRIED).toList()) {
            var socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), (int) within.toMillis());
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException unreachable) {
                last = new DeliveryException(
                        host + ":" + port + " cannot be reached: " + unreachable.getMessage(), false, unreachable);
                close(socket);
            }
        }
        throw last;
    }

    /**
     * Resolves the host and judges all its addresses.
     *
     * @throws DeliveryException if it has none, or one that may not be called
     */
    InetAddress[] allowed(String host, Trust trust) {
        var bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (trust != Trust.OPERATOR) {
            policy.objectionTo(bare).ifPresent(Connections::refuse);
        }
        InetAddress[] addresses;
        try {
            var literal = AddressPolicy.literal(bare);
            addresses = literal.isPresent() ? new InetAddress[] {literal.get()} : resolver.addresses(bare);
        } catch (UnknownHostException unknown) {
            throw new DeliveryException("the name " + bare + " has no address", false, unknown);
        }
        for (var address : addresses) {
            objection(bare, address, trust).ifPresent(Connections::refuse);
        }
        return addresses;
    }

    private Optional<String> objection(String host, InetAddress address, Trust trust) {
        return switch (trust) {
            case OPERATOR -> AddressPolicy.neverObjection(host, address);
            case LISTED -> policy.objectionTo(host, address);
            case LISTED_LOOPBACK ->
                AddressPolicy.isLoopback(address)
                        ? policy.objectionTo(host, address)
                        : Optional.of("http:// is for this machine alone, and " + host + " is another; use https://");
        };
    }

    private static void refuse(String objection) {
        throw new DeliveryException(objection);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyUnusable) {
            // It was never connected, so there is nothing to lose.
        }
    }
}

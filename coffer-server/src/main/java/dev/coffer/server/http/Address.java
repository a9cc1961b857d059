package dev.coffer.server.http;

import dev.coffer.server.node.NodeException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** HOST:PORT, as {@code --listen} has it. */
public record Address(String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads the text; an IPv6 address stands in brackets.
     *
     * @throws NodeException if it is not of that form
     */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            host = "";
        }
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        if (host.isEmpty() || port < 0) {
            throw new NodeException("'" + text
                    + "' is not an address to listen on. Write HOST:PORT, for example 127.0.0.1:8480 or [::1]:8480.");
        }
        return new Address(host, port);
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > LARGEST_PORT) {
            return -1;
        }
        return Integer.parseInt(text);
    }

    /**
     * Whether only this machine can reach it.
     *
     * @throws NodeException if the host has no address
     */
    public boolean isLoopback() {
        try {
            for (var address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException unknown) {
            throw new NodeException("the host '" + host + "' of --listen has no address. Check its spelling.", unknown);
        }
    }
}

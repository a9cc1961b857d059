package dev.coffer.server.event;

import dev.coffer.core.event.DeliveryException;
import dev.coffer.server.event.Connections.Trust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/** One HTTP/1.1 POST on a connection of its own, in a bounded time. Redirects are not followed; of the answer only the status is read. */
final class HttpPost {
    private static final int LONGEST_HEAD = 16 * 1024;

    private final Connections connections;
    private final SSLSocketFactory tls;
    private final Duration within;

    HttpPost(Connections connections, SSLSocketFactory tls, Duration within) {
        this.connections = connections;
        this.tls = tls;
        this.within = within;
    }

    /**
     * Posts the body.
     *
     * @throws DeliveryException if the answer is not of the 200s, or there is none; names the host alone
     */
    void send(URI url, Map<String, String> headers, byte[] body) throws InterruptedException {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        var socket = connections.connect(url.getHost(), port, within, secure ? Trust.LISTED : Trust.LISTED_LOOPBACK);
        boolean sent = false;
        var limit = new TimeLimit(socket, within);
        int status;
        try (limit;
                socket;
                var channel = secure ? secured(socket, url.getHost(), port) : socket) {
            var out = channel.getOutputStream();
            out.write(head(url, headers, body.length).getBytes(StandardCharsets.ISO_8859_1));
            sent = true;
            out.write(body);
            out.flush();
            status = status(channel.getInputStream());
        } catch (IOException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(failure);
            }
            throw new DeliveryException(
                    url.getHost()
                            + (limit.isOver()
                                    ? " did not answer within " + within.toMillis() + " ms"
                                    : " did not answer: " + failure.getMessage()),
                    sent,
                    failure);
        }
        if (status >= 300 && status < 400) {
            throw new DeliveryException(url.getHost() + " answered " + status + "; redirects are not followed");
        }
        if (status < 200 || status >= 300) {
            throw new DeliveryException(url.getHost() + " answered " + status);
        }
    }

    private Socket secured(Socket socket, String host, int port) throws IOException {
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return VerifiedTls.over(tls, socket, bare, port);
    }

    private static String head(URI url, Map<String, String> headers, int length) {
        var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        var out = new StringBuilder("POST ")
                .append(asciiOnly(path + query))
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.getRawAuthority())
                .append("\r\nConnection: close\r\nUser-Agent: Coffer\r\nContent-Length: ")
                .append(length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
        return out.append("\r\n").toString();
    }

    private static String asciiOnly(String path) {
        return URI.create(path).toASCIIString();
    }

    /** The status of the first final answer. */
    private static int status(InputStream in) throws IOException {
        int[] left = {LONGEST_HEAD};
        while (true) {
            var line = line(in, left);
            if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
                throw new IOException("the answer is no HTTP/1.1");
            }
            int status = Integer.parseInt(line.substring(9, 12));
            if (status >= 200) {
                return status;
            }
            while (!line.isEmpty()) {
                line = line(in, left);
            }
        }
    }

    private static String line(InputStream in, int[] left) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended before an answer");
            }
            if (--left[0] < 0) {
                throw new IOException("the head of the answer is too long");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}

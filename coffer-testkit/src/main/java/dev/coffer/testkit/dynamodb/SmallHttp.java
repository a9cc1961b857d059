package dev.coffer.testkit.dynamodb;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of HTTP/1.1 as a client of JSON needs, on the loopback address, with the time of a given clock in its answers. */
final class SmallHttp implements AutoCloseable {
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    private final ServerSocket socket;
    private final InstantSource clock;
    private final Handler handler;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** An answer and its status. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Answer(int status, byte[] json) {}

    /** Answers requests, in many threads; an {@link UncheckedIOException} closes the connection. */
    interface Handler {
        Answer answer(Map<String, String> headers, byte[] body);
    }

    SmallHttp(InstantSource clock, int port, Handler handler) {
        this.clock = clock;
        this.handler = handler;
        try {
            socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException closed) {
                // The loop ends.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new BufferedInputStream(connection.getInputStream());
            for (var first = line(in); !first.isEmpty(); first = line(in)) {
                var headers = new TreeMap<String, String>();
                for (var header = line(in); !header.isEmpty(); header = line(in)) {
                    int colon = header.indexOf(':');
                    headers.put(
                            header.substring(0, colon).toLowerCase(Locale.ROOT),
                            header.substring(colon + 1).strip());
                }
                if (headers.containsKey("expect")) {
                    connection.getOutputStream().write(CONTINUE.getBytes(StandardCharsets.US_ASCII));
                }
                var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
                send(connection, handler.answer(headers, body));
            }
        } catch (IOException | UncheckedIOException reset) {
            // Closed by one side or the other.
        } finally {
            connections.remove(connection);
        }
    }

    private void send(Socket connection, Answer answer) throws IOException {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atZone(ZoneOffset.UTC));
        var out = new ByteArrayOutputStream(answer.json().length + 256);
        out.writeBytes(
                "HTTP/1.1 %d Answer\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: %d\r\nDate: %s\r\n\r\n"
                        .formatted(answer.status(), answer.json().length, date)
                        .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(answer.json());
        out.writeTo(connection.getOutputStream());
        connection.getOutputStream().flush();
    }

    /** A line without its end; empty at the end of the stream, too. */
    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException closing) {
            throw new UncheckedIOException(closing);
        }
        threads.shutdownNow();
    }
}

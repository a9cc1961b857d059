package dev.coffer.dist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A request that no well-behaved client sends: signed by the AWS SDK's own signer, changed as a test likes, and written to a socket as it is. */
final class RawCall {
    private final RunningCoffer coffer;
    private final String method;
    private final String path;
    private String body = "";
    private String service = "backup";
    private String region = RunningCoffer.REGION;
    private Instant signedAt = Instant.now();

    RawCall(RunningCoffer coffer, String method, String path) {
        this.coffer = coffer;
        this.method = method;
        this.path = path;
    }

    RawCall body(String text) {
        this.body = text;
        return this;
    }

    RawCall service(String name) {
        this.service = name;
        return this;
    }

    RawCall region(String name) {
        this.region = name;
        return this;
    }

    RawCall signedAt(Instant moment) {
        this.signedAt = moment;
        return this;
    }

    /** The request as it goes over the wire. */
    record Signed(String method, String target, Map<String, String> headers, String body) {
        Signed header(String name, String value) {
            var changed = new LinkedHashMap<>(headers);
            changed.put(name, value);
            return new Signed(method, target, changed, body);
        }

        Signed withBody(String text) {
            return new Signed(method, target, headers, text);
        }

        byte[] bytes() {
            var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            if (!headers.containsKey("Content-Length") && !headers.containsKey("Transfer-Encoding")) {
                head.append("Content-Length: ")
                        .append(body.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n");
            }
            head.append("Connection: close\r\n\r\n");
            var out = new ByteArrayOutputStream();
            out.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(body.getBytes(StandardCharsets.UTF_8));
            return out.toByteArray();
        }
    }

    Signed signed() throws IOException {
        var key = coffer.profileKey("coffer");
        var identity = AwsCredentialsIdentity.create(key.get("aws_access_key_id"), key.get("aws_secret_access_key"));
        var uri = URI.create(coffer.url() + path);
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .uri(uri)
                .putHeader("Content-Type", "application/json")
                .build();
        var signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(identity)
                        .request(request)
                        .payload(ContentStreamProvider.fromInputStream(
                                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(signedAt, ZoneOffset.UTC)));
        var headers = new LinkedHashMap<String, String>();
        signed.request().forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
        headers.put("Host", uri.getAuthority());
        return new Signed(method, path, headers, body);
    }

    /** What the server says. */
    record Answer(int status, String type, String text) {}

    Answer send() throws IOException {
        return send(coffer, List.of(signed().bytes()));
    }

    static Answer send(RunningCoffer coffer, Signed signed) throws IOException {
        return send(coffer, List.of(signed.bytes()));
    }

    /** Writes the parts to one connection and reads until the server closes it. */
    static Answer send(RunningCoffer coffer, List<byte[]> parts) throws IOException {
        var uri = URI.create(coffer.url());
        try (var socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(60_000);
            var out = socket.getOutputStream();
            try {
                for (var part : parts) {
                    out.write(part);
                }
                out.flush();
            } catch (IOException closedEarly) {
                // The server may answer and close before it has read everything; the answer counts.
            }
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (text.isEmpty()) {
                return new Answer(0, "", "");
            }
            int status = Integer.parseInt(text.substring(9, 12));
            var type = text.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("x-amzn-errortype:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip().split(":", 2)[0])
                    .findFirst()
                    .orElse("");
            return new Answer(status, type, text);
        }
    }
}

package dev.coffer.testkit.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key service that speaks the JSON protocol of AWS KMS for Encrypt, Decrypt and DescribeKey, with real AES-256-GCM under keys in memory. It verifies signatures (SigV4), binds ciphertexts to
 * their encryption context, and can be told to fail as KMS does.
 */
public final class KmsServer implements AutoCloseable {
    public static final String ACCESS_KEY = "AKIACOFFERTEST000001";
    public static final String SECRET_KEY = "kms/test/secret+of+the+server";
    public static final String REGION = "eu-west-1";

    private static final int NONCE_BYTES = 12;
    private static final int ID_BYTES = 36;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKeySpec> keyById = new ConcurrentHashMap<>();
    private final Map<String, String> idByAlias = new ConcurrentHashMap<>();
    private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Optional<Answer> always = Optional.empty();
    private final JsonMapper json = JsonMapper.builder().build();
    private volatile String keyUsage = "ENCRYPT_DECRYPT";

    /** What the server does instead of its work. */
    public sealed interface Answer {
        record Failure(int status, String type, String message) implements Answer {}

        /** The request is read and never answered. */
        record Stall() implements Answer {}

        /** The body is not that of KMS. */
        record Nonsense(String body) implements Answer {}
    }

    private static final class Refusal extends Exception {
        private final transient Answer.Failure answer;

        Refusal(int status, String type, String message) {
            super(message);
            this.answer = new Answer.Failure(status, type, message);
        }
    }

    private KmsServer(HttpServer http) {
        this.http = http;
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** Starts on a free port. */
    public static KmsServer start() throws IOException {
        return new KmsServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Where it is. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** The ARN of a key. */
    public static String arn(String id) {
        return "arn:aws:kms:" + REGION + ":111122223333:key/" + id;
    }

    /** Makes a key; a repeat changes nothing. */
    public void addKey(String id) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        keyById.putIfAbsent(id, new SecretKeySpec(bytes, "AES"));
    }

    /** Gives a key another name. */
    public void alias(String alias, String id) {
        idByAlias.put(alias, id);
    }

    /** What all keys are for from now on. */
    public void keyUsage(String usage) {
        this.keyUsage = usage;
    }

    /** Does this for the next request. */
    public void answerOnce(Answer answer) {
        next.add(answer);
    }

    /** Does this for every request from now on. */
    public void answerAlways(Answer answer) {
        always = Optional.of(answer);
    }

    /** Does its work again. */
    public void work() {
        always = Optional.empty();
    }

    /** How many requests have come since the last call of this. */
    public int requestsSince() {
        return requests.getAndSet(0);
    }

    @Override
    public void close() {
        closing.countDown();
        http.stop(0);
        threads.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            requests.incrementAndGet();
            var told = Optional.ofNullable(next.poll()).or(() -> always);
            if (told.isPresent()) {
                switch (told.get()) {
                    case Answer.Failure failure -> fail(exchange, failure);
                    case Answer.Stall() -> closing.await();
                    case Answer.Nonsense(var text) -> send(exchange, 200, text);
                }
                return;
            }
            try {
                verify(exchange, body);
                send(exchange, 200, work(exchange, json.readTree(body)));
            } catch (Refusal refused) {
                fail(exchange, refused.answer);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static void fail(HttpExchange exchange, Answer.Failure failure) throws IOException {
        send(
                exchange,
                failure.status(),
                "{\"__type\":\"" + failure.type() + "\",\"message\":\"" + failure.message() + "\"}");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private String work(HttpExchange exchange, JsonNode request) throws GeneralSecurityException, Refusal {
        var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        return switch (target) {
            case "TrentService.DescribeKey" -> {
                var id = key(text(request, "KeyId"));
                yield "{\"KeyMetadata\":{\"KeyId\":\"" + id + "\",\"Arn\":\"" + arn(id)
                        + "\",\"Enabled\":true,\"KeyState\":\"Enabled\",\"KeyUsage\":\"" + keyUsage
                        + "\",\"KeySpec\":\"SYMMETRIC_DEFAULT\"}}";
            }
            case "TrentService.Encrypt" -> {
                var id = key(text(request, "KeyId"));
                var blob = encrypt(id, Base64.getDecoder().decode(text(request, "Plaintext")), context(request));
                yield "{\"KeyId\":\"" + arn(id) + "\",\"CiphertextBlob\":\""
                        + Base64.getEncoder().encodeToString(blob) + "\"}";
            }
            case "TrentService.Decrypt" -> {
                var blob = Base64.getDecoder().decode(text(request, "CiphertextBlob"));
                var id = key(text(request, "KeyId"));
                yield "{\"KeyId\":\"" + arn(id) + "\",\"Plaintext\":\""
                        + Base64.getEncoder().encodeToString(decrypt(id, blob, context(request))) + "\"}";
            }
            default -> throw new Refusal(400, "UnknownOperationException", "unknown operation " + target);
        };
    }

    private static String text(JsonNode request, String member) throws Refusal {
        return request.path(member)
                .stringValueOpt()
                .orElseThrow(() -> new Refusal(400, "ValidationException", member + " is missing"));
    }

    private String key(String name) throws Refusal {
        var id = name.startsWith("alias/")
                ? idByAlias.getOrDefault(name, "")
                : name.startsWith("arn:") ? name.substring(name.indexOf('/') + 1) : name;
        if (!keyById.containsKey(id)) {
            throw new Refusal(400, "NotFoundException", "Key '" + name + "' does not exist");
        }
        return id;
    }

    /** The encryption context in one order, as KMS authenticates it. */
    private static byte[] context(JsonNode request) {
        var pairs = new TreeMap<String, String>();
        request.path("EncryptionContext")
                .properties()
                .forEach(pair -> pairs.put(pair.getKey(), pair.getValue().asString()));
        return pairs.toString().getBytes(UTF_8);
    }

    private byte[] encrypt(String id, byte[] plaintext, byte[] context) throws GeneralSecurityException {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var sealed = cipher(Cipher.ENCRYPT_MODE, id, nonce, context).doFinal(plaintext);
        return ByteBuffer.allocate(ID_BYTES + NONCE_BYTES + sealed.length)
                .put(Arrays.copyOf(id.getBytes(UTF_8), ID_BYTES))
                .put(nonce)
                .put(sealed)
                .array();
    }

    private byte[] decrypt(String id, byte[] blob, byte[] context) throws GeneralSecurityException, Refusal {
        if (blob.length < ID_BYTES + NONCE_BYTES + 16) {
            throw new Refusal(400, "InvalidCiphertextException", "");
        }
        var by = new String(blob, 0, ID_BYTES, UTF_8).replace("\0", "");
        if (!keyById.containsKey(by)) {
            throw new Refusal(400, "InvalidCiphertextException", "");
        }
        if (!by.equals(id)) {
            throw new Refusal(
                    400,
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this operation.");
        }
        try {
            var nonce = Arrays.copyOfRange(blob, ID_BYTES, ID_BYTES + NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, id, nonce, context)
                    .doFinal(blob, ID_BYTES + NONCE_BYTES, blob.length - ID_BYTES - NONCE_BYTES);
        } catch (javax.crypto.AEADBadTagException forged) {
            throw new Refusal(400, "InvalidCiphertextException", "");
        }
    }

    private Cipher cipher(int mode, String id, byte[] nonce, byte[] context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keyById.get(id), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    /** The signature of the request, as SigV4 says, by the one access key there is. */
    private static void verify(HttpExchange exchange, byte[] body) throws GeneralSecurityException, Refusal {
        var authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        if (!authorization.startsWith("AWS4-HMAC-SHA256 ")) {
            throw new Refusal(400, "MissingAuthenticationToken", "Missing Authentication Token");
        }
        var parts = new TreeMap<String, String>();
        for (var part : authorization.substring("AWS4-HMAC-SHA256 ".length()).split(", *", -1)) {
            parts.put(part.substring(0, part.indexOf('=')), part.substring(part.indexOf('=') + 1));
        }
        var credential = parts.getOrDefault("Credential", "").split("/", -1);
        if (credential.length != 5
                || !credential[0].equals(ACCESS_KEY)
                || !credential[2].equals(REGION)
                || !credential[3].equals("kms")) {
            throw new Refusal(
                    400, "UnrecognizedClientException", "The security token included in the request is invalid.");
        }
        var canonical = new StringBuilder("POST\n/\n\n");
        for (var name : parts.getOrDefault("SignedHeaders", "").split(";", -1)) {
            canonical
                    .append(name)
                    .append(':')
                    .append(exchange.getRequestHeaders().getFirst(name).strip())
                    .append('\n');
        }
        canonical.append('\n').append(parts.get("SignedHeaders")).append('\n').append(sha256(body));
        var scope = credential[1] + "/" + credential[2] + "/" + credential[3] + "/" + credential[4];
        var signed = "AWS4-HMAC-SHA256\n" + exchange.getRequestHeaders().getFirst("X-Amz-Date") + "\n" + scope + "\n"
                + sha256(canonical.toString().getBytes(UTF_8));
        var key = ("AWS4" + SECRET_KEY).getBytes(UTF_8);
        for (var step : scope.split("/", -1)) {
            key = hmac(key, step);
        }
        if (!HexFormat.of().formatHex(hmac(key, signed)).equals(parts.get("Signature"))) {
            throw new Refusal(400, "InvalidSignatureException", "The request signature we calculated does not match.");
        }
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}

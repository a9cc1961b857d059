package dev.coffer.server.admin;

import dev.coffer.core.access.Caller;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.repository.VerifyRequest.Depth;
import dev.coffer.engine.maintenance.MaintenanceRun;
import dev.coffer.engine.maintenance.MaintenanceService;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The paths beneath {@code /coffer/v1/}. Requests are signed as those of the AWS Backup API; bodies and answers are JSON.
 *
 * <table>
 * <caption>Paths</caption>
 * <tr><td>POST vaults/NAME/maintenance</td><td>{@code {"Kind": "SWEEP" | "VERIFY" | "REWRAP", "Depth": "STRUCTURE" | "BYTES" | "CONTENT"}} begins a run: 202</td></tr>
 * <tr><td>GET vaults/NAME/maintenance</td><td>the runs of the vault that this process remembers, the newest first</td></tr>
 * <tr><td>GET maintenance/ID</td><td>one run</td></tr>
 * </table>
 */
public final class AdminEndpoint {
    /** What the paths begin with. */
    public static final String PREFIX = "/coffer/v1/";

    private static final Pattern OF_VAULT = Pattern.compile("vaults/([A-Za-z0-9_-]{1,50})/maintenance");
    private static final Pattern OF_RUN = Pattern.compile("maintenance/([A-Za-z0-9-]{1,64})");
    private static final JsonFactory JSON = new JsonFactory();

    private final MaintenanceService maintenance;

    public AdminEndpoint(MaintenanceService maintenance) {
        this.maintenance = maintenance;
    }

    /**
     * Answers a request whose signature has been verified.
     *
     * @throws Refused if it cannot be carried out
     */
    public WireResponse answer(Caller caller, WireRequest request) {
        var path = request.rawPath().substring(PREFIX.length());
        var ofVault = OF_VAULT.matcher(path);
        var ofRun = OF_RUN.matcher(path);
        if (ofVault.matches() && request.method().equals("POST")) {
            return json(202, MaintenanceJson.of(begun(caller, ofVault.group(1), members(request.body()))));
        }
        if (ofVault.matches() && request.method().equals("GET")) {
            return json(200, MaintenanceJson.of(maintenance.list(caller, ofVault.group(1))));
        }
        if (ofRun.matches() && request.method().equals("GET")) {
            return json(200, MaintenanceJson.of(maintenance.get(caller, ofRun.group(1))));
        }
        return json(
                404, MaintenanceJson.ofError("There is nothing at " + request.method() + " " + PREFIX + "... here."));
    }

    private MaintenanceRun begun(Caller caller, String vault, Map<String, String> members) {
        var unknown = members.keySet().stream()
                .filter(name -> !name.equals("Kind") && !name.equals("Depth"))
                .findFirst();
        if (unknown.isPresent()) {
            throw new Refused(Problem.invalid("There is no member " + unknown.get() + ". Use Kind and Depth."));
        }
        var kind = member(members, "Kind", MaintenanceRun.Kind.class)
                .orElseThrow(() -> new Refused(Problem.missing("Kind is missing. Use SWEEP, VERIFY or REWRAP.")));
        var depth = member(members, "Depth", Depth.class);
        return switch (kind) {
            case SWEEP -> maintenance.sweep(caller, vault);
            case VERIFY -> maintenance.verify(caller, vault, depth.orElse(Depth.CONTENT));
            case REWRAP -> maintenance.rewrap(caller, vault);
        };
    }

    private static <E extends Enum<E>> Optional<E> member(Map<String, String> members, String name, Class<E> type) {
        var text = Optional.ofNullable(members.get(name));
        if (text.isEmpty()) {
            return Optional.empty();
        }
        for (var value : type.getEnumConstants()) {
            if (value.name().equals(text.get().toUpperCase(Locale.ROOT))) {
                return Optional.of(value);
            }
        }
        throw new Refused(Problem.invalid(name + " is none of "
                + String.join(
                        ", ",
                        java.util.Arrays.stream(type.getEnumConstants())
                                .map(Enum::name)
                                .toList())
                + "."));
    }

    private static Map<String, String> members(byte[] body) {
        var members = new TreeMap<String, String>();
        try (var in = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new Refused(Problem.invalid("The body is not a JSON object."));
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = in.currentName();
                if (in.nextToken() != JsonToken.VALUE_STRING || members.put(name, in.getString()) != null) {
                    throw new Refused(Problem.invalid("A member of the body is no text, or stands twice."));
                }
            }
            return members;
        } catch (JacksonException broken) {
            throw new Refused(Problem.invalid("The body is not valid JSON."));
        }
    }

    private static WireResponse json(int status, String text) {
        return new WireResponse(
                status, Map.of("Content-Type", "application/json"), text.getBytes(StandardCharsets.UTF_8));
    }
}

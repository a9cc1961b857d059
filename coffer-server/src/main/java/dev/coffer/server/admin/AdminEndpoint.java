package dev.coffer.server.admin;

import dev.coffer.core.access.Caller;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.WireRequest;
import dev.coffer.wire.WireResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The paths beneath {@code /coffer/v1/}. Requests are signed as those of the AWS Backup API; bodies and answers are JSON. Each feature adds its own paths. */
public final class AdminEndpoint {
    /** What the paths begin with. */
    public static final String PREFIX = "/coffer/v1/";

    private final JsonMapper json = JsonMapper.builder().build();
    private final List<Route> routes = new ArrayList<>();

    /** Carries out one kind of request. */
    @FunctionalInterface
    public interface Handler {
        /** @throws Refused if it cannot be carried out */
        AdminAnswer answer(AdminCall call);
    }

    private record Route(String method, List<String> segments, Handler handler) {}

    /**
     * Adds a path.
     *
     * @param path beneath the prefix; a segment in braces stands for a name, for example {@code vaults/{vault}/maintenance}
     */
    public void put(String method, String path, Handler handler) {
        routes.add(new Route(method, List.of(path.split("/")), handler));
    }

    /**
     * Answers a request whose signature has been verified.
     *
     * @throws Refused if it cannot be carried out
     */
    public WireResponse answer(Caller caller, WireRequest request) {
        var segments = List.of(request.rawPath().substring(PREFIX.length()).split("/"));
        for (var route : routes) {
            var path = names(route, segments);
            if (path.isPresent() && route.method().equals(request.method())) {
                return encoded(
                        route.handler().answer(new AdminCall(caller, path.get(), query(request), body(request))));
            }
        }
        return encoded(
                AdminAnswer.message(404, "There is nothing at " + request.method() + " " + PREFIX + "... here."));
    }

    private static Optional<Map<String, String>> names(Route route, List<String> segments) {
        if (route.segments().size() != segments.size()) {
            return Optional.empty();
        }
        var names = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            var wanted = route.segments().get(i);
            var given = decoded(segments.get(i));
            if (wanted.startsWith("{")) {
                names.put(wanted.substring(1, wanted.length() - 1), given);
            } else if (!wanted.equals(given)) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    private static Map<String, String> query(WireRequest request) {
        var parameters = new LinkedHashMap<String, String>();
        for (var parameter : request.rawQuery().orElse("").split("&")) {
            if (!parameter.isEmpty()) {
                int equals = parameter.indexOf('=');
                var name = equals < 0 ? parameter : parameter.substring(0, equals);
                var value = equals < 0 ? "" : parameter.substring(equals + 1);
                parameters.put(decoded(name), decoded(value));
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return PercentCoding.decode(text)
                .orElseThrow(() -> new Refused(Problem.invalid("The address is not valid percent-encoding.")));
    }

    private JsonNode body(WireRequest request) {
        if (request.body().length == 0) {
            return json.createObjectNode();
        }
        JsonNode body;
        try {
            body = json.readTree(request.body());
        } catch (JacksonException broken) {
            throw new Refused(Problem.invalid("The body is not valid JSON."));
        }
        if (!body.isObject()) {
            throw new Refused(Problem.invalid("The body is not a JSON object."));
        }
        return body;
    }

    private WireResponse encoded(AdminAnswer answer) {
        return new WireResponse(
                answer.status(), Map.of("Content-Type", "application/json"), json.writeValueAsBytes(answer.body()));
    }
}

package dev.coffer.server.admin;

import dev.coffer.core.access.Caller;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * One request to a path beneath {@code /coffer/v1/}.
 *
 * @param path what stands for the names in the path, decoded
 * @param query the parameters, decoded
 * @param body the JSON object that was sent; one without members if nothing was
 */
public record AdminCall(Caller caller, Map<String, String> path, Map<String, String> query, JsonNode body) {
    private static final int USUAL = 100;
    private static final int AT_MOST = 1000;

    public AdminCall {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    /** What stands for a name in the path. */
    public String named(String name) {
        return Optional.ofNullable(path.get(name)).orElseThrow();
    }

    /** A parameter; empty if it is left out. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** Refuses parameters that no one reads. */
    public void allowParameters(String... names) {
        var allowed = Set.of(names);
        for (var name : query.keySet()) {
            if (!allowed.contains(name)) {
                throw new Refused(Problem.invalid("There is no parameter " + name + " here."));
            }
        }
    }

    /** Which page of a list is wanted: {@code maxResults}, 1 to 1000, by default 100, and {@code nextToken}. */
    public PageRequest page() {
        return new PageRequest(parameter("maxResults").map(AdminCall::rows).orElse(USUAL), parameter("nextToken"));
    }

    private static int rows(String text) {
        if (text.matches("[0-9]{1,4}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= AT_MOST) {
                return number;
            }
        }
        throw new Refused(Problem.invalid("maxResults is a number from 1 to " + AT_MOST + "."));
    }

    /** Refuses members that no one reads, which are most often misspelt. */
    public void allow(String... members) {
        var allowed = Set.of(members);
        for (var name : body.propertyNames()) {
            if (!allowed.contains(name)) {
                throw new Refused(Problem.invalid("There is no member " + name + ". Use "
                        + Arrays.stream(members).collect(Collectors.joining(", ")) + "."));
            }
        }
    }

    /** A member that is text; empty if it is left out or null. */
    public Optional<String> text(String member) {
        var value = body.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new Refused(Problem.invalid(member + " is not a string."));
        }
        return Optional.of(value.stringValue());
    }

    /** A member that is a whole number; empty if it is left out or null. */
    public Optional<Long> number(String member) {
        var value = body.get(member);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Refused(Problem.invalid(member + " is not a whole number."));
        }
        return Optional.of(value.longValue());
    }

    /** A member that must be there. */
    public String required(String member) {
        return text(member).orElseThrow(() -> new Refused(Problem.missing(member + " is missing.")));
    }

    /** A member that is one of the names of an enum, in any case. */
    public <E extends Enum<E>> Optional<E> oneOf(String member, Class<E> type) {
        return text(member)
                .map(text -> Arrays.stream(type.getEnumConstants())
                        .filter(value -> value.name().equals(text.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new Refused(Problem.invalid(member + " is none of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))
                                + "."))));
    }
}

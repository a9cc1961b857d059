package dev.coffer.wire.route;

import java.util.Map;

/**
 * The operation of a request.
 *
 * @param labels label name of the URI template to its decoded text, never empty text
 */
public record RouteMatch(Operation operation, Map<String, String> labels) {
    public RouteMatch {
        labels = Map.copyOf(labels);
    }
}

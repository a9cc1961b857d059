package dev.coffer.wire.route;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.Echo;
import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import dev.coffer.wire.route.Operation.Segment;
import dev.coffer.wire.route.Operation.Segment.Label;
import dev.coffer.wire.route.Operation.Segment.Literal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the operation of a request.
 *
 * <p>The raw path is split at its slashes and the segments are decoded after that, since an ARN is one segment with
 * encoded slashes. A literal segment is preferred to a label, and the search comes back to the label when the literal
 * leads nowhere. One trailing slash more or less makes no difference; other empty segments match nothing.
 */
public final class Router {
    private static final int SEGMENTS_AT_MOST = 16;

    private final Map<AwsService, Node> roots = new EnumMap<>(AwsService.class);

    public Router(OperationTable table) {
        for (AwsService service : AwsService.values()) {
            var root = new Node();
            for (Operation operation : table.operations(service)) {
                root.add(operation, 0);
            }
            roots.put(service, root);
        }
    }

    /**
     * The operation and its labels; empty when no operation has this method and path, which is answered with
     * {@link WireError#unknownOperation()}.
     *
     * @throws WireException for a label that is not percent-encoded UTF-8, or that is a dot segment
     */
    public Optional<RouteMatch> route(AwsService service, String method, String rawPath, Optional<String> rawQuery) {
        Node root = roots.get(service);
        if (root == null || !rawPath.startsWith("/")) {
            return Optional.empty();
        }
        List<String> segments = split(rawPath);
        if (segments.size() > SEGMENTS_AT_MOST) {
            return Optional.empty();
        }
        return root.find(segments, 0, method, rawQuery).map(found -> matched(service, found, segments));
    }

    private static RouteMatch matched(AwsService service, Operation operation, List<String> segments) {
        var labels = new HashMap<String, String>();
        for (int at = 0; at < segments.size(); at++) {
            if (operation.path().get(at) instanceof Label(String name)) {
                labels.put(name, decoded(service, name, segments.get(at)));
            }
        }
        return new RouteMatch(operation, labels);
    }

    private static String decoded(AwsService service, String name, String segment) {
        String text = PercentCoding.decode(segment)
                .orElseThrow(() -> new WireException(WireError.malformedRequest(
                        "The path segment for " + name + " is not percent-encoded UTF-8: " + Echo.quoted(segment))));
        if (text.equals(".") || text.equals("..")) {
            // Signing collapses dot segments, so the same signature would hold for another path.
            throw new WireException(
                    WireError.invalidValue(service, name + " must not be the path segment " + Echo.quoted(text) + "."));
        }
        return text;
    }

    /** The segments between the slashes, without the first slash and one trailing slash. */
    static List<String> split(String path) {
        int end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
        var segments = new ArrayList<String>();
        int from = 1;
        for (int slash = path.indexOf('/', from); slash >= 0 && slash < end; slash = path.indexOf('/', from)) {
            segments.add(path.substring(from, slash));
            from = slash + 1;
        }
        segments.add(path.substring(Math.min(from, end), end));
        return segments;
    }

    private static boolean hasQueryKey(Optional<String> rawQuery, String key) {
        if (rawQuery.isEmpty()) {
            return false;
        }
        for (String pair : rawQuery.get().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (key.equals(equals < 0 ? pair : pair.substring(0, equals))) {
                return true;
            }
        }
        return false;
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final List<Operation> here = new ArrayList<>();
        private Optional<Node> label = Optional.empty();

        void add(Operation operation, int depth) {
            if (depth == operation.path().size()) {
                here.add(operation);
                return;
            }
            Segment segment = operation.path().get(depth);
            Node next = switch (segment) {
                case Literal(String text) -> literals.computeIfAbsent(text, _ -> new Node());
                case Label _ -> {
                    Node node = label.orElseGet(Node::new);
                    label = Optional.of(node);
                    yield node;
                }
            };
            next.add(operation, depth + 1);
        }

        Optional<Operation> find(List<String> segments, int depth, String method, Optional<String> rawQuery) {
            if (depth == segments.size()) {
                return here.stream()
                        .filter(operation -> operation.model().method().equals(method))
                        .filter(operation -> operation
                                .literalQuery()
                                .map(key -> hasQueryKey(rawQuery, key))
                                .orElse(true))
                        .findFirst();
            }
            String segment = segments.get(depth);
            Optional<Operation> found = Optional.ofNullable(literals.get(segment))
                    .flatMap(node -> node.find(segments, depth + 1, method, rawQuery));
            if (found.isPresent() || segment.isEmpty()) {
                return found;
            }
            return label.flatMap(node -> node.find(segments, depth + 1, method, rawQuery));
        }
    }
}

package dev.coffer.server.config;

import dev.coffer.core.event.EventJson;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A mapping of a YAML file, read key by key, with errors that point at the line and column. */
final class YamlObject {
    private final String file;
    private final String name;
    private final Node where;
    private final UnaryOperator<String> expand;
    private final Map<String, Node> valueByKey = new LinkedHashMap<>();
    private final List<ScalarNode> keys = new ArrayList<>();

    /** The mapping that is the whole file. */
    static YamlObject ofFile(String file, Node node, Set<String> allowed, UnaryOperator<String> expand) {
        return new YamlObject(file, "the file", node, expand).allowing(allowed);
    }

    /**
     * @param name what the mapping is, for messages, for example {@code sources[2]}
     * @param expand replaces {@code ${env:...}} and {@code ${file:...}} in scalars
     */
    private YamlObject(String file, String name, Node node, UnaryOperator<String> expand) {
        this.file = file;
        this.name = name;
        this.where = node;
        this.expand = expand;
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, name + " must be a mapping of keys to values");
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw error(tuple.getKeyNode(), "a key of " + name + " must be plain text");
            }
            keys.add(key);
            if (valueByKey.put(key.getValue(), tuple.getValueNode()) != null) {
                throw error(key, "key '" + key.getValue() + "' stands twice in " + name);
            }
        }
    }

    /** This mapping, if it has no other keys. */
    YamlObject allowing(Set<String> allowed) {
        for (var key : keys) {
            if (!allowed.contains(key.getValue())) {
                throw error(
                        key,
                        "unknown key '" + key.getValue() + "' in " + name + ". Known keys: "
                                + String.join(", ", allowed.stream().sorted().toList()));
            }
        }
        return this;
    }

    ConfigException error(Node at, String message) {
        var mark = at.getStartMark();
        var place = mark.map(m -> ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
                .orElse("");
        return new ConfigException(file + place + ": " + message + ".");
    }

    ConfigException error(String key, String message) {
        return error(valueByKey.getOrDefault(key, where), message);
    }

    boolean has(String key) {
        return valueByKey.containsKey(key);
    }

    Optional<String> text(String key) {
        var node = valueByKey.get(key);
        if (node == null) {
            return Optional.empty();
        }
        return Optional.of(scalar(node, name + "." + key));
    }

    String required(String key) {
        return text(key).orElseThrow(() -> error(where, name + " needs the key '" + key + "'"));
    }

    /** An absolute path without {@code .} and {@code ..}. */
    Optional<Path> path(String key) {
        return text(key)
                .map(text -> {
                    try {
                        return Path.of(text);
                    } catch (InvalidPathException none) {
                        return Path.of("");
                    }
                })
                .map(path -> {
                    if (!path.isAbsolute() || !path.normalize().equals(path)) {
                        throw error(key, key + " must be an absolute path without . and ..");
                    }
                    return path;
                });
    }

    /** The same, which has to be there. */
    Path requiredPath(String key) {
        return path(key).orElseThrow(() -> error(where, name + " needs the key '" + key + "'"));
    }

    private String scalar(Node node, String what) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
            throw error(node, what + " must be a text or a number");
        }
        try {
            return expand.apply(scalar.getValue());
        } catch (ConfigException unresolved) {
            throw error(node, String.valueOf(unresolved.getMessage()));
        }
    }

    List<Node> list(String key) {
        var node = valueByKey.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw error(node, name + "." + key + " must be a list");
        }
        return sequence.getValue();
    }

    boolean isList(String key) {
        return valueByKey.get(key) instanceof SequenceNode;
    }

    /** A JSON object, written as YAML or as JSON in a text. */
    String json(String key) {
        var node = valueByKey.get(key);
        return node instanceof MappingNode ? EventJson.text(asMap(node, name + "." + key)) : required(key);
    }

    private Map<String, Object> asMap(Node node, String what) {
        var map = new LinkedHashMap<String, Object>();
        for (var tuple : node instanceof MappingNode mapping ? mapping.getValue() : List.<NodeTuple>of()) {
            map.put(scalar(tuple.getKeyNode(), "a key of " + what), asValue(tuple.getValueNode(), what));
        }
        return map;
    }

    private Object asValue(Node node, String what) {
        return switch (node) {
            case MappingNode _ -> asMap(node, what);
            case SequenceNode list ->
                list.getValue().stream().map(each -> asValue(each, what)).toList();
            case ScalarNode text when text.getTag().equals(Tag.BOOL) -> Boolean.valueOf(text.getValue());
            case ScalarNode text when text.getTag().equals(Tag.INT) -> new BigInteger(text.getValue());
            case ScalarNode text when text.getTag().equals(Tag.FLOAT) -> Double.valueOf(text.getValue());
            case ScalarNode text when text.getTag().equals(Tag.STR) -> expand.apply(text.getValue());
            default -> throw error(node, what + " holds a value that JSON has not");
        };
    }

    List<String> texts(String key) {
        var texts = new ArrayList<String>();
        for (var node : list(key)) {
            texts.add(scalar(node, "each entry of " + key));
        }
        return texts;
    }

    Optional<YamlObject> object(String key, Set<String> allowed) {
        return anyObject(key).map(object -> object.allowing(allowed));
    }

    /** A mapping whose allowed keys depend on one of them; they are still to be looked at. */
    Optional<YamlObject> anyObject(String key) {
        return Optional.ofNullable(valueByKey.get(key)).map(node -> new YamlObject(file, key, node, expand));
    }

    /** An entry of a list; its keys are still to be looked at. */
    YamlObject element(String label, Node node) {
        return new YamlObject(file, label, node, expand);
    }

    /** A mapping whose keys are free, for example tags. */
    Map<String, String> map(String key) {
        var node = valueByKey.get(key);
        if (node == null) {
            return Map.of();
        }
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, name + "." + key + " must be a mapping of keys to values");
        }
        var map = new LinkedHashMap<String, String>();
        for (var tuple : mapping.getValue()) {
            var entry = scalar(tuple.getKeyNode(), "a key of " + key);
            if (map.put(entry, scalar(tuple.getValueNode(), key + "." + entry)) != null) {
                throw error(tuple.getKeyNode(), "key '" + entry + "' stands twice in " + key);
            }
        }
        return map;
    }
}

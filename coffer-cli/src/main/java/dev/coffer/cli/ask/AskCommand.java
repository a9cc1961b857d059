package dev.coffer.cli.ask;

import dev.coffer.cli.admin.AdminClient;
import dev.coffer.cli.admin.AdminException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the server a question and prints the answer, as a table for people or as JSON. */
public abstract class AskCommand implements Callable<Integer> {
    private static final int OK = 200;

    private final JsonMapper json = JsonMapper.builder().build();

    @Spec
    private CommandSpec spec;

    @Mixin
    private AdminClient server;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean asJson;

    /** Fetches the whole answer. */
    protected abstract ObjectNode answer() throws InterruptedException;

    /** Prints it for people. */
    public abstract void print(JsonNode answer, PrintWriter out);

    @Override
    public Integer call() throws InterruptedException {
        var answer = answer();
        var out = spec.commandLine().getOut();
        if (asJson) {
            out.println(answer);
        } else {
            print(answer, out);
        }
        return 0;
    }

    /**
     * All pages of a list, put together as one answer.
     *
     * @param path with a parameter
     * @param list the member that has the list
     */
    protected final ObjectNode whole(String path, String list) throws InterruptedException {
        var whole = get(path);
        var rows = (ArrayNode) whole.get(list);
        var next = whole.remove("NextToken");
        while (next != null) {
            var page = get(path + "&nextToken=" + segment(next.asString()));
            rows.addAll((ArrayNode) page.get(list));
            next = page.remove("NextToken");
        }
        return whole;
    }

    /** A text as one segment of a path, or as a parameter. */
    protected static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The answer to a GET; AdminException if there is none. */
    protected final ObjectNode get(String path) throws InterruptedException {
        var answer = server.send("GET", "/coffer/v1/" + path, Optional.empty());
        JsonNode body;
        try {
            body = json.readTree(answer.body());
        } catch (JacksonException other) {
            throw new AdminException(
                    "what answered (" + answer.status() + ") is not a Coffer server. Check --endpoint-url.");
        }
        if (answer.status() != OK || !(body instanceof ObjectNode object)) {
            throw new AdminException("the server refused (" + answer.status() + "): "
                    + (body.has("Message") ? body.get("Message").asString() : answer.body()));
        }
        return object;
    }
}

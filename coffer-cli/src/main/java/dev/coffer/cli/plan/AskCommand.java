package dev.coffer.cli.plan;

import dev.coffer.cli.admin.AdminClient;
import dev.coffer.cli.admin.AdminException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the server a question and prints the answer, as a table for people or as JSON. */
abstract class AskCommand implements Callable<Integer> {
    private static final int OK = 200;

    private final JsonMapper json = JsonMapper.builder().build();

    @Spec
    private CommandSpec spec;

    @Mixin
    private AdminClient server;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean asJson;

    /** Fetches the whole answer. */
    abstract ObjectNode answer() throws InterruptedException;

    /** Prints it for people. */
    abstract void print(JsonNode answer, PrintWriter out);

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

    /** The answer to a GET; AdminException if there is none. */
    final ObjectNode get(String path) throws InterruptedException {
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

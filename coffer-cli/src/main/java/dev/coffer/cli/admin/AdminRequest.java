package dev.coffer.cli.admin;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that is one request; prints the answer, which is JSON. */
abstract class AdminRequest implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AdminClient server;

    /** What to send. */
    record Asked(String method, String path, Optional<String> body) {
        static Asked of(String method, String path) {
            return new Asked(method, path, Optional.empty());
        }

        /** A request whose body is an object of texts; those that are null are left out. */
        static Asked with(String method, String path, Map<String, @Nullable String> members) {
            return new Asked(
                    method,
                    path,
                    Optional.of(members.entrySet().stream()
                            .flatMap(member -> Optional.ofNullable(member.getValue()).stream()
                                    .map(value -> quoted(member.getKey()) + ":" + quoted(value)))
                            .collect(Collectors.joining(",", "{", "}"))));
        }
    }

    abstract Asked asked();

    @Override
    public Integer call() throws InterruptedException {
        var asked = asked();
        var answer = server.ask(asked.method(), "/coffer/v1/" + asked.path(), asked.body());
        if (!answer.equals("{}")) {
            spec.commandLine().getOut().println(answer);
        }
        return 0;
    }

    /** Members in the order in which they are put. */
    static Map<String, @Nullable String> members() {
        return new LinkedHashMap<>();
    }

    /** A name as one segment of a path. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The text of a file. */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new AdminException("the file " + file + " cannot be read (" + unreadable + ").");
        }
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

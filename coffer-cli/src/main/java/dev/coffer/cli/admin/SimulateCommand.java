package dev.coffer.cli.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin simulate}. */
@Command(
        name = "simulate",
        description = "Tell whether a user or role may do something, and which statement decides it.",
        mixinStandardHelpOptions = true)
final class SimulateCommand extends AdminRequest {
    @Parameters(index = "0", paramLabel = "PRINCIPAL", description = "user/NAME, role/NAME, or an ARN.")
    private String principal;

    @Parameters(index = "1", paramLabel = "ACTION", description = "For example backup:DeleteRecoveryPoint.")
    private String action;

    @Parameters(
            index = "2",
            arity = "0..1",
            defaultValue = "*",
            paramLabel = "RESOURCE",
            description = "The ARN of what it is about. Default: ${DEFAULT-VALUE}")
    private String resource;

    @Option(names = "--context", paramLabel = "KEY=VALUE", description = "A condition key of the request.")
    private Map<String, String> context = new LinkedHashMap<>();

    @Override
    Asked asked() {
        var members = members();
        members.put("Principal", principal);
        members.put("Action", action);
        members.put("Resource", resource);
        var asked = Asked.with("POST", "simulate", members);
        var keys = context.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        return new Asked(
                asked.method(),
                asked.path(),
                Optional.of("{\"Context\":" + keys + ","
                        + asked.body().orElseThrow().substring(1)));
    }
}

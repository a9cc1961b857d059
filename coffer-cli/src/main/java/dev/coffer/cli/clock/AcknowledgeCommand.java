package dev.coffer.cli.clock;

import dev.coffer.cli.Version;
import dev.coffer.server.ClockAcknowledgement;
import dev.coffer.server.log.Logging;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trusts the vault clock again. */
@Command(
        name = "acknowledge",
        description =
                "Trust the vault clock of a data folder again: two people vouch that the host's clock is right. What"
                        + " they say is kept in the clock's record. Nothing becomes due by it that time servers do not confirm. No"
                        + " server runs on the folder meanwhile.",
        mixinStandardHelpOptions = true)
final class AcknowledgeCommand implements Callable<Integer> {
    private static final int REFUSED = 30;

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The data folder.")
    private Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration, which names time servers. Default: DIR/coffer.yaml, if it is there.")
    private @Nullable Path config;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "What happened to the clock.")
    private String reason;

    @Option(
            names = "--approver",
            paramLabel = "NAME",
            required = true,
            description = "Who vouches for the host's clock. Two different people.")
    private List<String> approvers;

    @Override
    public Integer call() throws InterruptedException {
        var err = spec.commandLine().getErr();
        var people = approvers.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (people.size() < 2 || reason.isBlank()) {
            err.println(
                    "error: the vault clock is acknowledged by two different people and with a reason. Give --approver"
                            + " twice, and --reason.");
            return REFUSED;
        }
        Logging.start("clock", Version.text(), Optional.empty());
        var outcome = ClockAcknowledgement.run(
                data,
                Optional.ofNullable(config),
                InstantSource.system(),
                new SecureRandom(),
                "approvers: " + String.join(", ", people) + "; operator: " + System.getProperty("user.name")
                        + "; reason: " + reason.strip());
        var out = spec.commandLine().getOut();
        out.println("before: "
                + outcome.before()
                        .suspicion()
                        .map(doubt -> "suspect, " + doubt.reason().text())
                        .orElse("trusted"));
        out.println("now: trusted; what is due by " + outcome.after().earliest() + " goes, "
                + outcome.after().lag().toMinutes() + " minutes behind the host's clock");
        return 0;
    }
}

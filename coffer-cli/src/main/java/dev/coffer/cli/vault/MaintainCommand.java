package dev.coffer.cli.vault;

import dev.coffer.cli.admin.AdminClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Begins a maintenance run of a vault, waits for its end and prints its result, which is JSON. */
abstract class MaintainCommand implements Callable<Integer> {
    private static final Pattern RUN = Pattern.compile("\"RunId\":\"([A-Za-z0-9-]+)\"");
    private static final Pattern STATE = Pattern.compile("\"State\":\"([A-Z]+)\"");
    private static final Pattern UNSOUND = Pattern.compile("\"Sound\":false");
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int DAMAGED = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private AdminClient server;

    @Parameters(index = "0", paramLabel = "VAULT", description = "The name of the vault.")
    private String vault;

    /** The body of the request that begins the run. */
    abstract String body();

    @Override
    public Integer call() throws InterruptedException {
        var begun = server.send("POST", "/coffer/v1/vaults/" + vault + "/maintenance", Optional.of(body()));
        var run = RUN.matcher(begun.body());
        if (begun.status() != ACCEPTED || !run.find()) {
            throw AdminClient.refused(begun);
        }
        while (true) {
            var answer = server.send("GET", "/coffer/v1/maintenance/" + run.group(1), Optional.empty());
            var state = STATE.matcher(answer.body());
            if (answer.status() != OK || !state.find()) {
                throw AdminClient.refused(answer);
            }
            if (!state.group(1).equals("RUNNING")) {
                spec.commandLine().getOut().println(answer.body());
                if (!state.group(1).equals("COMPLETED")) {
                    return 1;
                }
                return UNSOUND.matcher(answer.body()).find() ? DAMAGED : 0;
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    /** {@code coffer vault verify}. */
    @Command(
            name = "verify",
            description = "Look for damage in a vault. Exit code 3 if there is any.",
            mixinStandardHelpOptions = true)
    static final class Verify extends MaintainCommand {
        @Option(
                names = "--depth",
                paramLabel = "DEPTH",
                defaultValue = "CONTENT",
                description = "STRUCTURE, BYTES or CONTENT. Default: ${DEFAULT-VALUE}")
        private String depth;

        @Override
        String body() {
            return "{\"Kind\":\"VERIFY\",\"Depth\":\"" + depth.replaceAll("[^A-Za-z]", "?") + "\"}";
        }
    }

    /** {@code coffer vault sweep}. */
    @Command(
            name = "sweep",
            description = "Free what no recovery point of a vault needs.",
            mixinStandardHelpOptions = true)
    static final class Sweep extends MaintainCommand {
        @Override
        String body() {
            return "{\"Kind\":\"SWEEP\"}";
        }
    }

    /** {@code coffer vault rewrap}. */
    @Command(
            name = "rewrap",
            description = "Wrap the data key of a vault under the server's present key, and no other. Data is not"
                    + " touched.",
            mixinStandardHelpOptions = true)
    static final class Rewrap extends MaintainCommand {
        @Override
        String body() {
            return "{\"Kind\":\"REWRAP\"}";
        }
    }
}

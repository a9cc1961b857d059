package dev.coffer.cli.serve;

import dev.coffer.cli.StopSignal;
import dev.coffer.cli.Version;
import dev.coffer.server.CofferServer;
import dev.coffer.server.ServerOptions;
import dev.coffer.server.ServerOptions.Role;
import dev.coffer.server.log.Logging;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to stop. */
@Command(name = "serve", description = "Run the server.", mixinStandardHelpOptions = true)
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "coffer-data",
            description = "Everything that Coffer keeps on this node. Default: ./${DEFAULT-VALUE}")
    private Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration. Default: DIR/coffer.yaml, if it is there.")
    private @Nullable Path config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8480",
            description = "Where to listen; port 0 picks a free one. Default: ${DEFAULT-VALUE}")
    private String listen;

    @Option(
            names = "--role",
            paramLabel = "ROLE[,ROLE]",
            defaultValue = "api,scheduler,worker",
            description = "What this process does: api, scheduler, worker. Default: all.")
    private String roles;

    @Option(
            names = "--insecure-http",
            description =
                    "Listen beyond loopback without TLS. Secrets are signed with and never sent, but data about backups is readable on the way.")
    private boolean insecureHttp;

    @Override
    public Integer call() throws InterruptedException {
        Logging.start("coffer", Version.text(), Optional.empty());
        var options =
                new ServerOptions(data, Optional.ofNullable(config), listen, roles(), insecureHttp, Version.text());
        try (var stop = new StopSignal();
                var server = CofferServer.start(options, InstantSource.system(), new SecureRandom())) {
            var out = spec.commandLine().getOut();
            out.println("coffer is ready on " + server.url());
            out.flush();
            stop.await();
        }
        return 0;
    }

    private Set<Role> roles() {
        var chosen = EnumSet.noneOf(Role.class);
        for (var name : roles.split(",", -1)) {
            chosen.add(Arrays.stream(Role.values())
                    .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "--role: '" + name + "' is none of api, scheduler, worker")));
        }
        return chosen;
    }
}

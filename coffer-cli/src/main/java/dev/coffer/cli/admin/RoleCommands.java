package dev.coffer.cli.admin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin roles}. */
@Command(
        name = "roles",
        description = "Roles of the account.",
        subcommands = {RoleCommands.Create.class, RoleCommands.List.class, RoleCommands.Delete.class},
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class RoleCommands extends Group {
    @Command(name = "create", description = "Make a role, which may do nothing yet.", mixinStandardHelpOptions = true)
    static final class Create extends AdminRequest {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The name of the role, with its path if it has one.")
        private String name;

        @Option(
                names = "--trust",
                paramLabel = "FILE",
                required = true,
                description = "The policy that says who may take it on.")
        private Path trust;

        @Option(
                names = "--max-session",
                paramLabel = "SECONDS",
                description = "How long a session may last, 3600 to 43200. Default: 3600")
        private @Nullable Long maxSession;

        @Option(names = "--boundary", paramLabel = "ARN", description = "A policy that caps what the role may do.")
        private @Nullable String boundary;

        @Override
        Asked asked() {
            var members = members();
            members.put("RoleName", name);
            members.put("AssumeRolePolicyDocument", text(trust));
            members.put("PermissionsBoundary", boundary);
            var asked = Asked.with("POST", "roles", members);
            return maxSession == null
                    ? asked
                    : new Asked(
                            asked.method(),
                            asked.path(),
                            asked.body()
                                    .map(body -> "{\"MaxSessionDuration\":" + maxSession + "," + body.substring(1)));
        }
    }

    @Command(name = "list", description = "List the roles.", mixinStandardHelpOptions = true)
    static final class List extends AdminRequest {
        @Override
        Asked asked() {
            return Asked.of("GET", "roles");
        }
    }

    @Command(
            name = "delete",
            description = "Delete a role with its own policies; its sessions end.",
            mixinStandardHelpOptions = true)
    static final class Delete extends AdminRequest {
        @Parameters(index = "0", paramLabel = "NAME", description = "The name of the role, without its path.")
        private String name;

        @Override
        Asked asked() {
            return Asked.of("DELETE", "roles/" + segment(name));
        }
    }
}

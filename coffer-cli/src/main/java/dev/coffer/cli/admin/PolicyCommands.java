package dev.coffer.cli.admin;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coffer admin policies}. */
@Command(
        name = "policies",
        description = "Policies of the account, and of its users and roles.",
        subcommands = {
            PolicyCommands.Put.class,
            PolicyCommands.Get.class,
            PolicyCommands.List.class,
            PolicyCommands.Delete.class,
            PolicyCommands.Attach.class,
            PolicyCommands.Detach.class,
            PolicyCommands.Boundary.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommands extends Group {
    private static final String PRINCIPAL = "user/NAME, role/NAME (with the role's path), or an ARN.";

    /** A command about a policy with a name of its own, or about one of a user or role. */
    abstract static class OfPolicy extends AdminRequest {
        @Parameters(index = "0", paramLabel = "POLICY", description = "The name of the policy, or its ARN.")
        private String policy;

        @Option(names = "--of", paramLabel = "PRINCIPAL", description = "The policy is this one's own: " + PRINCIPAL)
        private @Nullable String principal;

        String path() {
            return Optional.ofNullable(principal)
                            .map(name -> "principals/" + segment(name) + "/")
                            .orElse("")
                    + "policies/" + segment(policy);
        }
    }

    /** A command that names a policy and a user or role. */
    abstract static class Attachment extends AdminRequest {
        @Parameters(index = "0", paramLabel = "POLICY", description = "The name of the policy, or its ARN.")
        private String policy;

        @Parameters(index = "1", paramLabel = "PRINCIPAL", description = PRINCIPAL)
        private String principal;

        String path() {
            return "principals/" + segment(principal) + "/attached/" + segment(policy);
        }
    }

    @Command(name = "put", description = "Make a policy, or replace it.", mixinStandardHelpOptions = true)
    static final class Put extends OfPolicy {
        @Parameters(index = "1", paramLabel = "FILE", description = "The document.")
        private Path document;

        @Override
        Asked asked() {
            var members = members();
            members.put("Document", text(document));
            return Asked.with("PUT", path(), members);
        }
    }

    @Command(name = "get", description = "Show a policy of the account.", mixinStandardHelpOptions = true)
    static final class Get extends AdminRequest {
        @Parameters(index = "0", paramLabel = "POLICY", description = "The name of the policy, or its ARN.")
        private String policy;

        @Override
        Asked asked() {
            return Asked.of("GET", "policies/" + segment(policy));
        }
    }

    @Command(
            name = "list",
            description = "List the account's policies and the built-in ones, or those of a user or role.",
            mixinStandardHelpOptions = true)
    static final class List extends AdminRequest {
        @Option(names = "--of", paramLabel = "PRINCIPAL", description = PRINCIPAL)
        private @Nullable String principal;

        @Override
        Asked asked() {
            return Asked.of(
                    "GET",
                    Optional.ofNullable(principal)
                            .map(name -> "principals/" + segment(name) + "/policies")
                            .orElse("policies"));
        }
    }

    @Command(name = "delete", description = "Delete a policy that is not in use.", mixinStandardHelpOptions = true)
    static final class Delete extends OfPolicy {
        @Override
        Asked asked() {
            return Asked.of("DELETE", path());
        }
    }

    @Command(name = "attach", description = "Give a user or role a policy.", mixinStandardHelpOptions = true)
    static final class Attach extends Attachment {
        @Override
        Asked asked() {
            return Asked.of("PUT", path());
        }
    }

    @Command(name = "detach", description = "Take a policy from a user or role.", mixinStandardHelpOptions = true)
    static final class Detach extends Attachment {
        @Override
        Asked asked() {
            return Asked.of("DELETE", path());
        }
    }

    @Command(
            name = "boundary",
            description = "Cap what a user or role may do; without a policy, take the cap off.",
            mixinStandardHelpOptions = true)
    static final class Boundary extends AdminRequest {
        @Parameters(index = "0", paramLabel = "PRINCIPAL", description = PRINCIPAL)
        private String principal;

        @Parameters(index = "1", arity = "0..1", paramLabel = "ARN", description = "The policy.")
        private @Nullable String policy;

        @Override
        Asked asked() {
            var path = "principals/" + segment(principal) + "/boundary";
            var members = members();
            members.put("PolicyArn", policy);
            return policy == null ? Asked.of("DELETE", path) : Asked.with("PUT", path, members);
        }
    }
}

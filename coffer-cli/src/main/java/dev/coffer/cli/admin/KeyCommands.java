package dev.coffer.cli.admin;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code coffer admin keys}. */
@Command(
        name = "keys",
        description = "Access keys of a user.",
        subcommands = {
            KeyCommands.Create.class,
            KeyCommands.List.class,
            KeyCommands.Activate.class,
            KeyCommands.Deactivate.class,
            KeyCommands.Delete.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommands extends Group {
    /** A command about the keys of a user. */
    abstract static class OfUser extends AdminRequest {
        @Parameters(index = "0", paramLabel = "USER", description = "The name of the user.")
        private String user;

        String path() {
            return "users/" + segment(user) + "/keys";
        }
    }

    /** A command about one key. */
    abstract static class OfKey extends OfUser {
        @Parameters(index = "1", paramLabel = "KEY", description = "The id of the key, AKIA...")
        private String key;

        @Override
        String path() {
            return super.path() + "/" + segment(key);
        }

        Asked status(String status) {
            var members = members();
            members.put("Status", status);
            return Asked.with("PUT", path(), members);
        }
    }

    @Command(
            name = "create",
            description = "Make a key. Its secret is printed now and can never be read again.",
            mixinStandardHelpOptions = true)
    static final class Create extends OfUser {
        @Override
        Asked asked() {
            return Asked.of("POST", path());
        }
    }

    @Command(name = "list", description = "List the keys, without secrets.", mixinStandardHelpOptions = true)
    static final class List extends OfUser {
        @Override
        Asked asked() {
            return Asked.of("GET", path());
        }
    }

    @Command(name = "activate", description = "Accept the key again.", mixinStandardHelpOptions = true)
    static final class Activate extends OfKey {
        @Override
        Asked asked() {
            return status("Active");
        }
    }

    @Command(name = "deactivate", description = "Accept the key no longer.", mixinStandardHelpOptions = true)
    static final class Deactivate extends OfKey {
        @Override
        Asked asked() {
            return status("Inactive");
        }
    }

    @Command(name = "delete", description = "Delete the key.", mixinStandardHelpOptions = true)
    static final class Delete extends OfKey {
        @Override
        Asked asked() {
            return Asked.of("DELETE", path());
        }
    }
}

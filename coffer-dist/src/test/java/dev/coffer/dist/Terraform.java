package dev.coffer.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The command {@code terraform} with the AWS provider of a plugin folder. It reaches nothing but this machine: whatever would leave it goes to a proxy that is not there. */
final class Terraform {
    private static final String PROVIDER = "registry.terraform.io/hashicorp/aws";
    private static final Path RESOURCES =
            Path.of(System.getProperty("coffer.source"), "coffer-dist", "src", "test", "resources", "terraform");
    private static final Path PAGE = Path.of(System.getProperty("coffer.source"), "docs", "operating", "terraform.md");

    private final Path plugins;
    private final Path folder;
    private final Map<String, String> variables;

    private Terraform(Path plugins, Path folder, Map<String, String> variables) {
        this.plugins = plugins;
        this.folder = folder;
        this.variables = variables;
    }

    /** What a command printed, both streams, and how it ended. */
    record Result(int status, String text) {
        /** What the plan said of a resource, for example {@code must be replaced}, after what has become of it; empty if it did not name it. */
        String planned(String address) {
            return text.lines()
                    .filter(line -> line.startsWith("  # " + address + " "))
                    .reduce((_, last) -> last)
                    .map(line -> line.substring(("  # " + address + " ").length()))
                    .orElse("");
        }

        /** The text as one line, since long errors are wrapped. */
        String unwrapped() {
            return text.replaceAll("\\s+", " ");
        }
    }

    /** The folder of providers, if both the command and the AWS provider are installed. */
    static Optional<Path> plugins() throws InterruptedException {
        try {
            if (new ProcessBuilder("terraform", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    != 0) {
                return Optional.empty();
            }
        } catch (IOException absent) {
            return Optional.empty();
        }
        return Stream.of(
                        Optional.ofNullable(System.getenv("TF_PLUGIN_DIR")),
                        Optional.of("/opt/tf-plugins"),
                        Optional.of(System.getProperty("user.home") + "/.terraform.d/plugins"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(plugins -> Files.isDirectory(plugins.resolve(PROVIDER)))
                .findFirst();
    }

    /** Makes the folder a working folder of the reference set-up on the page for operators, pointed at the server. */
    static Terraform reference(Path plugins, Path folder, RunningCoffer coffer, Map<String, String> variables)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var page = Files.readString(PAGE);
        var begin = page.indexOf("```hcl\n") + "```hcl\n".length();
        Files.writeString(
                folder.resolve("reference.tf"),
                replaced(
                        replaced(
                                page.substring(begin, page.indexOf("```\n", begin)),
                                "coffer-data/credentials",
                                coffer.data().resolve("credentials").toString()),
                        "http://127.0.0.1:8480",
                        coffer.url()));
        return new Terraform(plugins, folder, Map.copyOf(variables));
    }

    private static String replaced(String text, String what, String by) throws IOException {
        if (!text.contains(what)) {
            throw new IOException("the page on Terraform does not say " + what);
        }
        return text.replace(what, by);
    }

    /** Puts the configurations of these names into the folder, in place of those of the same file names. */
    Terraform with(String... names) throws IOException {
        for (var name : names) {
            try (var files = Files.list(RESOURCES.resolve(name))) {
                for (var file : files.toList()) {
                    Files.writeString(folder.resolve(file.getFileName().toString()), Files.readString(file));
                }
            }
        }
        return this;
    }

    /** Makes the folder ready for the other commands. */
    Terraform initialised() throws IOException, InterruptedException {
        var result = run("init", "-plugin-dir=" + plugins);
        if (result.status() != 0) {
            throw new IOException("terraform init failed: " + result.text());
        }
        return this;
    }

    Result apply() throws IOException, InterruptedException {
        return run("apply", "-auto-approve");
    }

    /** Status 0 for no change, 2 for changes, 1 for an error. */
    Result plan() throws IOException, InterruptedException {
        return run("plan", "-detailed-exitcode");
    }

    Result destroy() throws IOException, InterruptedException {
        return run("destroy", "-auto-approve");
    }

    private Result run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("terraform"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-no-color", "-input=false"));
        var settings = folder.resolve("terraform.rc");
        Files.writeString(settings, "disable_checkpoint = true\n");
        var printed = folder.resolve("printed");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("TF_"));
        environment.putAll(Map.of(
                "TF_CLI_CONFIG_FILE", settings.toString(),
                "TF_IN_AUTOMATION", "1",
                "CHECKPOINT_DISABLE", "1",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_CONFIG_FILE", "/dev/null",
                "HTTPS_PROXY", "http://127.0.0.1:9"));
        variables.forEach((name, value) -> environment.put("TF_VAR_" + name, value));
        var process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new IOException("terraform hangs: " + Files.readString(printed));
        }
        return new Result(process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
    }
}

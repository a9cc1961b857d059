package dev.coffer.testkit.dynamodb;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * dynalite, a server of the DynamoDB API that others have written (Apache-2.0), on loopback and in memory. It has no streams, no time to live and no point-in-time recovery. Where Node.js is, it is installed by npm on first use and kept in
 * {@code ~/.cache/coffer-tests}. Where it cannot be had, the test that starts it is reported as skipped, with the reason.
 */
public final class Dynalite implements AutoCloseable {
    private static final String VERSION = "4.0.0";
    private static final long INSTALL_MINUTES = 3;

    private final Process process;
    private final int port;

    private Dynalite(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one, or aborts the test with the reason why there is none. Until it answers, connections are refused. */
    public static Dynalite start() throws IOException, InterruptedException {
        var program = installed();
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(
                        "node",
                        program.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--createTableMs",
                        "10",
                        "--deleteTableMs",
                        "10")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Dynalite(process, port);
    }

    private static Path installed() throws IOException, InterruptedException {
        var caches = Files.createDirectories(Path.of(System.getProperty("user.home"), ".cache", "coffer-tests"));
        var folder = caches.resolve("dynalite-" + VERSION);
        var program = Path.of("node_modules", "dynalite", "cli.js");
        if (!Files.exists(folder.resolve(program))) {
            var fresh = Files.createTempDirectory(caches, "dynalite-");
            Files.writeString(fresh.resolve("package.json"), "{\"private\":true}");
            run(fresh, List.of("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "dynalite@" + VERSION));
            try {
                Files.move(fresh, folder);
            } catch (FileAlreadyExistsException other) {
                // Another run was faster.
            }
        }
        return folder.resolve(program);
    }

    private static void run(Path folder, List<String> command) throws InterruptedException {
        try {
            var install = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start();
            boolean ended = install.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                install.destroyForcibly();
            }
            Assumptions.assumeTrue(
                    ended && install.exitValue() == 0,
                    () -> "dynalite cannot be installed by npm; see " + folder.resolve("npm.log"));
        } catch (IOException none) {
            Assumptions.abort("dynalite needs Node.js and npm: " + none.getMessage());
        }
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

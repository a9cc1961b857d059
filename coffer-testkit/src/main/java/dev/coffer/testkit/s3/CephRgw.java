package dev.coffer.testkit.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real Ceph RADOS gateway from Debian's packages, on loopback, one for all tests of a JVM. As root on a Debian the packages are installed on first use. Where it cannot be had, tests that take one as a parameter are reported as
 * skipped, with the reason.
 */
public final class CephRgw implements AutoCloseable {
    private static final long INSTALL_SECONDS = 600;
    private static final long START_SECONDS = 180;
    private static final String SCRIPT = "ceph-rgw.sh";

    private final Path folder;
    private final int port;

    private CephRgw(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String accessKeyId() {
        return "COFFERKEY";
    }

    public String secretAccessKey() {
        return "coffersecret";
    }

    /** A role that the user of {@link #accessKeyId} may assume at the gateway's own STS, and nobody else. */
    public String roleArn() {
        return "arn:aws:iam:::role/backup";
    }

    /** A user who owns nothing. */
    public String strangersAccessKeyId() {
        return "STRANGERKEY";
    }

    public String strangersSecretAccessKey() {
        return "strangersecret";
    }

    /** Starts one; Missing with the reason why there is none. */
    private static CephRgw start() {
        try {
            var folder = Files.createTempDirectory("coffer-rgw-");
            var script = folder.resolve(SCRIPT);
            try (var in = CephRgw.class.getResourceAsStream(SCRIPT)) {
                if (in == null) {
                    throw new IllegalStateException(SCRIPT + " is not on the class path");
                }
                Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
            }
            if (run(folder, INSTALL_SECONDS, List.of("install")) != 0) {
                delete(folder);
                throw new Missing("left out: no Ceph RGW (Debian packages radosgw, ceph-mon, ceph-osd, ceph-common)");
            }
            int port = freePort();
            var rgw = new CephRgw(folder, port);
            if (run(folder, START_SECONDS, List.of("start", folder.toString(), "" + port, "" + freePort())) != 0) {
                var said = Files.readString(folder.resolve("start.log"));
                rgw.close();
                throw new Missing("left out: Ceph RGW is installed and does not start: " + said);
            }
            return rgw;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Says why there is no gateway. */
    private static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String reason) {
            super(reason);
        }
    }

    private static int run(Path folder, long seconds, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of("bash", folder.resolve(SCRIPT).toString()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(arguments.getFirst() + ".log").toFile())
                .start();
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return -1;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        try {
            run(folder, START_SECONDS, List.of("stop", folder.toString()));
            delete(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Gives tests the one gateway of the JVM as a parameter of their constructor, or leaves them out if there is none. */
    public static final class Extension implements ExecutionCondition, ParameterResolver {
        private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(CephRgw.class);

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                return ConditionEvaluationResult.enabled(
                        "tested against " + gateway(context).url());
            } catch (Missing leftOut) {
                return ConditionEvaluationResult.disabled(leftOut.getMessage());
            }
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == CephRgw.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return gateway(context);
        }

        private static CephRgw gateway(ExtensionContext context) {
            return context.getRoot().getStore(SPACE).computeIfAbsent(CephRgw.class, _ -> start(), CephRgw.class);
        }
    }
}

package dev.coffer.server.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz} says that the process answers; {@code /readyz} whether it can work: 200, or 503 with the names of the checks that fail. Neither tells anything about what is backed up.
 */
public final class HealthPages {
    private static final Logger LOG = LoggerFactory.getLogger(HealthPages.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    /** Looks whether one thing works; an exception says that it does not. */
    @FunctionalInterface
    public interface Check {
        void run() throws Exception;
    }

    private final Map<String, Check> checkByName;
    private final AtomicBoolean stopping = new AtomicBoolean();

    public HealthPages(Map<String, Check> checkByName) {
        this.checkByName = new TreeMap<>(checkByName);
    }

    /** From now on the node is not ready, so that a balancer sends nothing more. */
    public void stopping() {
        stopping.set(true);
    }

    /** The pages by their paths, with the page of the metrics. */
    public Map<String, HttpEndpoint> pages(Supplier<String> metrics) {
        return Map.of(
                "/healthz",
                Listener.page(200, TEXT, _ -> "ok\n"),
                "/readyz",
                (_, _, _) -> readiness(),
                "/metrics",
                Listener.page(200, "text/plain; version=0.0.4; charset=utf-8", _ -> metrics.get()));
    }

    private dev.coffer.wire.WireResponse readiness() {
        boolean ready = !stopping.get();
        var results = new StringBuilder();
        for (var check : checkByName.entrySet()) {
            boolean passed = passes(check.getKey(), check.getValue());
            ready &= passed;
            results.append(results.isEmpty() ? "" : ",")
                    .append('"')
                    .append(check.getKey())
                    .append("\":\"")
                    .append(passed ? "ok" : "failed")
                    .append('"');
        }
        var status = stopping.get() ? "stopping" : ready ? "ready" : "not ready";
        return Listener.text(ready ? 200 : 503, JSON, "{\"status\":\"" + status + "\",\"checks\":{" + results + "}}\n");
    }

    private static boolean passes(String name, Check check) {
        try {
            check.run();
            return true;
        } catch (Exception failing) {
            LOG.atWarn().setCause(failing).addKeyValue("check", name).log("the node is not ready");
            return false;
        }
    }
}

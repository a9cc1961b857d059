package dev.coffer.engine.maintenance;

import dev.coffer.core.repository.SweepReport;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.repository.VerifyRequest.Depth;
import java.time.Instant;

/** Is told what maintenance of vaults has done, for the metrics. Called on the threads that do it; must be quick and must not throw. */
public interface MaintenanceObserver {
    /** Nobody. */
    MaintenanceObserver NONE = new MaintenanceObserver() {
        @Override
        public void swept(Instant at, SweepReport report) {}

        @Override
        public void verified(Instant at, Depth depth, VerifyReport report) {}
    };

    /** A sweep has ended. */
    void swept(Instant at, SweepReport report);

    /** A verification has ended. */
    void verified(Instant at, Depth depth, VerifyReport report);
}

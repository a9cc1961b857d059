package dev.coffer.engine.vault;

import static dev.coffer.engine.EngineBench.ADMIN;

import dev.coffer.engine.EngineBench;
import dev.coffer.engine.legalhold.CreateHold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The states of the vault {@code prod} that decide whether a recovery point can be taken away. */
enum VaultState {
    UNLOCKED,
    GOVERNANCE,
    COMPLIANCE_IN_GRACE,
    COMPLIANCE_PERMANENT,
    HELD,
    SUSPECT,
    SUSPECT_GOVERNANCE;

    void bring(EngineBench bench) throws InterruptedException {
        switch (this) {
            case UNLOCKED -> {}
            case GOVERNANCE -> lock(bench, Optional.empty());
            case COMPLIANCE_IN_GRACE -> lock(bench, Optional.of(60L));
            case COMPLIANCE_PERMANENT -> {
                lock(bench, Optional.of(3L));
                bench.clock.advance(Duration.ofDays(3));
            }
            case HELD -> {
                bench.holds.create(
                        ADMIN,
                        new CreateHold(
                                "case",
                                "why",
                                Optional.empty(),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Map.of()));
                bench.holding.tick();
            }
            case SUSPECT -> bench.setClockBy(Duration.ofDays(2));
            case SUSPECT_GOVERNANCE -> {
                lock(bench, Optional.empty());
                bench.setClockBy(Duration.ofDays(2));
            }
        }
    }

    static void lock(EngineBench bench, Optional<Long> changeable) throws InterruptedException {
        bench.locks.put(ADMIN, "prod", Optional.of(7L), Optional.of(365L), changeable);
    }
}

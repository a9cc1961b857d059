package dev.coffer.engine.clock;

import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.clock.VaultClock;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.engine.access.Gate;

/** The vault clock, as administrators see it. */
public final class ClockService {
    private final Catalog catalog;
    private final Gate gate;
    private final TrustedClock clock;

    public ClockService(Catalog catalog, Gate gate, TrustedClock clock) {
        this.catalog = catalog;
        this.gate = gate;
        this.clock = clock;
    }

    /** The clock now. */
    public VaultClock describe(Caller caller) {
        gate.check(caller, "coffer:DescribeVaultClock", resource(caller));
        return catalog.read(clock::at);
    }

    /** Refuses: a clock is vouched for on the host itself. */
    public Refused refuseAcknowledgement(Caller caller) {
        gate.check(caller, "coffer:AcknowledgeVaultClock", resource(caller));
        return new Refused(
                Problem.accessDenied("The vault clock cannot be acknowledged from afar. Stop the server and run"
                        + " coffer clock acknowledge on its host, with two approvers."));
    }

    private static Arn resource(Caller caller) {
        return new Arn(
                "coffer", "coffer", caller.region().value(), caller.account().value(), "vault-clock");
    }
}

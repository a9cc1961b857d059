package dev.coffer.core.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.job.RunnerId;
import dev.coffer.core.maintenance.MaintenanceRun.State;
import dev.coffer.core.vault.EncryptionKey;
import dev.coffer.core.vault.Vault;
import dev.coffer.core.vault.VaultId;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaintenanceRunTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    private static final Vault VAULT = new Vault(
            SCOPE,
            new VaultName("prod"),
            new VaultId(new UUID(1, 2)),
            EncryptionKey.managed(Arn.ofVault(SCOPE, "key")),
            START,
            Optional.empty());

    private final MaintenanceRun begun = MaintenanceRun.begun(
            "1", VAULT, MaintenanceRun.Kind.SWEEP, START, RunnerId.parse("node/first"), START.plusSeconds(300));

    @ParameterizedTest
    @CsvSource({
        "node/first, 299, RUNNING",
        "node/first, 300, INTERRUPTED",
        "node/second, 0, INTERRUPTED",
        "other/first, 299, RUNNING",
        "other/first, 300, INTERRUPTED",
    })
    void aRunIsLostWithItsLeaseAndAtOnceToTheNextStartOfItsNode(String asked, int seconds, State state) {
        var seen = begun.seenBy(RunnerId.parse(asked), START.plusSeconds(seconds));
        assertThat(seen.state()).isEqualTo(state);
        assertThat(seen.message().isPresent()).isEqualTo(state == State.INTERRUPTED);
    }

    @Test
    void whatHasEndedStaysAsItEnded() {
        var completed = begun.completed(START.plusSeconds(9), new MaintenanceRun.Result.Rewrapped(true));
        var failed = begun.failed(START.plusSeconds(9), "why");
        for (var ended : new MaintenanceRun[] {completed, failed}) {
            assertThat(ended.seenBy(RunnerId.parse("node/second"), START.plusSeconds(9_999)))
                    .isEqualTo(ended);
        }
    }
}

package dev.coffer.core.recoverypoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.tag.Tags;
import dev.coffer.core.vault.VaultId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CopyFactsTest {
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));
    private static final CopyFacts FACTS =
            new CopyFacts(Arn.ofVault(SCOPE, "prod"), new VaultId(new UUID(1, 2)), "3F0E9D62-7A11");
    private static final PointFacts POINT =
            new PointFacts(Arn.ofRole(SCOPE.account(), "r"), Lifecycle.NONE, Tags.NONE, Optional.empty());

    @Test
    void theyComeBackFromAmongTheFactsOfThePointWhichStayAsTheyAre() {
        var map = FACTS.addTo(POINT.toMap());
        assertThat(CopyFacts.of(map)).contains(FACTS);
        assertThat(PointFacts.ofMap(map)).isEqualTo(POINT);
    }

    @Test
    void aPointThatIsNoCopyHasNone() {
        assertThat(CopyFacts.of(POINT.toMap())).isEmpty();
        assertThat(CopyFacts.of(Map.of())).isEmpty();
    }

    @Test
    void textsThatAreNotTheirsAreRefused() {
        for (var name : List.of("SourceBackupVaultArn", "Copy/SourceVault")) {
            var map = new TreeMap<>(FACTS.addTo(Map.of()));
            map.put(name, "_");
            assertThatThrownBy(() -> CopyFacts.of(map)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

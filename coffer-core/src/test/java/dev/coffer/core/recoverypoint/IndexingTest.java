package dev.coffer.core.recoverypoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class IndexingTest {
    private static final Scope SCOPE = new Scope(new AccountId("111122223333"), new Region("eu-west-1"));

    private static RecoveryPoint point(ResourceType type, RecoveryPointStatus status) {
        return new RecoveryPoint(
                SCOPE,
                VaultName.DEFAULT,
                Arn.ofRecoveryPoint(SCOPE, "p"),
                "s",
                Arn.ofBucket("b"),
                type,
                "b",
                Arn.ofRole(SCOPE.account(), "r"),
                status,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Lifecycle.NONE,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void onlyVolumesAndBucketsCanBeIndexed() {
        assertThat(Arrays.stream(ResourceType.values())
                        .filter(type -> Indexing.objectionTo(point(type, RecoveryPointStatus.COMPLETED))
                                .isEmpty()))
                .containsExactly(ResourceType.EBS, ResourceType.S3);
    }

    @Test
    void onlyAPointThatIsWholeOrFollowedCanBeIndexed() {
        assertThat(Stream.of(RecoveryPointStatus.values())
                        .filter(status -> Indexing.objectionTo(point(ResourceType.S3, status))
                                .isEmpty()))
                .containsExactly(RecoveryPointStatus.COMPLETED, RecoveryPointStatus.AVAILABLE);
        assertThat(Indexing.objectionTo(point(ResourceType.S3, RecoveryPointStatus.STOPPED)))
                .map(Problem::kind)
                .contains(Problem.Kind.INVALID_REQUEST);
    }

    @Test
    void aPointInColdStorageCannotBeIndexed() {
        assertThat(Indexing.objectionTo(
                        point(ResourceType.EBS, RecoveryPointStatus.COMPLETED).movedToCold()))
                .hasValueSatisfying(problem -> {
                    assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_REQUEST);
                    assertThat(problem.message()).contains("cold storage");
                });
    }

    @Test
    void aSettingIsOneOfTwoWords() {
        assertThat(Indexing.isWanted("ENABLED")).isTrue();
        assertThat(Indexing.isWanted("DISABLED")).isFalse();
        for (var wrong : new String[] {"", "enabled", "ON"}) {
            assertThatThrownBy(() -> Indexing.isWanted(wrong))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.problem().kind())
                                    .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE));
        }
    }
}

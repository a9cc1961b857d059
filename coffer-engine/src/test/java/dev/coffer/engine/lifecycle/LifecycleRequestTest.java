package dev.coffer.engine.lifecycle;

import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.resource.ResourceType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LifecycleRequestTest {
    @Test
    void coldStorageIsKeptForTheTypesThatHaveIt() {
        var request = LifecycleRequest.ofDays(Optional.of(10L), Optional.of(100L));

        for (var type : List.of(ResourceType.EFS, ResourceType.DYNAMODB, ResourceType.EBS)) {
            assertThat(request.lifecycle(type).coldAfterDays()).hasValue(10);
        }
        for (var type : List.of(ResourceType.S3, ResourceType.EC2, ResourceType.RDS, ResourceType.AURORA)) {
            assertThat(request.lifecycle(type).coldAfterDays()).isEmpty();
            assertThat(request.lifecycle(type).deleteAfterDays()).hasValue(100);
        }
    }

    @Test
    void aDeletionByEventIsRefused() {
        var request = new LifecycleRequest(
                Optional.empty(), Optional.of(10L), Optional.empty(), Optional.of("DELETE_AFTER_COPY"));

        assertThat(refusal(() -> request.lifecycle(ResourceType.EFS)).kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }
}

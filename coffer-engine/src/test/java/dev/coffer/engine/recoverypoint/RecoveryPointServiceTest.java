package dev.coffer.engine.recoverypoint;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.START;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.lifecycle.LifecycleRequest;
import dev.coffer.testkit.catalog.CatalogSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecoveryPointServiceTest {
    private final EngineBench bench;

    RecoveryPointServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static RecoveryPointService.VaultFilter filter(Optional<String> resource, Optional<String> type) {
        return new RecoveryPointService.VaultFilter(
                resource, type, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<RecoveryPoint> list(String vault, RecoveryPointService.VaultFilter filter) {
        return bench.points.listByVault(ADMIN, vault, Optional.empty(), filter, PageRequest.first(100)).rows().stream()
                .map(RecoveryPointService.PointView::point)
                .toList();
    }

    private static Optional<LifecycleRequest> days(Optional<Long> cold, Optional<Long> delete) {
        return Optional.of(LifecycleRequest.ofDays(cold, delete));
    }

    @Test
    void aPointIsShownInItsVaultOnly() throws Exception {
        var vault = bench.vault("daily");
        bench.vault("other");
        var point = bench.point(vault, "fs-1", START);
        var arn = point.arn().toString();

        assertThat(bench.points.describe(ADMIN, "daily", arn, Optional.empty()))
                .isEqualTo(new RecoveryPointService.PointView(point, vault, Optional.empty(), Optional.empty()));
        assertThat(refusal(() -> bench.points.describe(ADMIN, "other", arn, Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.points.describe(ADMIN, "nothing", arn, Optional.empty())))
                .isEqualTo(refusal(() -> bench.points.describe(STRANGER, "daily", arn, Optional.empty())))
                .isEqualTo(Gate.hidden().problem());
    }

    @Test
    void aListShowsTheNewestFirstUnderAllItsConditions() throws Exception {
        var vault = bench.vault("daily");
        var oldest = bench.point(vault, "fs-1", START);
        var middle = bench.point(vault, "fs-2", START.plusSeconds(10));
        var newest = bench.point(vault, "fs-1", START.plusSeconds(20));
        bench.point(bench.vault("other"), "fs-1", START);

        assertThat(list("daily", RecoveryPointService.VaultFilter.none())).containsExactly(newest, middle, oldest);
        assertThat(list("daily", filter(Optional.of(oldest.resource().toString()), Optional.of("EFS"))))
                .containsExactly(newest, oldest);
        assertThat(list("daily", filter(Optional.empty(), Optional.of("S3")))).isEmpty();
        assertThat(list(
                        "daily",
                        new RecoveryPointService.VaultFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(START.plusSeconds(15)),
                                Optional.of(START.plusSeconds(5)),
                                Optional.empty())))
                .containsExactly(middle);
    }

    @Test
    void aListInPagesShowsEveryPointOnce() throws Exception {
        var vault = bench.vault("daily");
        for (int i = 0; i < 7; i++) {
            bench.point(vault, "fs-1", START);
        }
        var shown = new ArrayList<Arn>();
        Optional<String> next = Optional.empty();
        do {
            var page = bench.points.listByVault(
                    ADMIN,
                    "daily",
                    Optional.empty(),
                    RecoveryPointService.VaultFilter.none(),
                    new PageRequest(3, next));
            page.rows().forEach(view -> shown.add(view.point().arn()));
            next = page.next();
        } while (next.isPresent());

        assertThat(shown).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void whatIsNoResourceIsRefusedAsAFilter() throws Exception {
        bench.vault("daily");
        var snapshot = "arn:aws:ec2:eu-central-1::snapshot/snap-1";

        var problem = refusal(() -> list("daily", filter(Optional.of(snapshot), Optional.empty())));
        assertThat(problem).isEqualTo(Problem.invalid("Unsupported resource type: " + snapshot));
        assertThat(refusal(() -> list("daily", filter(Optional.empty(), Optional.of("FTP"))))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(refusal(() -> list("nothing", RecoveryPointService.VaultFilter.none())))
                .isEqualTo(Gate.hidden().problem());
    }

    @Test
    void pointsOfAResourceAreListedAcrossVaultsAndAnUnknownResourceHasNone() throws Exception {
        var first = bench.point(bench.vault("daily"), "fs-1", START);
        var second = bench.point(bench.vault("other"), "fs-1", START.plusSeconds(1));

        assertThat(bench.points
                        .listByResource(ADMIN, first.resource().toString(), PageRequest.first(10))
                        .rows())
                .extracting(view -> view.point().arn())
                .containsExactly(second.arn(), first.arn());
        assertThat(bench.points
                        .listByResource(
                                ADMIN, Arn.ofFileSystem(ADMIN.scope(), "fs-9").toString(), PageRequest.first(10))
                        .rows())
                .isEmpty();
    }

    @Test
    void aDeletedPointIsMarkedAtOnceAndGoneAfterTheLoop() throws Exception {
        var vault = bench.vault("daily");
        var point = bench.point(vault, "fs-1", START);
        bench.tags.tag(ADMIN, point.arn().toString(), Map.of("a", "1"));

        bench.points.delete(ADMIN, "daily", point.arn().toString());

        assertThat(bench.stored(point)).map(RecoveryPoint::status).contains(RecoveryPointStatus.DELETING);
        assertThat(bench.events().getLast().detail()).containsEntry("status", "DELETING");
        assertThat(refusal(() -> bench.points.delete(ADMIN, "daily", point.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_RESOURCE_STATE);

        bench.deletion.tick();

        assertThat(bench.stored(point)).isEmpty();
        assertThat(bench.catalog.read(view -> view.tags().of(point.arn())).valueByKey())
                .isEmpty();
        assertThatThrownBy(() -> bench.repositories
                        .open(vault.scope(), vault.name(), vault.id())
                        .open(new SessionId(point.sessionId())))
                .isInstanceOf(RepositoryException.NotFound.class);
        assertThat(refusal(() -> bench.points.describe(
                                ADMIN, "daily", point.arn().toString(), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        bench.vaults.delete(ADMIN, "daily");
    }

    @Test
    void aPointThatIsBeingMadeOrRestoredIsNotDeleted() throws Exception {
        var vault = bench.vault("daily");
        var creating = bench.point(vault, "fs-1", START, RecoveryPointStatus.CREATING);
        var restored = bench.point(vault, "fs-1", START);
        var samples = new CatalogSamples(new Random(1));
        bench.write(tx -> tx.restoreJobs()
                .insert(samples.restoreJob(
                        ADMIN.scope(), restored.arn(), START, restored.resource(), ResourceType.EFS, START)));

        assertThat(refusal(() -> bench.points.delete(
                                ADMIN, "daily", creating.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_RESOURCE_STATE);
        assertThat(refusal(() -> bench.points.delete(
                                ADMIN, "daily", restored.arn().toString()))
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_REQUEST);
        bench.deletion.tick();
        assertThat(bench.stored(creating)).contains(creating);
        assertThat(bench.stored(restored)).contains(restored);
    }

    @Test
    void deletingWhatIsNotThereIsNotFoundAndWhatIsOthersIsDenied() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);
        var arn = point.arn().toString();

        assertThat(refusal(() -> bench.points.delete(ADMIN, "nothing", arn)).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.points.delete(ADMIN, "daily", arn + "0")).kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.points.delete(STRANGER, "daily", arn)))
                .isEqualTo(Gate.hidden().problem());
        assertThat(bench.stored(point)).contains(point);
    }

    @Test
    void aCrashAfterTheStorageForgotThePointIsFinishedByTheNextTick() throws Exception {
        var vault = bench.vault("daily");
        var point = bench.point(vault, "fs-1", START);
        bench.points.delete(ADMIN, "daily", point.arn().toString());
        bench.repositories.open(vault.scope(), vault.name(), vault.id()).forget(new SessionId(point.sessionId()));

        bench.deletion.tick();
        bench.deletion.tick();

        assertThat(bench.stored(point)).isEmpty();
    }

    @Test
    void aPointThatCannotBeDeletedKeepsNoOtherWaitingAndIsTriedAgain() throws Exception {
        var broken = bench.vault("broken");
        var healthy = bench.vault("healthy");
        var first = bench.point(broken, "fs-1", START);
        var second = bench.point(healthy, "fs-1", START.plusSeconds(1));
        bench.points.delete(ADMIN, "broken", first.arn().toString());
        bench.points.delete(ADMIN, "healthy", second.arn().toString());
        bench.repositories.destroy(broken.scope(), broken.name(), broken.id());

        bench.deletion.tick();
        assertThat(bench.stored(second)).isEmpty();
        assertThat(bench.stored(first)).isPresent();

        bench.repositories.create(broken.scope(), broken.name(), broken.id());
        bench.deletion.tick();
        assertThat(bench.stored(first)).isEmpty();
    }

    @Test
    void finishLeavesAPointThatIsNotMarkedAlone() throws Exception {
        var vault = bench.vault("daily");
        var point = bench.point(vault, "fs-1", START);

        new PointDeletion(bench.catalog, bench.repositories, bench.protections, bench.keeper).finish(point);

        assertThat(bench.stored(point)).contains(point);
        assertThat(bench.points
                        .restoreMetadata(ADMIN, "daily", point.arn().toString(), Optional.empty())
                        .metadata())
                .isEqualTo(Map.of("file-system-id", "fs-secret-setting"));
    }

    @Test
    void aLifecycleIsReplacedAsAWholeAndMinusOneKeepsForEver() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);
        var arn = point.arn().toString();

        bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.of(10L), Optional.of(100L)));
        var second = bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.empty(), Optional.of(35L)));

        assertThat(second.point().lifecycle().coldAfterDays()).isEmpty();
        assertThat(second.point().lifecycle().deleteAfterDays()).hasValue(35);
        assertThat(bench.stored(point)).contains(second.point());
        var third = bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.of(-1L), Optional.of(-1L)));
        assertThat(third.point().lifecycle().isForever()).isTrue();
    }

    @Test
    void daysThatBreakARuleAreRefusedWithAwsTextAndChangeNothing() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);
        var arn = point.arn().toString();

        var apart = refusal(
                () -> bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.of(30L), Optional.of(119L))));
        assertThat(apart.code()).contains("ERROR_3015");
        assertThat(apart.message())
                .startsWith("Invalid lifecycle. DeleteAfterDays cannot be less than 90 days apart from"
                        + " MoveToColdStorageAfterDays")
                .contains("119")
                .contains("30");
        for (long delete : List.of(0L, 36_501L, -2L)) {
            assertThat(refusal(() -> bench.points.updateLifecycle(
                                    ADMIN, "daily", arn, days(Optional.empty(), Optional.of(delete))))
                            .message())
                    .isEqualTo("Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days");
        }
        assertThat(refusal(() -> bench.points.updateLifecycle(ADMIN, "daily", arn, Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
        assertThat(bench.stored(point)).contains(point);
    }

    @Test
    void theEarliestMoveToColdStorageIsTheDayAfterThePointsAge() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);
        var arn = point.arn().toString();
        bench.clock.advance(Duration.ofDays(10));

        assertThat(refusal(() -> bench.points.updateLifecycle(
                                ADMIN, "daily", arn, days(Optional.of(10L), Optional.empty())))
                        .message())
                .contains("cannot be less than 11");
        bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.of(11L), Optional.empty()));
        bench.clock.advance(Duration.ofDays(10));
        var kept = bench.points.updateLifecycle(ADMIN, "daily", arn, days(Optional.of(11L), Optional.of(101L)));
        assertThat(kept.point().lifecycle().deleteAfterDays()).hasValue(101);
    }

    @Test
    void daysToColdStorageAreDroppedForATypeThatHasNone() throws Exception {
        var bucket = new Arn("aws", "s3", "", "", "bucket");
        var point = bench.point(bench.vault("daily"), ResourceType.S3, bucket, START, RecoveryPointStatus.COMPLETED);

        var changed = bench.points.updateLifecycle(
                ADMIN, "daily", point.arn().toString(), days(Optional.of(10L), Optional.of(100L)));

        assertThat(changed.point().lifecycle().coldAfterDays()).isEmpty();
        assertThat(changed.point().lifecycle().deleteAfterDays()).hasValue(100);
    }

    @Test
    void aBusyPointIsNotCutOffAndEachOperationAnswersAnErrorThatItDeclares() throws Exception {
        var vault = bench.vault("daily");
        for (var status : List.of(RecoveryPointStatus.CREATING, RecoveryPointStatus.DELETING)) {
            var arn = bench.point(vault, "fs-1", START, status).arn().toString();
            assertThat(refusal(() -> bench.points.disassociate(ADMIN, "daily", arn))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_RESOURCE_STATE);
            assertThat(refusal(() -> bench.points.disassociateFromParent(ADMIN, "daily", arn))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_REQUEST);
        }
        var unknown = Arn.ofRecoveryPoint(vault.scope(), "unknown").toString();
        assertThat(refusal(() -> bench.points.disassociate(ADMIN, "daily", unknown))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> bench.points.disassociateFromParent(ADMIN, "nothing", unknown))
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void aBusyPointsLifecycleStays() throws Exception {
        var vault = bench.vault("daily");
        for (var status : List.of(RecoveryPointStatus.CREATING, RecoveryPointStatus.DELETING)) {
            var point = bench.point(vault, "fs-1", START, status);
            assertThat(refusal(() -> bench.points.updateLifecycle(
                                    ADMIN, "daily", point.arn().toString(), days(Optional.empty(), Optional.of(1L))))
                            .kind())
                    .isEqualTo(Problem.Kind.INVALID_REQUEST);
        }
    }

    @Test
    void restoreMetadataComesFromTheVaultAndItsValuesAreNotInItsText() throws Exception {
        var point = bench.point(bench.vault("daily"), "fs-1", START);

        var shown = bench.points.restoreMetadata(ADMIN, "daily", point.arn().toString(), Optional.empty());

        assertThat(shown.metadata()).containsEntry("file-system-id", "fs-secret-setting");
        assertThat(shown).asString().contains("file-system-id").doesNotContain("fs-secret-setting");
    }

    @Test
    void restoreMetadataOfAVaultThatCannotBeReadIsUnavailable() throws Exception {
        var vault = bench.vault("daily");
        var point = bench.point(vault, "fs-1", START);
        bench.repositories.destroy(vault.scope(), vault.name(), vault.id());

        assertThat(refusal(() -> bench.points.restoreMetadata(
                                ADMIN, "daily", point.arn().toString(), Optional.empty()))
                        .kind())
                .isEqualTo(Problem.Kind.SERVICE_UNAVAILABLE);
    }

    @Test
    void newPointsAreNamedAsAwsNamesThem() {
        var fresh = UUID.fromString("12345678-1234-1234-1234-123456789abc");
        var bucket = new Arn("aws", "s3", "", "", "photos");
        var names = new HashMap<ResourceType, String>();
        for (var type : ResourceType.values()) {
            names.put(
                    type,
                    PointArns.name(ADMIN.scope(), type, bucket, "job-id", fresh, START)
                            .toString());
        }

        assertThat(names)
                .containsEntry(ResourceType.EFS, "arn:aws:backup:eu-central-1:111122223333:recovery-point:" + fresh)
                .containsEntry(
                        ResourceType.S3,
                        "arn:aws:backup:eu-central-1:111122223333:recovery-point:photos-20260301100000-12345678")
                .containsEntry(ResourceType.EBS, "arn:aws:ec2:eu-central-1::snapshot/snap-41234123456789abc")
                .containsEntry(ResourceType.EC2, "arn:aws:ec2:eu-central-1::image/ami-41234123456789abc")
                .containsEntry(ResourceType.RDS, "arn:aws:rds:eu-central-1:111122223333:snapshot:awsbackup:job-job-id")
                .containsEntry(
                        ResourceType.AURORA,
                        "arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:awsbackup:job-job-id");
    }
}

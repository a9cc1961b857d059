package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static dev.coffer.testkit.catalog.CatalogUnderTest.chosen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows.Filter;
import dev.coffer.core.recoverypoint.RecoveryPoint;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.recoverypoint.VaultTotal;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the rows of recovery points promise. */
public interface RecoveryPointContract extends CatalogUnderTest {
    /** A vault of these tests. */
    VaultName VAULT = new VaultName("one");

    @Test
    default void everyFieldOfARecoveryPointComesBackInEveryStatusAndIsReplaced() {
        var samples = samples();
        for (int round = 0; round < 10; round++) {
            for (var status : RecoveryPointStatus.values()) {
                for (var type : ResourceType.values()) {
                    var point = samples.point(SCOPE, "one", fileSystem(1), type, status, at(round));
                    change(tx -> tx.recoveryPoints().put(point));
                    assertThat(foundPoint(point)).contains(point);
                }
            }
        }
        var point = samples.point("one", fileSystem(1), at(0));
        change(tx -> tx.recoveryPoints().put(point));
        var replaced = point.withStatus(RecoveryPointStatus.DELETING)
                .withLifecycle(samples.point("one", fileSystem(1), at(0)).lifecycle())
                .restoredAt(at(77));
        change(tx -> tx.recoveryPoints().put(replaced));
        assertThat(foundPoint(point)).contains(replaced);
    }

    @Test
    default void aRecoveryPointIsFoundByVaultAndArnInItsScopeAlone() {
        var samples = samples();
        var point = samples.point("one", fileSystem(1), at(0));
        change(tx -> tx.recoveryPoints().put(point));
        var wherever = catalog().read(view -> view.recoveryPoints().find(SCOPE, point.arn()));
        assertThat(wherever).contains(point);
        var inOtherVault = catalog().read(view -> view.recoveryPoints().find(SCOPE, new VaultName("two"), point.arn()));
        assertThat(inOtherVault).isEmpty();
        var elsewhere = catalog().read(view -> view.recoveryPoints().find(ELSEWHERE, VAULT, point.arn()));
        assertThat(elsewhere).isEmpty();
        var elsewhereByArn = catalog().read(view -> view.recoveryPoints().find(ELSEWHERE, point.arn()));
        assertThat(elsewhereByArn).isEmpty();
    }

    @Test
    default void aDeletedRecoveryPointIsGoneAndAnAbsentOneCountsAsDone() {
        var samples = samples();
        var point = samples.point("one", fileSystem(1), at(0));
        var other = samples.point("one", fileSystem(1), at(0));
        change(tx -> {
            tx.recoveryPoints().put(point);
            tx.recoveryPoints().put(other);
        });
        for (int repeat = 0; repeat < 2; repeat++) {
            change(tx -> tx.recoveryPoints().delete(point));
            assertThat(foundPoint(point)).isEmpty();
        }
        assertThat(foundPoint(other)).contains(other);
    }

    @Test
    default void everyCombinationOfConditionsListsThePointsThatMeetThemNewestFirst() {
        var samples = samples();
        var statuses = List.of(RecoveryPointStatus.values());
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 40; i++) {
            points.add(samples.point(
                    i % 11 == 0 ? ELSEWHERE : SCOPE,
                    i % 2 == 0 ? "one" : "two",
                    fileSystem(i % 4),
                    i % 3 == 0 ? ResourceType.EFS : ResourceType.RDS,
                    statuses.get(i % statuses.size()),
                    at(i / 3 * 100L)));
        }
        change(tx -> points.forEach(tx.recoveryPoints()::put));
        int conditions = 6;
        for (int number = 0; number < 1 << conditions; number++) {
            var filter = new Filter(
                    chosen(number, 0, VAULT),
                    chosen(number, 1, fileSystem(1)),
                    chosen(number, 2, ResourceType.EFS),
                    chosen(number, 3, at(1_000)),
                    chosen(number, 4, at(300)),
                    chosen(number, 5, CatalogSamples.PLAN));
            var expected = points.stream()
                    .filter(point -> point.scope().equals(SCOPE) && meets(point, filter))
                    .sorted(newestPointFirst())
                    .toList();
            var page = catalog().read(view -> view.recoveryPoints().list(SCOPE, filter, PageRequest.first(100)));
            assertThat(page.rows()).as("%s", filter).isEqualTo(expected);
            if (Integer.bitCount(number) == 1) {
                assertThat(expected.size()).as("%s selects some", filter).isBetween(1, points.size() - 1);
            }
        }
    }

    @Test
    default void pagesShowEveryPointOnceWhileOthersComeAndGo() {
        var samples = samples();
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 23; i++) {
            points.add(samples.point(i % 2 == 0 ? "one" : "two", fileSystem(i), at(i / 3 * 10L)));
        }
        // The one that goes is the newest, so it is on the first page.
        var goes = samples.point("one", fileSystem(1), at(500));
        change(tx -> {
            points.forEach(tx.recoveryPoints()::put);
            tx.recoveryPoints().put(goes);
        });
        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.recoveryPoints().list(SCOPE, Filter.none(), page)),
                () -> change(tx -> {
                    tx.recoveryPoints().delete(goes);
                    for (long moment : List.of(1_000L, 40L, 25L, -10L)) {
                        tx.recoveryPoints().put(samples.point("one", fileSystem(0), at(moment)));
                    }
                }));
        assertThat(shown).containsAll(points).doesNotHaveDuplicates().isSortedAccordingTo(newestPointFirst());
    }

    @Test
    default void pointsOfEveryStatusCountInTheirVault() {
        var samples = samples();
        change(tx -> {
            for (var status : RecoveryPointStatus.values()) {
                tx.recoveryPoints().put(samples.point(SCOPE, "one", fileSystem(1), ResourceType.EFS, status, at(0)));
            }
            tx.recoveryPoints().put(samples.point("two", fileSystem(1), at(0)));
        });
        assertThat(catalog().<Long>read(view -> view.recoveryPoints().countIn(SCOPE, VAULT)))
                .isEqualTo(RecoveryPointStatus.values().length);
        assertThat(catalog().<Long>read(view -> view.recoveryPoints().countIn(ELSEWHERE, VAULT)))
                .isZero();
    }

    @Test
    default void whatAVaultHoldsFollowsEveryChangeOfItsPoints() {
        var samples = samples();
        var points = new ArrayList<RecoveryPoint>();
        for (int i = 0; i < 4; i++) {
            points.add(sized(samples.point("one", fileSystem(i), at(i)), 1024 * 5L));
        }
        change(tx -> points.forEach(tx.recoveryPoints()::put));
        assertThat(totals()).containsExactly(new VaultTotal(VAULT, 4, 4 * 6 * 1024));
        change(tx -> {
            tx.recoveryPoints().put(points.get(0).withStatus(RecoveryPointStatus.DELETING));
            tx.recoveryPoints().put(sized(points.get(1), 0));
            tx.recoveryPoints().delete(points.get(2));
            tx.recoveryPoints().delete(points.get(2));
        });
        assertThat(totals()).containsExactly(new VaultTotal(VAULT, 3, (6 + 1 + 6) * 1024));
        assertThat(catalog().<Long>read(view -> view.recoveryPoints().countIn(SCOPE, VAULT)))
                .isEqualTo(3);
        change(tx -> {
            points.forEach(tx.recoveryPoints()::delete);
            tx.recoveryPoints().put(samples.point("two", fileSystem(1), at(0)));
        });
        assertThat(totals())
                .filteredOn(total -> total.vault().equals(VAULT))
                .containsExactly(new VaultTotal(VAULT, 0, 0));
        assertThat(catalog()
                        .<List<VaultTotal>>read(view -> view.recoveryPoints().totals(ELSEWHERE)))
                .isEmpty();
    }

    private List<VaultTotal> totals() {
        return catalog().read(view -> view.recoveryPoints().totals(SCOPE));
    }

    private static RecoveryPoint sized(RecoveryPoint point, long logicalBytes) {
        return new RecoveryPoint(
                point.scope(),
                point.vault(),
                point.arn(),
                point.sessionId(),
                point.resource(),
                point.resourceType(),
                point.resourceName(),
                point.role(),
                point.status(),
                point.createdAt(),
                point.initiatedAt(),
                point.completedAt(),
                logicalBytes,
                point.transferredBytes(),
                point.lifecycle(),
                point.lastRestoredAt(),
                point.createdBy());
    }

    @Test
    default void theLatestCompletedPointIsTheNewestCompletedOfResourceAndVault() {
        var samples = samples();
        var older = samples.point("one", fileSystem(1), at(10));
        var newer = samples.point("one", fileSystem(1), at(20));
        change(tx -> {
            tx.recoveryPoints().put(newer);
            tx.recoveryPoints().put(older);
            tx.recoveryPoints()
                    .put(samples.point("one", fileSystem(1), at(30)).withStatus(RecoveryPointStatus.CREATING));
            tx.recoveryPoints()
                    .put(samples.point("one", fileSystem(1), at(31)).withStatus(RecoveryPointStatus.DELETING));
            tx.recoveryPoints().put(samples.point("two", fileSystem(1), at(40)));
            tx.recoveryPoints().put(samples.point("one", fileSystem(2), at(50)));
        });
        assertThat(latestCompleted()).contains(newer);
        change(tx -> tx.recoveryPoints().delete(newer));
        assertThat(latestCompleted()).contains(older);
        change(tx -> tx.recoveryPoints().delete(older));
        assertThat(latestCompleted()).isEmpty();
    }

    private List<RecoveryPoint> inStatus(RecoveryPointStatus status, Optional<RecoveryPoint> after, int limit) {
        return catalog().read(view -> view.recoveryPoints().inStatus(status, after, limit));
    }

    @Test
    default void pointsInAStatusAreOfAllScopesTheOldestFirstAndGoOnBehindAnyOfThem() {
        var samples = samples();
        for (var status : RecoveryPointStatus.values()) {
            var second = samples.point(SCOPE, "one", fileSystem(1), ResourceType.EFS, status, at(20));
            var first = samples.point(ELSEWHERE, "two", fileSystem(1), ResourceType.S3, status, at(10));
            change(tx -> {
                tx.recoveryPoints().put(second);
                tx.recoveryPoints().put(first);
            });
            assertThat(inStatus(status, Optional.empty(), 10)).containsExactly(first, second);
            assertThat(inStatus(status, Optional.empty(), 1)).containsExactly(first);
            assertThat(inStatus(status, Optional.of(first), 10)).containsExactly(second);
            assertThat(inStatus(status, Optional.of(second), 10)).isEmpty();
        }
    }

    @Test
    default void aVaultListsTheResourcesOfItsCompletedPointsByArnPageByPage() {
        var samples = samples();
        var expected = new ArrayList<RecoveryPoint>();
        change(tx -> {
            for (int i = 0; i < 9; i++) {
                tx.recoveryPoints().put(samples.point("one", fileSystem(i), at(10)));
                var newest = samples.point("one", fileSystem(i), at(20));
                tx.recoveryPoints().put(newest);
                expected.add(newest);
                tx.recoveryPoints().put(samples.point("two", fileSystem(i), at(30)));
                tx.recoveryPoints()
                        .put(samples.point("one", fileSystem(i), at(40)).withStatus(RecoveryPointStatus.CREATING));
            }
            tx.recoveryPoints().put(samples.point("two", fileSystem(99), at(30)));
        });
        var known = samples.protectedResource(fileSystem(3));
        change(tx -> tx.resources().putProtected(SCOPE, known));

        var shown = CatalogUnderTest.pages(
                4,
                page -> catalog().read(view -> view.resources().listProtected(SCOPE, VAULT, page)),
                () -> change(tx -> tx.recoveryPoints().put(samples.point("one", fileSystem(0), at(15)))));

        assertThat(shown).hasSize(9);
        for (int i = 0; i < shown.size(); i++) {
            var resource = shown.get(i);
            var point = expected.get(i);
            assertThat(resource.arn()).isEqualTo(point.resource());
            assertThat(resource.type()).isEqualTo(point.resourceType());
            assertThat(resource.name()).isEqualTo(point.resourceName());
            assertThat(resource.lastBackupAt()).isEqualTo(point.createdAt());
            assertThat(resource.lastRecoveryPoint()).isEqualTo(point.arn());
            assertThat(resource.lastVault().resource()).endsWith(":one");
            assertThat(resource.latestRestore()).isEqualTo(i == 3 ? known.latestRestore() : Optional.empty());
        }
    }

    private Optional<RecoveryPoint> foundPoint(RecoveryPoint point) {
        return catalog().read(view -> view.recoveryPoints().find(point.scope(), point.vault(), point.arn()));
    }

    private Optional<RecoveryPoint> latestCompleted() {
        return catalog().read(view -> view.recoveryPoints().latestCompleted(SCOPE, VAULT, fileSystem(1)));
    }

    private static Comparator<RecoveryPoint> newestPointFirst() {
        return Comparator.comparing(RecoveryPoint::createdAt)
                .thenComparing(point -> point.arn().toString())
                .reversed();
    }

    private static boolean meets(RecoveryPoint point, Filter filter) {
        return filter.vault().stream().allMatch(point.vault()::equals)
                && filter.resource().stream().allMatch(point.resource()::equals)
                && filter.resourceType().stream().allMatch(type -> type == point.resourceType())
                && filter.plan().stream()
                        .allMatch(plan -> point.createdBy().stream()
                                .anyMatch(creator -> creator.plan().equals(plan)))
                && filter.createdBefore().stream().allMatch(point.createdAt()::isBefore)
                && filter.createdAfter().stream().allMatch(point.createdAt()::isAfter);
    }
}

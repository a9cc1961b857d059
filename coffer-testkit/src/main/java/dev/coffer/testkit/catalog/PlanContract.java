package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.PlanSamples.clock;
import static dev.coffer.testkit.catalog.PlanSamples.document;
import static dev.coffer.testkit.catalog.PlanSamples.plan;
import static dev.coffer.testkit.catalog.PlanSamples.selection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PlanRows;
import dev.coffer.core.catalog.View;
import dev.coffer.core.plan.BackupSelection;
import dev.coffer.core.plan.PlanClock;
import dev.coffer.core.plan.PlanVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the rows of plans and selections promise. */
public interface PlanContract extends CatalogUnderTest {
    @Test
    default void everyFieldOfAPlanComesBackInItsScopeAlone() {
        var plan = plan(SCOPE, "p1", at(5), Optional.of("token"));
        change(tx -> tx.plans().insert(plan, clock(100)));

        assertThat(onePlan(rows -> rows.current(SCOPE, plan.id()))).contains(plan);
        assertThat(onePlan(rows -> rows.version(SCOPE, plan.id(), "version-1"))).contains(plan);
        assertThat(onePlan(rows -> rows.createdWith(SCOPE, "token"))).contains(plan);
        assertThat(somePlans(rows -> rows.active(SCOPE))).containsExactly(plan);
        assertThat(catalog().<PlanClock>read(view -> view.plans().clock(plan.id())))
                .isEqualTo(clock(100));
        assertThat(onePlan(rows -> rows.current(ELSEWHERE, plan.id()))).isEmpty();
        assertThat(onePlan(rows -> rows.version(ELSEWHERE, plan.id(), "version-1")))
                .isEmpty();
        assertThat(onePlan(rows -> rows.createdWith(ELSEWHERE, "token"))).isEmpty();
        assertThat(somePlans(rows -> rows.active(ELSEWHERE))).isEmpty();
    }

    @Test
    default void aNewVersionIsTheCurrentOneAndTheOlderOnesStay() {
        var first = plan(SCOPE, "p1", at(5), Optional.of("token"));
        change(tx -> tx.plans().insert(first, clock(100)));
        var versions = new ArrayList<PlanVersion>(List.of(first));
        for (int i = 2; i <= 7; i++) {
            var next = versions.getFirst().followedBy("version-" + i, document(SCOPE, "plan-" + i), at(i * 10L));
            change(tx -> tx.plans().addVersion(next));
            versions.addFirst(next);
        }
        change(tx -> tx.plans().putLastExecution(first.id(), at(70)));

        assertThat(onePlan(rows -> rows.current(SCOPE, first.id()))).hasValueSatisfying(current -> {
            assertThat(current.versionId()).isEqualTo("version-7");
            assertThat(current.lastExecutedAt()).contains(at(70));
            assertThat(current.planCreatedAt()).isEqualTo(at(5));
            assertThat(current.createdAt()).isEqualTo(at(70));
        });
        assertThat(onePlan(rows -> rows.createdWith(SCOPE, "token")).map(PlanVersion::versionId))
                .contains("version-1");
        assertThat(CatalogUnderTest.pages(
                        2, page -> pageOfPlans(rows -> rows.versions(SCOPE, first.id(), page)), () -> {}))
                .extracting(PlanVersion::document)
                .containsExactlyElementsOf(
                        versions.stream().map(PlanVersion::document).toList());
    }

    @Test
    default void plansAreListedByCreationOnceAndDeletedOnesOnRequest() {
        var all = new ArrayList<PlanVersion>();
        for (int i = 0; i < 9; i++) {
            all.add(plan(SCOPE, "p" + i, at(i / 2 * 10L), Optional.empty()));
        }
        change(tx -> {
            all.forEach(plan -> tx.plans().insert(plan, clock(100)));
            tx.plans().insert(plan(ELSEWHERE, "other", at(0), Optional.empty()), clock(100));
            tx.plans().markDeleted(all.get(3).deleted(at(50)));
        });
        var active = new ArrayList<>(all);
        active.remove(3);

        assertThat(CatalogUnderTest.pages(3, page -> pageOfPlans(rows -> rows.list(SCOPE, false, page)), () -> {}))
                .isEqualTo(active);
        assertThat(CatalogUnderTest.pages(4, page -> pageOfPlans(rows -> rows.list(SCOPE, true, page)), () -> {}))
                .extracting(PlanVersion::id)
                .containsExactlyElementsOf(all.stream().map(PlanVersion::id).toList());
        assertThat(onePlan(rows -> rows.current(SCOPE, all.get(3).id())).flatMap(PlanVersion::deletedAt))
                .contains(at(50));
    }

    @Test
    default void aTokenIsFreeAgainWhenItsPlanIsDeleted() {
        var first = plan(SCOPE, "p1", at(0), Optional.of("token"));
        change(tx -> tx.plans().insert(first, clock(1)));
        assertThatThrownBy(() ->
                        change(tx -> tx.plans().insert(plan(SCOPE, "p2", at(1), Optional.of("token")), clock(1))))
                .isInstanceOf(IllegalStateException.class);
        change(tx -> {
            tx.plans().markDeleted(first.deleted(at(2)));
            tx.plans().insert(plan(SCOPE, "p3", at(1), Optional.of("token")), clock(1));
        });
        assertThat(onePlan(rows -> rows.createdWith(SCOPE, "token"))
                        .map(plan -> plan.id().value()))
                .contains("p3");
    }

    @Test
    default void plansThatFireByNowAreDueTheEarliestFirst() {
        var late = plan(SCOPE, "p1", at(0), Optional.empty());
        var early = plan(ELSEWHERE, "p2", at(0), Optional.empty());
        var never = plan(SCOPE, "p3", at(0), Optional.empty());
        var deleted = plan(SCOPE, "p4", at(0), Optional.empty());
        change(tx -> {
            tx.plans().insert(late, clock(200));
            tx.plans().insert(early, clock(100));
            tx.plans().insert(never, new PlanClock(at(0), Optional.empty()));
            tx.plans().insert(deleted, clock(100));
            tx.plans().markDeleted(deleted.deleted(at(1)));
        });
        assertThat(somePlans(rows -> rows.due(at(99), 10))).isEmpty();
        assertThat(somePlans(rows -> rows.due(at(100), 10))).containsExactly(early);
        assertThat(somePlans(rows -> rows.due(at(200), 10))).containsExactly(early, late);
        assertThat(somePlans(rows -> rows.due(at(200), 1))).containsExactly(early);
        assertThat(somePlans(rows -> rows.active(Optional.empty(), 2))).containsExactly(late, early);
        assertThat(somePlans(rows -> rows.active(Optional.of(early.id()), 2))).containsExactly(never);

        change(tx -> tx.plans().putClock(early.id(), clock(300)));
        assertThat(somePlans(rows -> rows.due(at(200), 10))).containsExactly(late);
    }

    @Test
    default void everyFieldOfASelectionComesBackAndItsNameIsItsPlansOwn() {
        var plan = plan(SCOPE, "p1", at(0), Optional.empty());
        var other = plan(SCOPE, "p2", at(0), Optional.empty());
        var selections = new ArrayList<BackupSelection>();
        for (int i = 0; i < 7; i++) {
            selections.add(selection(plan, "s" + i, at(i / 2 * 10L)));
        }
        change(tx -> {
            selections.forEach(tx.selections()::insert);
            tx.selections().insert(selection(other, "s1", at(0)));
        });
        assertThat(selections(view -> view.selections().of(SCOPE, plan.id()))).isEqualTo(selections);
        assertThat(selections(view -> view.selections().of(ELSEWHERE, plan.id())))
                .isEmpty();
        assertThat(CatalogUnderTest.pages(
                        2, page -> catalog().read(view -> view.selections().list(SCOPE, plan.id(), page)), () -> {}))
                .isEqualTo(selections);
        assertThat(oneSelection(view -> view.selections()
                        .find(SCOPE, plan.id(), selections.get(2).id())))
                .contains(selections.get(2));
        assertThat(oneSelection(view -> view.selections()
                        .find(SCOPE, other.id(), selections.get(2).id())))
                .isEmpty();
        assertThatThrownBy(() -> change(tx -> tx.selections()
                        .insert(new BackupSelection(
                                SCOPE,
                                plan.id(),
                                "another",
                                selections.getFirst().document(),
                                at(9),
                                Optional.empty()))))
                .isInstanceOf(IllegalStateException.class);

        change(tx -> tx.selections().delete(selections.get(2)));
        assertThat(selections(view -> view.selections().of(SCOPE, plan.id())))
                .hasSize(6)
                .doesNotContain(selections.get(2));
        assertThat(selections(view -> view.selections().of(SCOPE, other.id()))).hasSize(1);
    }

    private Optional<PlanVersion> onePlan(Function<PlanRows, Optional<PlanVersion>> query) {
        return catalog().read(view -> query.apply(view.plans()));
    }

    private List<PlanVersion> somePlans(Function<PlanRows, List<PlanVersion>> query) {
        return catalog().read(view -> query.apply(view.plans()));
    }

    private Page<PlanVersion> pageOfPlans(Function<PlanRows, Page<PlanVersion>> query) {
        return catalog().read(view -> query.apply(view.plans()));
    }

    private Optional<BackupSelection> oneSelection(Function<View, Optional<BackupSelection>> query) {
        return catalog().read(query);
    }

    private List<BackupSelection> selections(Function<View, List<BackupSelection>> query) {
        return catalog().read(query);
    }
}

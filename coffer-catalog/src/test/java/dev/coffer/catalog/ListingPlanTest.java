package dev.coffer.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static dev.coffer.testkit.catalog.CatalogSamples.fileSystem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.catalog.access.SqlPrincipals;
import dev.coffer.catalog.event.SqlOutbox;
import dev.coffer.catalog.job.SqlBackupJobs;
import dev.coffer.catalog.job.SqlCopyJobs;
import dev.coffer.catalog.job.SqlIndexJobs;
import dev.coffer.catalog.job.SqlRestoreJobs;
import dev.coffer.catalog.legalhold.SqlLegalHolds;
import dev.coffer.catalog.plan.SqlPlans;
import dev.coffer.catalog.plan.SqlScheduledRuns;
import dev.coffer.catalog.plan.SqlSelections;
import dev.coffer.catalog.recoverypoint.SqlRecoveryPoints;
import dev.coffer.catalog.vault.SqlVaults;
import dev.coffer.core.access.User;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.catalog.BackupJobRows;
import dev.coffer.core.catalog.CopyJobRows;
import dev.coffer.core.catalog.Days;
import dev.coffer.core.catalog.IndexJobRows;
import dev.coffer.core.catalog.Page;
import dev.coffer.core.catalog.PageRequest;
import dev.coffer.core.catalog.RecoveryPointRows;
import dev.coffer.core.catalog.RestoreJobRows;
import dev.coffer.core.catalog.ScheduledRunRows;
import dev.coffer.core.job.IndexState;
import dev.coffer.core.job.MessageCategory;
import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.legalhold.HoldSelection;
import dev.coffer.core.legalhold.HoldState;
import dev.coffer.core.legalhold.LegalHold;
import dev.coffer.core.lifecycle.Lifecycle;
import dev.coffer.core.plan.RunState;
import dev.coffer.core.recoverypoint.RecoveryPointStatus;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.vault.VaultName;
import dev.coffer.testkit.catalog.CatalogSamples;
import dev.coffer.testkit.catalog.CatalogUnderTest;
import dev.coffer.testkit.catalog.PlanSamples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.conf.StatementType;
import org.jooq.impl.CallbackExecuteListener;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How SQLite answers the lists: along an index that has their order, so that a page costs its rows and not the table's. */
final class ListingPlanTest {
    private static final Lifecycle WEEK = new Lifecycle(OptionalLong.empty(), OptionalLong.of(7), Optional.empty());

    @TempDir
    private Path folder;

    private final List<String> statements = new ArrayList<>();
    private final CatalogSamples samples = new CatalogSamples(new Random(5));
    private Connection connection;
    private DSLContext sql;

    @BeforeEach
    void connect() {
        var file = CatalogFile.in(folder);
        new Migrations(file).run();
        connection = file.connectForWriting();
        sql = DSL.using(new DefaultConfiguration()
                .set(SQLDialect.SQLITE)
                .set(connection)
                .set(new Settings()
                        .withRenderQuotedNames(RenderQuotedNames.NEVER)
                        .withRenderSchema(false)
                        .withStatementType(StatementType.STATIC_STATEMENT)
                        .withExecuteLogging(false))
                .set(new CallbackExecuteListener().onExecuteStart(this::remember)));
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void everyPageOfBackupJobsFollowsAnIndex() throws SQLException {
        var jobs = new SqlBackupJobs(sql);
        for (int i = 0; i < 5; i++) {
            jobs.insert(samples.backupJob(fileSystem(1), at(i)));
        }
        var none = BackupJobRows.Filter.none();
        for (int bit = 0; bit < 7; bit++) {
            int chosen = 1 << bit;
            var filter = new BackupJobRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 1, "CREATED"),
                    CatalogUnderTest.chosen(chosen, 2, VaultName.DEFAULT),
                    CatalogUnderTest.chosen(chosen, 3, ResourceType.EFS),
                    CatalogUnderTest.chosen(chosen, 4, at(100)),
                    CatalogUnderTest.chosen(chosen, 5, at(-1)),
                    none.completedBefore(),
                    none.completedAfter(),
                    none.messageCategory());
            assertFollowsIndex(page -> jobs.list(SCOPE, filter, page));
        }
        var succeeded = new BackupJobRows.Filter(
                none.resource(),
                none.state(),
                none.vault(),
                none.resourceType(),
                none.createdBefore(),
                none.createdAfter(),
                none.completedBefore(),
                none.completedAfter(),
                Optional.of(MessageCategory.SUCCESS));
        assertFollowsIndex(page -> jobs.list(SCOPE, succeeded, page));
    }

    @Test
    void everyPageOfCopyJobsFollowsAnIndex() throws SQLException {
        var jobs = new SqlCopyJobs(sql);
        var point = Arn.ofRecoveryPoint(SCOPE, "p");
        var destination = CatalogSamples.destination(SCOPE, 1);
        for (int i = 0; i < 5; i++) {
            jobs.insert(samples.copyJob(SCOPE, point, destination, fileSystem(1), ResourceType.EFS, at(i)));
        }
        for (int bit = 0; bit < 8; bit++) {
            int chosen = 1 << bit;
            var filter = new CopyJobRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 1, point),
                    CatalogUnderTest.chosen(chosen, 2, destination),
                    CatalogUnderTest.chosen(chosen, 3, "CREATED"),
                    CatalogUnderTest.chosen(chosen, 4, ResourceType.EFS),
                    CatalogUnderTest.chosen(chosen, 5, MessageCategory.SUCCESS),
                    CatalogUnderTest.chosen(chosen, 6, at(100)),
                    CatalogUnderTest.chosen(chosen, 7, at(-1)),
                    Optional.empty(),
                    Optional.empty());
            assertFollowsIndex(page -> jobs.list(SCOPE, filter, page));
        }
        statements.clear();
        assertThat(jobs.pointInUse(SCOPE, VaultName.DEFAULT, point)).isTrue();
        assertThat(jobs.resourceBusy(
                        SCOPE, fileSystem(1), samples.copyJob(point, at(0)).id()))
                .isFalse();
        assertThat(jobs.heldInto(SCOPE.account(), SCOPE.region(), at(0))).isZero();
        var steps = new ArrayList<String>();
        for (var statement : List.copyOf(statements)) {
            steps.addAll(plan(statement));
        }
        assertThat(steps.stream().filter(step -> step.contains("copy_job")))
                .hasSize(3)
                .allSatisfy(step -> assertThat(step).startsWith("SEARCH").contains("INDEX copy_job_"));
    }

    @Test
    void everyPageOfRestoreJobsFollowsAnIndex() throws SQLException {
        var jobs = new SqlRestoreJobs(sql);
        for (int i = 0; i < 5; i++) {
            jobs.insert(samples.restoreJob(
                    SCOPE, Arn.ofRecoveryPoint(SCOPE, "p"), at(0), fileSystem(1), ResourceType.EFS, at(i)));
        }
        var none = RestoreJobRows.Filter.none();
        for (int bit = 0; bit < 6; bit++) {
            int chosen = 1 << bit;
            var filter = new RestoreJobRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, "PENDING"),
                    CatalogUnderTest.chosen(chosen, 1, ResourceType.EFS),
                    CatalogUnderTest.chosen(chosen, 2, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 3, at(100)),
                    CatalogUnderTest.chosen(chosen, 4, at(-1)),
                    none.completedBefore(),
                    none.completedAfter(),
                    none.pointCreatedBefore(),
                    none.pointCreatedAfter());
            assertFollowsIndex(page -> jobs.list(SCOPE, filter, page));
        }
    }

    @Test
    void everyPageOfIndexesFollowsAnIndex() throws SQLException {
        var indexes = new SqlIndexJobs(sql);
        var walk = new IndexState.Walk(at(1), 1, new SessionId("s"));
        for (var state : List.of(new IndexState.Failed(at(1), "no"), new IndexState.Active(walk))) {
            for (int i = 0; i < 5; i++) {
                var index = samples.index(Arn.ofRecoveryPoint(SCOPE, state.wireName() + i), at(i))
                        .in(state);
                indexes.list(SCOPE, IndexJobRows.Filter.none(), PageRequest.first(9)).rows().stream()
                        .filter(other -> !other.state().equals(state))
                        .forEach(indexes::delete);
                indexes.insert(index);
            }
            var status = state.wireName();
            for (int bit = 0; bit < 5; bit++) {
                int chosen = 1 << bit;
                var filter = new IndexJobRows.Filter(
                        CatalogUnderTest.chosen(chosen, 0, Arn.ofBucket("samples")),
                        CatalogUnderTest.chosen(chosen, 1, ResourceType.S3),
                        CatalogUnderTest.chosen(chosen, 2, status),
                        CatalogUnderTest.chosen(chosen, 3, at(100)),
                        CatalogUnderTest.chosen(chosen, 4, at(-1_000)));
                assertFollowsIndex(page -> indexes.list(SCOPE, filter, page));
            }
        }
        statements.clear();
        assertThat(indexes.deleting(10)).isEmpty();
        assertThat(plan(statements.getFirst()))
                .allSatisfy(step -> assertThat(step).contains("INDEX index_job_deleting"));
    }

    @Test
    void everyPageOfRecoveryPointsFollowsAnIndex() throws SQLException {
        var points = new SqlRecoveryPoints(sql);
        for (int i = 0; i < 5; i++) {
            points.put(samples.point("one", fileSystem(1), at(i)));
        }
        for (int bit = 0; bit < 6; bit++) {
            int chosen = 1 << bit;
            var filter = new RecoveryPointRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, new VaultName("one")),
                    CatalogUnderTest.chosen(chosen, 1, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 2, ResourceType.EFS),
                    CatalogUnderTest.chosen(chosen, 3, at(100)),
                    CatalogUnderTest.chosen(chosen, 4, at(-1)),
                    Optional.empty());
            assertFollowsIndex(page -> points.list(SCOPE, filter, page));
        }
        statements.clear();
        assertThat(points.latestCompleted(SCOPE, new VaultName("one"), fileSystem(1)))
                .isPresent();
        var first = samples.point("one", fileSystem(1), at(0));
        assertThat(points.inStatus(RecoveryPointStatus.DELETING, Optional.empty(), 5))
                .isEmpty();
        assertThat(points.inStatus(RecoveryPointStatus.DELETING, Optional.of(first), 5))
                .isEmpty();
        assertPlansUseAnIndex(3);
    }

    @Test
    void everyPageOfVaultsFollowsAnIndex() throws SQLException {
        var vaults = new SqlVaults(sql);
        for (int i = 0; i < 5; i++) {
            vaults.insert(samples.vault("vault-" + i, at(i)));
        }
        assertFollowsIndex(page -> vaults.list(SCOPE, page));
    }

    @Test
    void jobsAreCountedFromTheirDaysAndFromAnIndexOfOpenOnesAlone() throws SQLException {
        var days = new Days(LocalDate.parse("2026-02-20"), LocalDate.parse("2026-03-06"));
        statements.clear();
        for (int chosen = 0; chosen < 8; chosen++) {
            new SqlBackupJobs(sql)
                    .counts(
                            SCOPE,
                            days,
                            CatalogUnderTest.chosen(chosen, 0, "CREATED"),
                            CatalogUnderTest.chosen(chosen, 1, ResourceType.EFS),
                            CatalogUnderTest.chosen(chosen, 2, MessageCategory.SUCCESS));
        }
        for (int chosen = 0; chosen < 4; chosen++) {
            new SqlRestoreJobs(sql)
                    .counts(
                            SCOPE,
                            days,
                            CatalogUnderTest.chosen(chosen, 0, "PENDING"),
                            CatalogUnderTest.chosen(chosen, 1, ResourceType.EFS));
        }
        assertThat(statements).hasSize(24);
        for (var statement : List.copyOf(statements)) {
            var first = assertThat(plan(statement).getFirst()).as(statement).startsWith("SEARCH");
            if (statement.contains("from job_day")) {
                first.contains("USING INDEX sqlite_autoindex_job_day");
            } else {
                first.contains("_job_open_summary");
            }
        }
    }

    @Test
    void whatIsLookedUpIsTheNarrowestOfSeveralFilters() throws SQLException {
        var jobs = new SqlBackupJobs(sql);
        var none = BackupJobRows.Filter.none();
        for (int chosen = 0; chosen < 64; chosen++) {
            var filter = new BackupJobRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 1, "FAILED"),
                    CatalogUnderTest.chosen(chosen, 2, VaultName.DEFAULT),
                    CatalogUnderTest.chosen(chosen, 3, ResourceType.EFS),
                    none.createdBefore(),
                    Optional.of(at(0)),
                    none.completedBefore(),
                    CatalogUnderTest.chosen(chosen, 4, at(0)),
                    CatalogUnderTest.chosen(chosen, 5, MessageCategory.SUCCESS));
            statements.clear();
            jobs.list(SCOPE, filter, PageRequest.first(5));
            jobs.list(SCOPE, filter, behind("backup-jobs", "1000", "job"));
            var index = filter.resource().isPresent()
                    ? "backup_job_list_resource"
                    : filter.state().isPresent()
                            ? "backup_job_list_state"
                            : filter.vault().isPresent()
                                    ? filter.resourceType().isPresent()
                                            ? "backup_job_list_vault_type"
                                            : "backup_job_list_vault"
                                    : filter.resourceType().isPresent()
                                            ? "backup_job_list_type"
                                            : filter.messageCategory().isPresent()
                                                    ? "backup_job_list_category"
                                                    : "backup_job_list";
            assertEachLooksUp(index, filter);
        }
        var points = new SqlRecoveryPoints(sql);
        for (int chosen = 0; chosen < 16; chosen++) {
            var filter = new RecoveryPointRows.Filter(
                    Optional.of(new VaultName("one")),
                    CatalogUnderTest.chosen(chosen, 0, fileSystem(1)),
                    CatalogUnderTest.chosen(chosen, 1, ResourceType.EFS),
                    Optional.empty(),
                    CatalogUnderTest.chosen(chosen, 2, at(0)),
                    CatalogUnderTest.chosen(chosen, 3, CatalogSamples.PLAN));
            statements.clear();
            points.list(SCOPE, filter, PageRequest.first(5));
            points.list(SCOPE, filter, behind("recovery-points", "1000", "point", "one"));
            var index = filter.resource().isPresent()
                    ? "recovery_point_list_vault_resource"
                    : filter.plan().isPresent()
                            ? "recovery_point_list_plan"
                            : filter.resourceType().isPresent()
                                    ? "recovery_point_list_vault_type"
                                    : "recovery_point_list_vault";
            assertEachLooksUp(index, filter);
        }
    }

    @Test
    void noLoopReadsAllPointsOrAllJobs() throws SQLException {
        var points = new SqlRecoveryPoints(sql);
        var jobs = new SqlBackupJobs(sql);
        var restores = new SqlRestoreJobs(sql);
        statements.clear();
        var vault = new VaultName("one");
        assertThat(points.countIn(SCOPE, vault)).isZero();
        assertThat(points.totals(SCOPE)).isEmpty();
        assertThat(points.unretained(SCOPE, vault, at(0), 9)).isEmpty();
        var last = samples.point("one", fileSystem(1), at(0));
        assertThat(points.inStatus(RecoveryPointStatus.DELETING, Optional.of(last), 5))
                .isEmpty();
        assertThat(jobs.startWindowOver(at(0), 9)).isEmpty();
        assertThat(jobs.held(ResourceType.EFS, at(0))).isZero();
        assertThat(jobs.resourceBusy(
                        SCOPE,
                        fileSystem(1),
                        samples.backupJob(fileSystem(1), at(0)).id()))
                .isFalse();
        assertThat(jobs.deleteEndedBefore(at(0), 9)).isZero();
        assertThat(restores.deleteEndedBefore(at(0), 9)).isZero();
        assertThat(restores.held(ResourceType.EFS, at(0))).isZero();
        assertThat(new SqlOutbox(sql).deleteBefore(at(0))).isZero();
        for (var statement : List.copyOf(statements)) {
            assertThat(plan(statement))
                    .as(statement)
                    .noneMatch(step ->
                            step.startsWith("SCAN") && !step.contains("CONSTANT") && !step.contains("event_sink"));
        }
        statements.clear();
        // These go along indexes that hold what is open alone.
        assertThat(new SqlScheduledRuns(sql).open(9)).isEmpty();
        assertThat(jobs.claimable(at(0), "n", "s", 9)).isEmpty();
        assertThat(restores.claimable(at(0), "n", "s", 9)).isEmpty();
        assertThat(jobs.openByState()).isEmpty();
        assertThat(restores.openByState()).isEmpty();
        for (var statement : List.copyOf(statements)) {
            assertThat(String.join(" ", plan(statement))).as(statement).contains("_open");
        }
    }

    @Test
    void everyPageOfPlansAndSelectionsFollowsAnIndex() throws SQLException {
        var plans = new SqlPlans(sql);
        var selections = new SqlSelections(sql);
        for (int i = 0; i < 5; i++) {
            plans.insert(PlanSamples.plan(SCOPE, "p" + i, at(i), Optional.empty()), PlanSamples.clock(i));
        }
        var plan = PlanSamples.plan(SCOPE, "p0", at(0), Optional.empty());
        var version = plan;
        for (int i = 2; i <= 5; i++) {
            version = version.followedBy("v" + i, plan.document(), at(i));
            plans.addVersion(version);
        }
        for (int i = 0; i < 5; i++) {
            selections.insert(PlanSamples.selection(plan, "s" + i, at(i)));
        }
        assertFollowsIndex(page -> plans.list(SCOPE, false, page));
        assertFollowsIndex(page -> plans.list(SCOPE, true, page));
        assertFollowsIndex(page -> plans.versions(SCOPE, plan.id(), page));
        assertFollowsIndex(page -> selections.list(SCOPE, plan.id(), page));
        statements.clear();
        assertThat(plans.due(at(100), 10)).hasSize(5);
        assertThat(plans.createdWith(SCOPE, "token")).isEmpty();
        assertPlansUseAnIndex(2);
    }

    @Test
    void everyPageOfRunsFollowsTheNarrowestIndex() throws SQLException {
        var runs = new SqlScheduledRuns(sql);
        var plan = PlanSamples.plan(SCOPE, "p0", at(0), Optional.empty());
        for (int i = 0; i < 5; i++) {
            runs.insertIfAbsent(PlanSamples.run(plan, "r", at(i), new RunState.Missed(at(10), "late", 0)));
        }
        for (int chosen = 0; chosen < 16; chosen++) {
            var filter = new ScheduledRunRows.Filter(
                    CatalogUnderTest.chosen(chosen, 0, plan.id()),
                    CatalogUnderTest.chosen(chosen, 1, RunState.MISSED),
                    CatalogUnderTest.chosen(chosen, 2, at(100)),
                    CatalogUnderTest.chosen(chosen, 3, at(0)));
            assertFollowsIndex(page -> runs.list(SCOPE, filter, page));
            statements.clear();
            runs.list(SCOPE, filter, PageRequest.first(5));
            runs.list(SCOPE, filter, behind("plan-runs", "1000", "p0", "r"));
            var index = filter.plan().isPresent()
                    ? "scheduled_run_list_plan"
                    : filter.state().isPresent() ? "scheduled_run_list_state" : "scheduled_run_list";
            assertEachLooksUp(index, filter);
        }
    }

    @Test
    void everyPageOfLegalHoldsAndOfTheirPointsFollowsAnIndex() throws SQLException {
        var points = new SqlRecoveryPoints(sql);
        var holds = new SqlLegalHolds(sql, points);
        for (int i = 0; i < 5; i++) {
            holds.put(new LegalHold(
                    SCOPE,
                    new HoldId("h" + i),
                    "t",
                    "d",
                    HoldSelection.ALL,
                    at(i),
                    new HoldState.Creating(Optional.empty())));
        }
        assertFollowsIndex(page -> holds.list(SCOPE, page));
        var point = samples.point("one", fileSystem(1), at(0));
        points.put(point);
        statements.clear();
        assertThat(points.due(
                        at(0),
                        Optional.of(samples.point("one", fileSystem(1), at(0)).withLifecycle(WEEK)),
                        5))
                .isEmpty();
        assertThat(holds.holds(point)).isTrue();
        assertThat(points.dueForCold(
                        at(0),
                        Optional.of(samples.point("one", fileSystem(1), at(0))
                                .withLifecycle(
                                        new Lifecycle(OptionalLong.of(1), OptionalLong.empty(), Optional.empty()))),
                        5))
                .isEmpty();
        assertThat(holds.unsettled(9)).hasSize(5);
        assertThat(holds.recordsUntil(at(0), 9)).isEmpty();
        assertThat(holds.pointsOf(holds.unsettled(1).getFirst(), PageRequest.first(9))
                        .rows())
                .isEmpty();
        for (var statement : List.copyOf(statements)) {
            assertThat(String.join(" ", plan(statement)))
                    .as(statement)
                    .contains("USING")
                    .doesNotContain("TEMP B-TREE", "SCAN recovery_point", "SCAN held");
        }
    }

    @Test
    void everyPageOfUsersFollowsAnIndex() throws SQLException {
        var principals = new SqlPrincipals(sql);
        for (int i = 0; i < 5; i++) {
            principals.insert(new User(Arn.ofUser(SCOPE.account(), "user-" + i), "AIDA" + i, Optional.empty(), at(i)));
        }
        assertFollowsIndex(page -> principals.users(SCOPE.account(), page));
    }

    private <T> void assertFollowsIndex(Function<PageRequest, Page<T>> list) throws SQLException {
        statements.clear();
        var shown = CatalogUnderTest.pages(2, list, () -> {});
        assertThat(shown).hasSize(5);
        assertPlansUseAnIndex(3);
    }

    private void assertPlansUseAnIndex(int count) throws SQLException {
        assertThat(statements).hasSize(count);
        for (var statement : List.copyOf(statements)) {
            assertThat(plan(statement))
                    .as(statement)
                    .isNotEmpty()
                    .allSatisfy(step -> assertThat(step).startsWith("SEARCH").contains("USING INDEX"));
        }
    }

    /** The first page and one behind it. */
    private void assertEachLooksUp(String index, Object filter) throws SQLException {
        assertThat(statements).hasSize(2);
        for (var statement : List.copyOf(statements)) {
            assertThat(plan(statement))
                    .as("%s", filter)
                    .singleElement()
                    .satisfies(step -> assertThat(step).startsWith("SEARCH").contains("USING INDEX " + index + " "));
        }
    }

    /** A page behind the place with these values. */
    private static PageRequest behind(String... cursor) {
        var text = "[\"" + String.join("\",\"", cursor) + "\"]";
        return new PageRequest(
                5,
                Optional.of(
                        Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    private List<String> plan(String statement) throws SQLException {
        try (var explain = connection.createStatement();
                var rows = explain.executeQuery("explain query plan " + statement)) {
            var steps = new ArrayList<String>();
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
            return steps;
        }
    }

    private void remember(ExecuteContext context) {
        var statement = context.sql();
        if (statement != null) {
            statements.add(statement);
        }
    }
}

package dev.coffer.wire.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.wire.AwsService;
import dev.coffer.wire.PercentCoding;
import dev.coffer.wire.error.WireException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterTest {
    private final Router router = new Router(OperationTable.load());

    private Optional<RouteMatch> backup(String method, String path) {
        return router.route(AwsService.BACKUP, method, path, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /backup-jobs/,                              ListBackupJobs",
        "GET,    /backup-jobs,                               ListBackupJobs",
        "PUT,    /backup-jobs,                               StartBackupJob",
        "PUT,    /backup-jobs/,                              StartBackupJob",
        "GET,    /backup-jobs/j-1,                           DescribeBackupJob",
        "POST,   /backup-jobs/j-1,                           StopBackupJob",
        "GET,    /backup/plans/p/,                           GetBackupPlan",
        "GET,    /backup/plans/p,                            GetBackupPlan",
        "POST,   /backup/plans/p/,                           UpdateBackupPlan",
        "DELETE, /backup/plans/p,                            DeleteBackupPlan",
        "GET,    /backup/template/plans,                     ListBackupPlanTemplates",
        "GET,    /backup/template/plans/t/toPlan,            GetBackupPlanFromTemplate",
        "POST,   /backup/template/json/toPlan,               GetBackupPlanFromJSON",
        "GET,    /backup/plans/template/versions/,           ListBackupPlanVersions",
        "GET,    /backup-vaults/,                            ListBackupVaults",
        "GET,    /backup-vaults/v/resources,                 ListProtectedResourcesByBackupVault",
        "GET,    /backup-vaults/resources,                   DescribeBackupVault",
        "GET,    /backup-vaults/v/recovery-points/r/index,   GetRecoveryPointIndexDetails",
        "PUT,    /scan/job,                                  StartScanJob",
        "GET,    /scan/jobs/s,                               DescribeScanJob",
        "GET,    /tags/arn/,                                 ListTags",
        "POST,   /tags/arn,                                  TagResource",
        "POST,   /untag/arn,                                 UntagResource",
    })
    void eachPathLeadsToItsOperationWithOrWithoutTrailingSlash(String method, String path, String operation) {
        assertThat(backup(method, path).map(match -> match.operation().name())).contains(operation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:backup:eu-central-1:123456789012:recovery-point:a/b",
                "arn:aws:s3:::bucket/with/slash+plus%percent?query#hash é 日本",
                "aws/efs/automatic-backup-vault",
                "a%2Fb",
                "+",
                "..a",
                " "
            })
    void aLabelIsOneSegmentHoweverManySlashesItsTextHas(String text) {
        RouteMatch match = backup("GET", "/backup-vaults/v%2F1/recovery-points/" + PercentCoding.encode(text))
                .orElseThrow();

        assertThat(match.operation().name()).isEqualTo("DescribeRecoveryPoint");
        assertThat(match.labels()).containsEntry("backupVaultName", "v/1").containsEntry("recoveryPointArn", text);
    }

    @Test
    void aPlusSignInAPathIsAPlusSign() {
        assertThat(backup("GET", "/tags/a+b").orElseThrow().labels()).containsEntry("resourceArn", "a+b");
    }

    @Test
    void theApprovalTeamIsDetachedOnlyWithTheQueryKeyDelete() {
        String path = "/backup-vaults/v/mpaApprovalTeam";
        assertThat(router.route(AwsService.BACKUP, "POST", path, Optional.of("delete"))
                        .map(match -> match.operation().name()))
                .contains("DisassociateBackupVaultMpaApprovalTeam");
        assertThat(router.route(AwsService.BACKUP, "POST", path, Optional.of("x=1&delete=")))
                .isPresent();
        assertThat(router.route(AwsService.BACKUP, "POST", path, Optional.empty()))
                .isEmpty();
        assertThat(router.route(AwsService.BACKUP, "POST", path, Optional.of("deleted")))
                .isEmpty();
    }

    @Test
    void theSameTagPathBelongsToTheServiceThatWasSignedFor() {
        assertThat(router.route(AwsService.BACKUP_SEARCH, "GET", "/tags/arn", Optional.empty())
                        .map(match -> match.operation().service()))
                .contains(AwsService.BACKUP_SEARCH);
        assertThat(backup("GET", "/search-jobs")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PATCH,  /backup-jobs",
        "DELETE, /backup-jobs",
        "get,    /backup-jobs",
        "GET,    /",
        "GET,    //",
        "GET,    /nothing",
        "GET,    backup-jobs",
        "GET,    /backup-vaults//",
        "GET,    //backup-vaults",
        "GET,    /backup-vaults//recovery-points",
        "GET,    /backup-vaults/v/recovery-points/a/b/c/d",
        "GET,    /Backup-Vaults/",
        "GET,    /a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s",
    })
    void anUnknownMethodOrPathMatchesNothing(String method, String path) {
        assertThat(backup(method, path)).isEmpty();
    }

    @Test
    void anEmptyPathMatchesNothing() {
        assertThat(backup("GET", "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "%ff", "%c3%28"})
    void aLabelThatIsNotPercentEncodedUtf8Is400(String segment) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> backup("GET", "/backup-vaults/" + segment))
                .satisfies(e -> assertThat(e.error().status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "%2e%2e", "%2E."})
    void aDotSegmentIsRefusedSinceSigningWouldCollapseIt(String segment) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> backup("DELETE", "/backup-vaults/" + segment))
                .satisfies(e -> assertThat(e.error().type()).isEqualTo("InvalidParameterValueException"));
    }
}

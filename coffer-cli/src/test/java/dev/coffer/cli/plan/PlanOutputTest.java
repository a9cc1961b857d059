package dev.coffer.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.cli.ask.AskCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What people read of answers that the server gives (SelectionPathsTest and PlanRunPathsTest of coffer-server). */
final class PlanOutputTest {
    private static String printed(AskCommand command, String answer) {
        var text = new StringWriter();
        command.print(JsonMapper.builder().build().readTree(answer), new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void whyShowsEverySelectionInColumns() {
        assertThat(printed(new WhyCommand(), """
                        {"ResourceArn": "arn:fs-1", "ResourceType": "EFS", "ResourceName": "home\\u001b[31m",
                         "Exists": true, "OptedIn": false, "Chosen": true,
                         "LastBackupTime": "2026-03-01T05:00:00Z", "LastBackupVaultArn": "arn:vault",
                         "Selections": [
                          {"BackupPlanName": "daily", "SelectionName": "all", "Chosen": true, "Why": "Resources names it"},
                          {"BackupPlanName": "x", "SelectionName": "production", "Chosen": false, "Why": "no"}]}
                        """)).isEqualTo("""
                        arn:fs-1 (EFS home?[31m)
                        Its type is opted out in this Region (UpdateRegionSettings).
                        Last backup: 2026-03-01T05:00:00Z in arn:vault
                        A plan chooses it.

                        PLAN   SELECTION   CHOSEN  WHY
                        daily  all         yes     Resources names it
                        x      production  no      no
                        """);
    }

    @Test
    void whySaysThatThereIsNoPlanAndNoSuchResource() {
        assertThat(printed(new WhyCommand(), """
                        {"ResourceArn": "arn:fs-1", "ResourceType": "EFS", "ResourceName": "fs-1", "Exists": false,
                         "OptedIn": true, "Chosen": false, "Selections": []}
                        """)).isEqualTo("""
                        arn:fs-1 (EFS fs-1)
                        There is no such resource now.
                        It has never been backed up.
                        No plan has a selection, so nothing chooses it.
                        """);
    }

    @Test
    void unprotectedShowsTheNearestSelection() {
        assertThat(printed(new UnprotectedCommand(), """
                        {"ResourceCount": 3, "UnprotectedCount": 2, "Resources": [
                          {"ResourceArn": "arn:fs-1", "ResourceType": "EFS", "ResourceName": "home", "LeftOutBy": []},
                          {"ResourceArn": "arn:s", "ResourceType": "S3", "ResourceName": "s", "LeftOutBy": [
                            {"BackupPlanName": "daily", "SelectionName": "all", "Why": "but why"}]}]}
                        """)).isEqualTo("""
                        2 of 3 resources are chosen by no plan.

                        TYPE  NAME  RESOURCE  NEAREST SELECTION
                        EFS   home  arn:fs-1  -
                        S3    s     arn:s     daily/all: but why
                        """);
        assertThat(printed(
                        new UnprotectedCommand(), "{\"ResourceCount\": 3, \"UnprotectedCount\": 0, \"Resources\": []}"))
                .isEqualTo("0 of 3 resources are chosen by no plan.\n");
    }

    @Test
    void runsShowWhatBecameOfThem() {
        assertThat(printed(new RunsCommand(), """
                        {"PlanRuns": [
                          {"FireAt": "2026-03-01T06:00:00Z", "State": "MISSED", "Jobs": 0, "BackupPlanName": "files",
                           "RuleName": "nightly", "Reason": "It was too late."},
                          {"FireAt": "2026-03-01T05:00:00Z", "State": "MERGED", "Jobs": 0, "BackupPlanName": "files",
                           "RuleName": "hourly", "MergedIntoRuleId": "rule-2"},
                          {"FireAt": "2026-03-01T04:00:00Z", "State": "DONE", "Jobs": 12, "BackupPlanName": "files",
                           "RuleName": "hourly"}]}
                        """)).isEqualTo("""
                        INSTANT               STATE   JOBS  PLAN   RULE     WHY
                        2026-03-01T06:00:00Z  MISSED  0     files  nightly  It was too late.
                        2026-03-01T05:00:00Z  MERGED  0     files  hourly   The rule rule-2 ran for it.
                        2026-03-01T04:00:00Z  DONE    12    files  hourly
                        """);
        assertThat(printed(new RunsCommand(), "{\"PlanRuns\": []}")).isEqualTo("There are no such runs.\n");
    }
}

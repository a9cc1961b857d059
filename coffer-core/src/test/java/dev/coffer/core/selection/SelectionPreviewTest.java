package dev.coffer.core.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.SelectionWarning.Kind;
import dev.coffer.core.settings.RegionSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SelectionPreviewTest {
    private static final Arn ROLE = Arn.ofRole(new AccountId("111122223333"), "backup");
    private static final Candidate LOGS =
            new Candidate("arn:aws:s3:::logs", ResourceType.S3, "logs", Map.of("stage", "prod"));
    private static final Candidate DATA =
            new Candidate("arn:aws:s3:::data", ResourceType.S3, "data", Map.of("backup", "yes"));

    private static SelectionPreview preview(
            List<String> resources,
            List<String> notResources,
            List<TagCondition> listOfTags,
            Selection.Conditions conditions) {
        var settings = RegionSettings.defaults().with(Map.of(ResourceType.S3, false), Map.of());
        return SelectionPreview.of(
                new Selection("s", ROLE, resources, notResources, listOfTags, conditions),
                settings,
                List.of(DATA, LOGS));
    }

    private static List<Kind> kinds(SelectionPreview preview) {
        return preview.warnings().stream().map(SelectionWarning::kind).toList();
    }

    @Test
    void everyResourceIsJudgedAndAGoodSelectionWarnsOfNothing() {
        var preview = preview(
                List.of("arn:aws:s3:::*"),
                List.of("arn:aws:s3:::data"),
                List.of(),
                new Selection.Conditions(List.of(new TagCondition("stage", "prod")), List.of(), List.of(), List.of()));

        assertThat(preview.judged()).extracting(one -> one.resource()).containsExactly(DATA, LOGS);
        assertThat(preview.chosen()).isEqualTo(1);
        assertThat(preview.warnings()).isEmpty();
    }

    @Test
    void tagsBesideResourcesAreWarnedOfWithTheNumberThatHasNoSuchTag() {
        var preview = preview(
                List.of("arn:aws:s3:::*"),
                List.of(),
                List.of(new TagCondition("backup", "yes")),
                Selection.Conditions.NONE);

        assertThat(preview.chosen()).isEqualTo(2);
        assertThat(kinds(preview)).containsExactly(Kind.TAGS_AND_RESOURCES_ARE_UNITED);
        assertThat(preview.warnings().getFirst().message())
                .contains("1 of the chosen resources have no tag of ListOfTags")
                .contains("Conditions");
    }

    @Test
    void whatMatchesNothingIsWarnedOf() {
        var preview = preview(
                List.of("arn:aws:s3:::Log*", "arn:aws:s3:::gone"),
                List.of("arn:aws:s3:::other*"),
                List.of(new TagCondition("backup", "Yes")),
                new Selection.Conditions(
                        List.of(),
                        List.of(new TagCondition("Stage", "test")),
                        List.of(new TagCondition("Stage", "t*"), new TagCondition("stage", "t*")),
                        List.of()));

        assertThat(preview.warnings())
                .extracting(SelectionWarning::kind, SelectionWarning::subject)
                .containsExactly(
                        tuple(Kind.TAGS_AND_RESOURCES_ARE_UNITED, "ListOfTags"),
                        tuple(Kind.PATTERN_MATCHES_NOTHING, "arn:aws:s3:::Log*"),
                        tuple(Kind.PATTERN_MATCHES_NOTHING, "arn:aws:s3:::gone"),
                        tuple(Kind.PATTERN_MATCHES_NOTHING, "arn:aws:s3:::other*"),
                        tuple(Kind.TAG_MATCHES_NOTHING, "backup"),
                        tuple(Kind.CONDITION_KEY_IS_UNKNOWN, "Stage"));
    }

    @Test
    void resourcesOfAnOptedOutTypeAreCounted() {
        var preview = preview(List.of("*"), List.of(), List.of(), Selection.Conditions.NONE);

        assertThat(preview.chosen()).isZero();
        assertThat(kinds(preview)).containsExactly(Kind.TYPE_IS_OPTED_OUT);
        assertThat(preview.warnings().getFirst().message()).startsWith("2 resources of type S3");
    }
}

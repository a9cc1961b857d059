package dev.coffer.server.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.coffer.catalog.SqlCatalog;
import dev.coffer.core.access.Caller;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Region;
import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.resource.Source;
import dev.coffer.core.selection.PlanSelections;
import dev.coffer.core.selection.Selection;
import dev.coffer.core.selection.TagCondition;
import dev.coffer.engine.access.Gate;
import dev.coffer.engine.selection.CoverageService;
import dev.coffer.engine.selection.LiveSelector;
import dev.coffer.engine.source.Inventory;
import dev.coffer.server.admin.AdminEndpoint;
import dev.coffer.wire.WireHeaders;
import dev.coffer.wire.WireRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Five file systems, fs-0 to fs-4, of which the even ones are of production; one plan chooses those of production but fs-4. */
final class SelectionPathsTest {
    private static final AccountId ACCOUNT = new AccountId("111122223333");
    private static final Caller ROOT =
            new Caller(ACCOUNT, new Arn("aws", "iam", "", "111122223333", "root"), new Region("eu-west-1"));
    private static final String PREFIX = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/";
    private static final Selection PRODUCTION = new Selection(
            "production",
            Arn.ofRole(ACCOUNT, "backup"),
            List.of("*"),
            List.of(PREFIX + "fs-4"),
            List.of(),
            new Selection.Conditions(List.of(new TagCondition("stage", "prod")), List.of(), List.of(), List.of()));

    private final JsonMapper json = JsonMapper.builder().build();
    private final SqlCatalog catalog;
    private final AdminEndpoint admin = new AdminEndpoint();

    SelectionPathsTest(@TempDir Path folder) {
        catalog = SqlCatalog.open(folder);
        var sources = new ArrayList<Source>();
        for (int i = 0; i < 5; i++) {
            var id = "fs-" + i;
            sources.add(new Source(
                    ResourceType.EFS,
                    ROOT.scope(),
                    Arn.ofFileSystem(ROOT.scope(), id),
                    "team " + i,
                    Map.of("path", "/confidential"),
                    Map.of("stage", i % 2 == 0 ? "prod" : "test")));
        }
        var plan = new PlanSelections("plan-1", "daily", List.of(new PlanSelections.Entry("sel-1", PRODUCTION)));
        var selector = new LiveSelector(catalog, new Inventory(sources, catalog, List.of(), Map.of()));
        SelectionPaths.addTo(
                admin,
                new CoverageService(catalog, selector, new Gate(catalog, InstantSource.system()), _ -> List.of(plan)));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private JsonNode answer(String method, String path, String query, String body) {
        var response = admin.answer(
                ROOT,
                new WireRequest(
                        method,
                        AdminEndpoint.PREFIX + path,
                        Optional.of(query),
                        WireHeaders.none(),
                        body.getBytes(StandardCharsets.UTF_8)));
        assertThat(response.status()).isEqualTo(200);
        var text = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("confidential");
        return json.readTree(text);
    }

    private Problem refusal(String method, String path, String query, String body) {
        var refused = catchThrowableOfType(Refused.class, () -> answer(method, path, query, body));
        assertThat(refused).as(body).isNotNull();
        return refused.problem();
    }

    private static List<String> names(JsonNode answer) {
        var names = new ArrayList<String>();
        answer.get("Resources")
                .forEach(row -> names.add(row.get("ResourceName").asString() + " "
                        + row.get("Chosen").asBoolean()));
        return names;
    }

    @Test
    void aPreviewCountsAllShowsAPageAndGoesOnBehindIt() {
        var body = """
                {"SelectionName": "x", "IamRoleArn": "arn:aws:iam::111122223333:role/any", "Resources": ["*"],
                 "NotResources": [], "ListOfTags": [], "Conditions": {"StringEquals":
                 [{"ConditionKey": "aws:ResourceTag/stage", "ConditionValue": "prod"}], "StringNotEquals": [],
                 "StringLike": [], "StringNotLike": []}}""";
        var first = answer("POST", "selection-preview", "maxResults=2", body);
        assertThat(first.get("ChosenCount").asInt()).isEqualTo(3);
        assertThat(first.get("NotChosenCount").asInt()).isEqualTo(2);
        assertThat(first.get("Warnings").isEmpty()).isTrue();
        assertThat(names(first)).containsExactly("team 0 true", "team 1 false");
        var next = answer(
                "POST",
                "selection-preview",
                "maxResults=3&nextToken=" + first.get("NextToken").asString(),
                body);
        assertThat(names(next)).containsExactly("team 2 true", "team 3 false", "team 4 true");
        assertThat(next.has("NextToken")).isFalse();
        assertThat(names(answer("POST", "selection-preview", "chosen=false", body)))
                .containsExactly("team 1 false", "team 3 false");

        var row = first.get("Resources").get(1);
        assertThat(row.get("IncludedBy").toString()).isEqualTo("{\"Resources\":\"*\"}");
        assertThat(row.get("LeftOutBy").toString())
                .isEqualTo("[{\"Condition\":\"StringEquals\",\"Key\":\"stage\",\"Value\":\"prod\","
                        + "\"ActualValue\":\"test\"}]");
        assertThat(row.get("Why").asString()).contains("which is test");
        assertThat(answer("POST", "selection-preview", "maxResults=2", "{\"BackupSelection\":" + body + "}"))
                .isEqualTo(first);
    }

    @Test
    void aPreviewWarnsOfWhatItsAuthorHardlyMeant() {
        var answer = answer("POST", "selection-preview", "", """
                {"Resources": ["%s*", "arn:aws:s3:::none"],
                 "ListOfTags": [{"ConditionType": "StringEquals", "ConditionKey": "stage", "ConditionValue": "prod"}]}
                """.formatted(PREFIX));
        assertThat(answer.get("ChosenCount").asInt()).isEqualTo(5);
        assertThat(answer.get("Warnings").get(0).get("Kind").asString()).isEqualTo("TAGS_AND_RESOURCES_ARE_UNITED");
        assertThat(answer.get("Warnings").get(0).get("Message").asString())
                .contains("2 of the chosen resources have no tag of ListOfTags");
        assertThat(answer.get("Warnings").get(1).get("Subject").asString()).isEqualTo("arn:aws:s3:::none");
        assertThat(answer.get("Warnings").size()).isEqualTo(2);
    }

    @Test
    void aStoredSelectionIsPreviewed() {
        var answer = answer("GET", "selection-preview", "backupPlanId=plan-1&selectionId=sel-1", "");
        assertThat(names(answer))
                .containsExactly("team 0 true", "team 1 false", "team 2 true", "team 3 false", "team 4 false");
        assertThat(refusal("GET", "selection-preview", "backupPlanId=plan-1", "")
                        .kind())
                .isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
        assertThat(refusal("GET", "selection-preview", "backupPlanId=plan-2&selectionId=sel-1", "")
                        .kind())
                .isEqualTo(Problem.Kind.RESOURCE_NOT_FOUND);
    }

    @Test
    void whatNoPlanChoosesIsShownWithTheNearestSelections() {
        var answer = answer("GET", "unprotected", "maxResults=2", "");
        assertThat(answer.get("ResourceCount").asInt()).isEqualTo(5);
        assertThat(answer.get("UnprotectedCount").asInt()).isEqualTo(3);
        assertThat(answer.get("Resources").size()).isEqualTo(2);
        assertThat(answer.get("Resources")
                        .get(0)
                        .get("LeftOutBy")
                        .get(0)
                        .get("BackupPlanName")
                        .asString())
                .isEqualTo("daily");
        var next = answer(
                "GET", "unprotected", "nextToken=" + answer.get("NextToken").asString(), "");
        assertThat(next.get("Resources")
                        .get(0)
                        .get("LeftOutBy")
                        .get(0)
                        .get("LeftOutBy")
                        .toString())
                .isEqualTo("[{\"NotResources\":\"" + PREFIX + "fs-4\"}]");
    }

    @Test
    void oneResourceIsExplained() {
        var answer = answer("GET", "resources/" + PREFIX.replace("/", "%2F") + "fs-2/why", "", "");
        assertThat(answer.get("ResourceName").asString()).isEqualTo("team 2");
        assertThat(answer.get("Exists").asBoolean()).isTrue();
        assertThat(answer.get("Chosen").asBoolean()).isTrue();
        assertThat(answer.get("Selections").get(0).get("Why").asString())
                .isEqualTo("Resources has *, which matches it");
        assertThat(answer.has("LastBackupTime")).isFalse();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                                              | MISSING_PARAMETER_VALUE | Either Resources or Conditions must not be null
                    {"SelectionName": "x"}                          | MISSING_PARAMETER_VALUE | Either Resources or Conditions must not be null
                    {"BackupSelection": {}}                         | MISSING_PARAMETER_VALUE | Either Resources or Conditions must not be null
                    {"Resources": []}                               | INVALID_PARAMETER_VALUE | Either 'ListOfTags' or 'Resources' section must be non-empty
                    {"Conditions": {}}                              | INVALID_PARAMETER_VALUE | Either 'ListOfTags' or 'Resources' section must be non-empty
                    {"Resource": ["*"]}                             | INVALID_PARAMETER_VALUE | There is no member Resource
                    {"Resources": "*"}                              | INVALID_PARAMETER_VALUE | Resources is not a list
                    {"Resources": [1]}                              | INVALID_PARAMETER_VALUE | Resources is not a list of strings
                    {"Resources": [null]}                           | INVALID_PARAMETER_VALUE | Resources is not a list of strings
                    {"Resources": ["*"], "IamRoleArn": "me"}        | INVALID_PARAMETER_VALUE | IamRoleArn
                    {"Resources": ["*"], "SelectionName": 1}        | INVALID_PARAMETER_VALUE | SelectionName is not a string
                    {"Resources": ["*"], "Conditions": []}          | INVALID_PARAMETER_VALUE | Conditions is not a JSON object
                    {"Resources": ["*"], "Conditions": {"Null": []}} | INVALID_PARAMETER_VALUE | There is no member Null
                    {"Resources": ["*"], "Conditions": {"StringLike": [{"ConditionKey": "stage", "ConditionValue": "x"}]}} | INVALID_PARAMETER_VALUE | aws:ResourceTag/
                    {"Resources": ["*"], "Conditions": {"StringLike": [{"ConditionKey": "aws:ResourceTag/stage"}]}} | MISSING_PARAMETER_VALUE | ConditionValue
                    {"ListOfTags": [{"ConditionKey": "a", "ConditionValue": "b"}]} | MISSING_PARAMETER_VALUE | ConditionType
                    {"ListOfTags": [{"ConditionType": "STRINGLIKE", "ConditionKey": "a", "ConditionValue": "b"}]} | INVALID_PARAMETER_VALUE | STRINGEQUALS
                    {"ListOfTags": ["a"]}                           | INVALID_PARAMETER_VALUE | An element of ListOfTags is not a JSON object
                    {"BackupSelection": "x"}                        | INVALID_PARAMETER_VALUE | BackupSelection is not a JSON object
                    """)
    void aDocumentThatIsNoneIsRefusedByName(String body, Problem.Kind kind, String words) {
        var problem = refusal("POST", "selection-preview", "", body);
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem.message()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({"maxResults=0", "maxResults=1001", "maxResults=many", "chosen=yes", "chose=true"})
    void aParameterThatCannotBeIsRefused(String query) {
        assertThat(refusal("POST", "selection-preview", query, "{\"Resources\": [\"*\"]}")
                        .kind())
                .isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
    }

    @ParameterizedTest(name = "{1} times {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"Resources": [$]}                             | "arn:*"     | 30
                    {"Resources": [$]}                             | "arn:aws:s3:::x"     | 500
                    {"Resources": ["*"], "NotResources": [$]}      | "arn:*"     | 30
                    {"ListOfTags": [$]} | {"ConditionType": "STRINGEQUALS", "ConditionKey": "a", "ConditionValue": "b"} | 30
                    {"Resources": ["*"], "Conditions": {"StringLike": [$]}} | {"ConditionKey": "aws:ResourceTag/a", "ConditionValue": "b"} | 30
                    """)
    void aDocumentThatCouldNotBeStoredForItsSizeIsNotTried(String body, String element, int atMost) {
        var full = body.replace("$", String.join(",", Collections.nCopies(atMost, element)));
        assertThat(answer("POST", "selection-preview", "", full).has("ChosenCount"))
                .isTrue();
        var over = body.replace("$", String.join(",", Collections.nCopies(atMost + 1, element)));
        assertThat(refusal("POST", "selection-preview", "", over).message()).contains("at most " + atMost);
    }
}

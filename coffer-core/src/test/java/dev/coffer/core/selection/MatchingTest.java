package dev.coffer.core.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.resource.ResourceType;
import dev.coffer.core.selection.Verdict.FailedCondition;
import dev.coffer.core.selection.Verdict.LeftOut;
import dev.coffer.core.selection.Verdict.NotIncluded;
import dev.coffer.core.selection.Verdict.OfRestoreTest;
import dev.coffer.core.selection.Verdict.Operator;
import dev.coffer.core.selection.Verdict.OptedOut;
import dev.coffer.core.selection.Verdict.Subtracted;
import dev.coffer.core.settings.RegionSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the tables: EFS, EBS, EC2, S3, DB (a DynamoDB table), RDS and CLUSTER are resources of these types; {@code OUT} says which type is opted out. */
final class MatchingTest {
    private static final Map<String, String> ARN = Map.of(
            "EFS", "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-0001",
            "EBS", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0001",
            "EC2", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0001",
            "S3", "arn:aws:s3:::logs",
            "DB", "arn:aws:dynamodb:eu-west-1:111122223333:table/Orders",
            "RDS", "arn:aws:rds:eu-west-1:111122223333:db:shop",
            "CLUSTER", "arn:aws:rds:eu-west-1:111122223333:cluster:shop");

    private static Selection selection(
            String resources, String notResources, String listOfTags, Selection.Conditions conditions) {
        return new Selection(
                "s",
                Arn.ofRole(new AccountId("111122223333"), "backup"),
                texts(resources),
                texts(notResources),
                tags(listOfTags),
                conditions);
    }

    /** {@code {EFS}} in a text stands for the ARN. */
    private static List<String> texts(String words) {
        var texts = new ArrayList<String>();
        for (var word : words.split(" ")) {
            var text = word;
            for (var arn : ARN.entrySet()) {
                text = text.replace("{" + arn.getKey() + "}", arn.getValue());
            }
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static List<TagCondition> tags(String words) {
        return texts(words).stream()
                .map(word -> word.split("=", 2))
                .map(parts -> new TagCondition(parts[0], parts[1]))
                .toList();
    }

    /** Words such as {@code stage!=test}, {@code stage~pr*}, {@code stage!~t*}. */
    private static Selection.Conditions conditions(String words) {
        var equal = new ArrayList<TagCondition>();
        var notEqual = new ArrayList<TagCondition>();
        var like = new ArrayList<TagCondition>();
        var notLike = new ArrayList<TagCondition>();
        for (var word : texts(words)) {
            if (word.contains("!=")) {
                add(notEqual, word, "!=");
            } else if (word.contains("!~")) {
                add(notLike, word, "!~");
            } else if (word.contains("~")) {
                add(like, word, "~");
            } else {
                add(equal, word, "=");
            }
        }
        return new Selection.Conditions(equal, notEqual, like, notLike);
    }

    private static void add(List<TagCondition> conditions, String word, String between) {
        int at = word.indexOf(between);
        conditions.add(new TagCondition(word.substring(0, at), word.substring(at + between.length())));
    }

    private static String arn(String name) {
        return Objects.requireNonNull(ARN.get(name));
    }

    private static Candidate resource(String name, String tags) {
        var arn = arn(name);
        var valueByKey = new HashMap<String, String>();
        tags(tags).forEach(tag -> valueByKey.put(tag.key(), tag.value().replace('_', ' ')));
        return new Candidate(
                arn, ResourceType.ofArn(Arn.parse(arn).orElseThrow()).orElseThrow(), name, valueByKey);
    }

    private static RegionSettings without(String type) {
        return type.isEmpty()
                ? RegionSettings.defaults()
                : RegionSettings.defaults()
                        .with(Map.of(ResourceType.ofWireName(type).orElseThrow(), false), Map.of());
    }

    private static String said(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Chosen(var by) -> "chosen by " + said(by);
            case NotIncluded() -> "not included";
            case LeftOut(var by, var objections) ->
                "left out of " + said(by) + ":"
                        + objections.stream().map(MatchingTest::said).reduce("", (all, one) -> all + " " + one);
        };
    }

    private static String said(Verdict.Inclusion by) {
        return switch (by) {
            case Verdict.ByResource(var pattern) ->
                switch (pattern.reach()) {
                    case ONE -> "ARN";
                    case TYPE -> "type";
                    case SHARED_TYPE -> "shared";
                    case SERVICE -> "service";
                };
            case Verdict.ByTag(var tag) -> "tag " + tag.key();
        };
    }

    private static String said(Verdict.Objection objection) {
        return switch (objection) {
            case FailedCondition(var _, var condition, var actual) ->
                condition.key() + "=" + actual.orElse("nothing").replace(' ', '_');
            case Subtracted _ -> "subtracted";
            case OptedOut _ -> "opted-out";
            case OfRestoreTest _ -> "restore-test";
        };
    }

    @ParameterizedTest(name = "{1} of {0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    {EFS}                                  | EFS     | chosen by ARN
                    {EFS}                                  | EBS     | not included
                    {EBS} {EFS}                            | EFS     | chosen by ARN
                    *                                      | EFS     | chosen by service
                    *                                      | S3      | chosen by service
                    arn:*                                  | DB      | chosen by service
                    arn:aws:ec2:*                          | EBS     | chosen by service
                    arn:aws:ec2:*                          | EC2     | chosen by service
                    arn:aws:ec2:*                          | EFS     | not included
                    arn:aws:ec2:*:*:*                      | EC2     | chosen by service
                    arn:aws:ec2:*:*:volume/*               | EBS     | chosen by type
                    arn:aws:ec2:*:*:volume/*               | EC2     | not included
                    arn:aws:ec2:*:*:instance/*             | EC2     | chosen by type
                    arn:aws:ec2:*:*:instance/i-0*          | EC2     | chosen by type
                    arn:aws:ec2:*:*:instance/i-9*          | EC2     | not included
                    arn:aws:ec2:*:*:*/i-0*                 | EC2     | chosen by service
                    arn:aws:ec2:eu-west-1:*:instance/*     | EC2     | chosen by type
                    arn:aws:ec2:us-east-1:*:instance/*     | EC2     | not included
                    arn:aws:ec2:*:444455556666:instance/*  | EC2     | not included
                    arn:aws:ec2:*:*:inst*                  | EC2     | chosen by service
                    arn:AWS:ec2:*                          | EC2     | not included
                    arn:aws:s3:*                           | S3      | chosen by service
                    arn:aws:s3:::*                         | S3      | chosen by type
                    arn:aws:s3:::lo*                       | S3      | chosen by type
                    arn:aws:s3:::Lo*                       | S3      | not included
                    arn:aws:s3:::*gs                       | S3      | chosen by type
                    arn:aws:s3:::l?gs                      | S3      | not included
                    arn:aws:dynamodb:*                     | DB      | chosen by service
                    arn:aws:dynamodb:*:*:table/*           | DB      | chosen by type
                    arn:aws:dynamodb:*:*:table/orders      | DB      | not included
                    arn:aws:elasticfilesystem:*            | EFS     | chosen by service
                    arn:aws:elasticfilesystem:*:*:file-system/* | EFS | chosen by type
                    arn:aws:rds:*                          | RDS     | chosen by service
                    arn:aws:rds:*:*:db:*                   | RDS     | chosen by type
                    arn:aws:rds:*:*:db:*                   | CLUSTER | not included
                    arn:aws:rds:*:*:cluster:*              | CLUSTER | chosen by shared
                    arn:aws:rds:*:*:cluster:sh*            | CLUSTER | chosen by shared
                    {CLUSTER}                              | CLUSTER | chosen by ARN
                    * {EFS}                                | EFS     | chosen by ARN
                    arn:aws:ec2:* arn:aws:ec2:*:*:volume/* | EBS     | chosen by type
                    nonsense                               | EFS     | not included
                    arn:*:volume/*                         | EBS     | chosen by service
                    """)
    void anEntryOfResourcesIncludesWhatItMatches(String resources, String name, String said) {
        var verdict = Matching.of(selection(resources, "", "", Selection.Conditions.NONE), RegionSettings.defaults())
                .judge(resource(name, ""));
        assertThat(said(verdict)).isEqualTo(said);
    }

    @ParameterizedTest(name = "{0} not {1}, tags {2}, conditions {3}, on {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''       | ''        | backup=daily           | ''                | backup=daily            | chosen by tag backup
                    ''       | ''        | backup=daily           | ''                | backup=Daily            | not included
                    ''       | ''        | backup=daily           | ''                | Backup=daily            | not included
                    ''       | ''        | backup=daily           | ''                | ''                      | not included
                    ''       | ''        | backup=daily           | ''                | backup=                 | not included
                    ''       | ''        | backup=                | ''                | backup=                 | chosen by tag backup
                    ''       | ''        | backup=d*              | ''                | backup=daily            | not included
                    ''       | ''        | stage=prod backup=yes  | ''                | backup=yes              | chosen by tag backup
                    ''       | ''        | stage=prod backup=yes  | ''                | backup=no stage=test    | not included
                    {EBS}    | ''        | backup=yes             | ''                | backup=yes              | chosen by tag backup
                    {EFS}    | ''        | backup=yes             | ''                | ''                      | chosen by ARN
                    {EFS}    | ''        | backup=yes             | ''                | backup=yes              | chosen by ARN
                    *        | {EFS}     | ''                     | ''                | ''                      | left out of service: subtracted
                    {EFS}    | {EFS}     | ''                     | ''                | ''                      | left out of ARN: subtracted
                    *        | {EBS}     | ''                     | ''                | ''                      | chosen by service
                    *        | {EBS} *fs-0001 | ''                | ''                | ''                      | left out of service: subtracted
                    ''       | *         | backup=yes             | ''                | backup=yes              | left out of tag backup: subtracted
                    ''       | *         | ''                     | ''                | ''                      | not included
                    *        | ''        | ''                     | stage=prod        | stage=prod              | chosen by service
                    *        | ''        | ''                     | stage=prod        | stage=test              | left out of service: stage=test
                    *        | ''        | ''                     | stage=prod        | ''                      | left out of service: stage=nothing
                    *        | ''        | ''                     | stage=prod        | stage=PROD              | left out of service: stage=PROD
                    *        | ''        | ''                     | stage=pr*         | stage=prod              | left out of service: stage=prod
                    *        | ''        | ''                     | stage=prod team=a | stage=prod team=a       | chosen by service
                    *        | ''        | ''                     | stage=prod team=a | stage=prod team=b       | left out of service: team=b
                    *        | ''        | ''                     | stage=prod team=a | stage=test              | left out of service: stage=test team=nothing
                    *        | ''        | ''                     | stage=a stage=b   | stage=a                 | left out of service: stage=a
                    *        | ''        | ''                     | stage!=test       | stage=prod              | chosen by service
                    *        | ''        | ''                     | stage!=test       | ''                      | chosen by service
                    *        | ''        | ''                     | stage!=test       | stage=test              | left out of service: stage=test
                    *        | ''        | ''                     | stage!=test       | stage=Test              | chosen by service
                    *        | ''        | ''                     | stage!=a stage!=b | stage=b                 | left out of service: stage=b
                    *        | ''        | ''                     | stage~pr*         | stage=prod              | chosen by service
                    *        | ''        | ''                     | stage~pr*         | stage=test              | left out of service: stage=test
                    *        | ''        | ''                     | stage~pr*         | ''                      | left out of service: stage=nothing
                    *        | ''        | ''                     | stage~*rod*       | stage=eu-prod-1         | chosen by service
                    *        | ''        | ''                     | stage~*           | stage=                  | chosen by service
                    *        | ''        | ''                     | stage~*           | stage=with_blank        | chosen by service
                    *        | ''        | ''                     | stage~*           | ''                      | left out of service: stage=nothing
                    *        | ''        | ''                     | stage~p?od        | stage=prod              | left out of service: stage=prod
                    *        | ''        | ''                     | stage!~t*         | stage=prod              | chosen by service
                    *        | ''        | ''                     | stage!~t*         | stage=test              | left out of service: stage=test
                    *        | ''        | ''                     | stage!~t*         | ''                      | chosen by service
                    *        | ''        | ''                     | stage!~*          | stage=x                 | left out of service: stage=x
                    ''       | ''        | backup=yes             | stage!=test       | backup=yes stage=test   | left out of tag backup: stage=test
                    ''       | ''        | backup=yes             | stage=prod        | stage=prod              | not included
                    {EFS}    | {EFS}     | ''                     | stage=prod        | stage=test              | left out of ARN: stage=test subtracted
                    {EFS}    | ''        | ''                     | ''                | awsbackup-restore-test=1 | left out of ARN: restore-test
                    {EFS}    | ''        | ''                     | ''                | awsbackup-restore-test-2=x | left out of ARN: restore-test
                    {EFS}    | ''        | ''                     | ''                | x=awsbackup-restore-test | chosen by ARN
                    """)
    void tagsIncludeConditionsAndNotResourcesLeaveOut(
            String resources, String notResources, String listOfTags, String conditions, String tags, String said) {
        var selection = selection(resources, notResources, listOfTags, conditions(conditions));
        var verdict = Matching.of(selection, RegionSettings.defaults()).judge(resource("EFS", tags));
        assertThat(said(verdict)).isEqualTo(said);
    }

    @ParameterizedTest(name = "{0} tags {1}, {2} opted out, on {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
                    ''                         | backup=yes | EFS    | EFS     | left out of tag backup: opted-out
                    ''                         | backup=yes | EBS    | EFS     | chosen by tag backup
                    *                          | ''         | EFS    | EFS     | left out of service: opted-out
                    *                          | ''         | EBS    | EFS     | chosen by service
                    arn:aws:ec2:*              | ''         | EBS    | EBS     | left out of service: opted-out
                    arn:aws:ec2:*              | ''         | EBS    | EC2     | chosen by service
                    arn:aws:ec2:*:*:volume/*   | ''         | EBS    | EBS     | chosen by type
                    {EBS}                      | ''         | EBS    | EBS     | chosen by ARN
                    {EBS}                      | backup=yes | EBS    | EBS     | chosen by ARN
                    arn:aws:ec2:*:*:volume/*   | backup=yes | EBS    | EBS     | chosen by type
                    arn:aws:ec2:* {EBS}        | ''         | EBS    | EBS     | chosen by ARN
                    arn:aws:ec2:* *volume/*    | ''         | EBS    | EBS     | left out of service: opted-out
                    * arn:aws:ec2:*:*:volume/* | ''         | EBS    | EBS     | chosen by type
                    arn:aws:rds:*:*:cluster:*  | ''         | Aurora | CLUSTER | left out of shared: opted-out
                    arn:aws:rds:*:*:cluster:*  | ''         | RDS    | CLUSTER | chosen by shared
                    {CLUSTER}                  | ''         | Aurora | CLUSTER | chosen by ARN
                    arn:aws:rds:*:*:db:*       | ''         | RDS    | RDS     | chosen by type
                    arn:aws:rds:*              | ''         | RDS    | RDS     | left out of service: opted-out
                    arn:aws:s3:::*             | ''         | S3     | S3      | chosen by type
                    arn:aws:s3:*               | ''         | S3     | S3      | left out of service: opted-out
                    """)
    void theOptInCountsWhereNothingNamesTheTypeOrTheResource(
            String resources, String listOfTags, String optedOut, String name, String said) {
        var selection = selection(resources, "", listOfTags, Selection.Conditions.NONE);
        var verdict = Matching.of(selection, without(optedOut)).judge(resource(name, "backup=yes"));
        assertThat(said(verdict)).isEqualTo(said);
    }

    @Test
    void whatARestoreTestMadeIsKnownByItsNameAndItsIdToo() {
        var all = Matching.of(selection("*", "", "", Selection.Conditions.NONE), RegionSettings.defaults());
        var byId = new Candidate("arn:aws:s3:::awsbackup-restore-test-0815", ResourceType.S3, "x", Map.of());
        var byName = new Candidate(arn("EFS"), ResourceType.EFS, "awsbackup-restore-test-4711", Map.of());
        assertThat(said(all.judge(byId))).isEqualTo("left out of service: restore-test");
        assertThat(said(all.judge(byName))).isEqualTo("left out of service: restore-test");
    }

    @Test
    void verdictsSayInWordsWhatDecidedWithTheActualValue() {
        var resource = resource("EFS", "backup=yes stage=test");
        var selection = selection("", "*fs-0001", "backup=yes", conditions("stage=prod owner~a*"));

        assertThat(Matching.of(selection, without("EFS")).judge(resource).inWords())
                .isEqualTo("it has the tag backup = yes of ListOfTags, but StringEquals prod does not hold for its tag"
                        + " stage, which is test; and StringLike a* does not hold for its tag owner, which it does not"
                        + " have; and NotResources has *fs-0001, which matches it; and EFS is opted out in this Region"
                        + " (UpdateRegionSettings)");
        assertThat(new FailedCondition(Operator.NOT_LIKE, new TagCondition("k", "v*"), Optional.of("value")).inWords())
                .isEqualTo("StringNotLike v* does not hold for its tag k, which is value");
        assertThat(new NotIncluded().inWords()).contains("Resources").contains("ListOfTags");
    }
}

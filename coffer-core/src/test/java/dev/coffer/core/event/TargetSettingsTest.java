package dev.coffer.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.access.Secret;
import dev.coffer.core.problem.Refused;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetSettingsTest {
    private static Map<String, String> settings(String text) {
        var settings = new LinkedHashMap<String, String>();
        Arrays.stream(text.split(" ")).filter(each -> each.contains("=")).forEach(each -> {
            int equals = each.indexOf('=');
            settings.put(each.substring(0, equals), each.substring(equals + 1));
        });
        return settings;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK | url=https://a.org/x secret=0123456789abcdef",
                "WEBHOOK | url=http://127.0.0.1:80/?a=b secret=0123456789abcdef",
                "SMTP | host=mail.org from=a@b.org to=c@d.org,e@f.org",
                "SMTP | host=::1 port=2525 security=none from=a@b.org to=c@d.org",
                "SMTP | host=mail.org security=tls user=u password=p from=a@b.org to=c@d.org",
                "SNS | region=eu-west-1 accessKeyId=A secretAccessKey=S topicArn=arn:aws:sns:eu-west-1:1:t",
                "SQS | region=eu-west-1 endpoint=http://q:1 accessKeyId=A secretAccessKey=S queueUrl=http://q:1/a/b",
                "EVENTBRIDGE | region=eu-west-1 accessKeyId=A secretAccessKey=S",
                "LOG | file=events.jsonl",
                "LOG | file=/var/log/events maxBytes=1024 keep=1",
                "DIGEST | via=smtp at=07:30 zone=Europe/Berlin host=h from=a@b.org to=c@d.org",
                "DIGEST | via=webhook at=23:59 url=https://a.org secret=0123456789abcdef"
            })
    void aTargetComesBackFromItsSettingsWithoutItsSecret(TargetType type, String text) {
        var draft = TargetSettings.draft("id", type, settings(text));
        var written = TargetSettings.of(draft.spec());
        assertThat(TargetSettings.spec(type, written)).isEqualTo(draft.spec());
        assertThat(draft.spec().type()).isEqualTo(type);
        assertThat(written).doesNotContainKeys("secret", "password", "secretAccessKey");
        draft.secret()
                .map(Secret::value)
                .ifPresent(secret -> assertThat(draft.toString()).doesNotContain("=" + secret));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOK | secret=0123456789abcdef                             | url is missing.",
                "WEBHOOK | url=https://a.org                                   | secret is missing.",
                "WEBHOOK | url=https://a.org secret=short                      | secret has at least 16",
                "WEBHOOK | url=gopher://a.org secret=0123456789abcdef          | url is a URL that begins",
                "WEBHOOK | url=file:///etc/passwd secret=0123456789abcdef      | url is a URL that begins",
                "WEBHOOK | url=https:///x secret=0123456789abcdef              | url is a URL with a host",
                "WEBHOOK | url=https://u:p@a.org secret=0123456789abcdef       | url is a URL with a host",
                "WEBHOOK | url=https://a.org secret=0123456789abcdef more=x    | more is unknown.",
                "SMTP | host=h from=a@b.org to=none                            | to holds no mail address",
                "SMTP | host=h from=a@b.org to=a@b.org user=u                  | password belongs to user",
                "SMTP | host=h from=a@b.org to=a@b.org password=p              | password belongs to user",
                "SMTP | host=h security=none user=u password=p from=a@b.org to=a@b.org | security is starttls or tls",
                "SMTP | host=h port=65536 from=a@b.org to=a@b.org              | port is a whole number",
                "SNS | region=eu-west-1 accessKeyId=A topicArn=arn:aws:sns:e:1:t | secretAccessKey is missing.",
                "SNS | region=eu-west-1 accessKeyId=A secretAccessKey=S topicArn=arn:aws:sqs:e:1:t | topicArn is not",
                "SNS | region=EU accessKeyId=A secretAccessKey=S topicArn=arn:aws:sns:e:1:t | region is wrong.",
                "LOG | file=../../etc/passwd                                   | file is a file name",
                "LOG | file=/var/../etc/passwd                                 | file is a file name",
                "LOG | file=e maxBytes=1                                       | maxBytes is a whole number",
                "DIGEST | via=log at=07:30                                     | via is smtp or webhook.",
                "DIGEST | via=webhook at=7:30 url=https://a.org secret=0123456789abcdef | at is a time of day",
                "DIGEST | via=webhook at=07:30 zone=Mars url=https://a.org secret=0123456789abcdef | zone is no time zone",
                "DIGEST | via=webhook at=07:30 host=h url=https://a.org secret=0123456789abcdef | host does not belong"
            })
    void whatCannotBeIsRefusedByName(TargetType type, String text, String why) {
        assertThatThrownBy(() -> TargetSettings.draft("id", type, settings(text)))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void aHeaderCannotBeSmuggledIntoAnAddress() {
        assertThatThrownBy(() -> TargetSettings.draft(
                        "id", TargetType.SMTP, Map.of("host", "h", "from", "a@b.org", "to", "c@d.org\r\nBcc: e@f.org")))
                .isInstanceOf(Refused.class);
        assertThat(TargetSettings.draft(
                                "id",
                                TargetType.SMTP,
                                Map.of("host", "h", "from", "Coffer Backup <a@b.org>", "to", "c@d.org"))
                        .secret())
                .isEqualTo(Optional.empty());
    }
}

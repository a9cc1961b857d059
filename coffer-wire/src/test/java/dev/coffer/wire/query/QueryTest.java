package dev.coffer.wire.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.wire.error.WireError;
import dev.coffer.wire.error.WireException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QueryTest {
    private static final QueryXml XML = new QueryXml("https://example.com/doc/");

    private static QueryForm parse(String body) {
        return QueryForm.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFormIsDecodedWithPlusAsSpace() {
        var form = parse("Action=AssumeRole&Name=a+b%2Bc%C3%A9&Empty=&Tags.member.1.Key=k");
        assertThat(form.value("Action")).contains("AssumeRole");
        assertThat(form.value("Name")).contains("a b+c\u00e9");
        assertThat(form.value("Empty")).contains("");
        assertThat(form.value("Missing")).isEmpty();
        assertThat(form.hasAny("Tags.")).isTrue();
        assertThat(form.hasAny("PolicyArns.")).isFalse();
        assertThat(parse("").valueByName()).isEmpty();
    }

    @Test
    void aFormThatCannotBeReadInOneWayIsRefused() {
        for (var body : new String[] {"a=%", "a=%ff", "a=1&a=2", "a=1&%61=2"}) {
            assertThatThrownBy(() -> parse(body))
                    .as(body)
                    .isInstanceOfSatisfying(
                            WireException.class,
                            refused -> assertThat(refused.error().type()).isEqualTo("MalformedQueryString"));
        }
    }

    @Test
    void anAnswerIsXmlInWhichNoTextCanBeMarkup() {
        var inner = new LinkedHashMap<String, Object>();
        inner.put("Key", "<&\">\u0000");
        var answer = XML.answer("Do", Map.of("Inner", inner), "id-1");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("Content-Type", "text/xml");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("<DoResponse xmlns=\"https://example.com/doc/\"><DoResult><Inner>"
                        + "<Key>&lt;&amp;&quot;&gt;?</Key></Inner></DoResult><ResponseMetadata>"
                        + "<RequestId>id-1</RequestId></ResponseMetadata></DoResponse>");
    }

    @Test
    void anErrorSaysWhoseFaultItIs() {
        assertThat(new String(
                        XML.error(WireError.of("AccessDenied", 403, "no"), "id").body(), StandardCharsets.UTF_8))
                .isEqualTo("<ErrorResponse xmlns=\"https://example.com/doc/\"><Error><Type>Sender</Type>"
                        + "<Code>AccessDenied</Code><Message>no</Message></Error><RequestId>id</RequestId>"
                        + "</ErrorResponse>");
        assertThat(new String(XML.error(WireError.internalFailure(), "id").body(), StandardCharsets.UTF_8))
                .contains("<Type>Receiver</Type>");
    }
}

package dev.coffer.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventJsonTest {
    /** SQS refuses a message with a character that XML cannot have, and the event would hold up all behind it. */
    @ParameterizedTest
    @CsvSource({"FFFE", "FFFF", "0001", "D800", "2028"})
    void charactersThatTargetsRefuseAreEscaped(String code) {
        var text = "a" + (char) Integer.parseInt(code, 16) + "b";
        assertThat(EventJson.text(Map.of("name", text))).isEqualToIgnoringCase("{\"name\":\"a\\u" + code + "b\"}");
    }
}

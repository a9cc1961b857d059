package dev.coffer.aws.endpoint;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import software.amazon.awssdk.core.SdkResponse;

/** The clock of an endpoint, as the {@code Date} of its answers tells it, in whole seconds. */
public final class AnswerDate {
    private AnswerDate() {}

    /** When the answer was made; empty if it does not say so. */
    public static Optional<Instant> of(SdkResponse answer) {
        return answer.sdkHttpResponse().firstMatchingHeader("Date").flatMap(AnswerDate::parsed);
    }

    private static Optional<Instant> parsed(String header) {
        try {
            return Optional.of(ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}

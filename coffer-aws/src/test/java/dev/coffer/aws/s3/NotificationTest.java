package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.aws.s3.Notification.Told;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood of messages about bucket {@code b}, without any server. */
final class NotificationTest {
    private static final String PUT =
            "{\"Records\":[{\"eventSource\":\"aws:s3\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a+b%2Bc/%C3%BC\"}}},"
                    + "{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"two\"}}}]}";

    private static Set<String> keys(String body) {
        return Notification.read(body, "b") instanceof Told.Keys(var keys) ? keys : Set.of("not understood");
    }

    private static String inEnvelope(String message) {
        return "{\"Type\":\"Notification\",\"Message\":\""
                + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }

    @Test
    void keysAreReadFromEveryFormAndDecodedWhereTheyAreCoded() {
        assertThat(keys(PUT)).containsExactlyInAnyOrder("a b+c/\u00fc", "two");
        assertThat(keys(inEnvelope(PUT))).containsExactlyInAnyOrder("a b+c/\u00fc", "two");
        var bus = "{\"source\":\"aws.s3\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a+b %2B\"}}}";
        assertThat(keys(bus)).containsExactly("a+b %2B");
        assertThat(keys(inEnvelope(inEnvelope(bus)))).containsExactly("a+b %2B");
        assertThat(keys("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"Records\":[]}",
                "{\"Records\":[7]}",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"%zz\"}}}]}",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{}}}]}",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"other\"},\"object\":{\"key\":\"a\"}}}]}",
                "{\"Records\":[{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a\"}}},"
                        + "{\"s3\":{\"bucket\":{\"name\":\"other\"},\"object\":{\"key\":\"a\"}}}]}",
                "{\"source\":\"aws.s3\",\"detail\":{\"bucket\":{\"name\":\"other\"},\"object\":{\"key\":\"a\"}}}",
                "{\"source\":\"aws.ec2\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"a\"}}}",
                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"other\"}",
                "{\"Message\":\"{\\\"Message\\\":\\\"{\\\\\\\"Message\\\\\\\":\\\\\\\"{}\\\\\\\"}\\\"}\"}"
            })
    void whatIsAboutAnotherBucketOrCannotBeUnderstoodTellsNothing(String body) {
        assertThat(Notification.read(body, "b")).isInstanceOf(Told.Unknown.class);
    }

    @Test
    void aKeyThatNoBucketCanHaveIsNotUnderstood() {
        assertThat(keys("{\"source\":\"aws.s3\",\"detail\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\""
                        + "k".repeat(1025) + "\"}}}"))
                .containsExactly("not understood");
    }

    @Test
    void thePlaceComesBackFromItsToken() {
        var place = FeedPlace.listed(
                Instant.ofEpochMilli(1234), 5, Optional.of(new FeedPlace.Surprise(1, 2, Instant.ofEpochMilli(-5))));
        assertThat(FeedPlace.of(place.token())).contains(place);
        assertThat(FeedPlace.of(place.told(3, -7).token()))
                .contains(new FeedPlace(Instant.ofEpochMilli(1234), 0, 3, place.surprise()));
        assertThat(FeedPlace.of("")).isEmpty();
        assertThat(FeedPlace.of("listed=yesterday versions=1 told=0")).isEmpty();
    }
}

package dev.coffer.testkit.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link dev.coffer.core.connector.ChangeFeed} promises, on a resource of names and texts. */
public interface ChangeFeedContract {
    /** A resource that can be followed. */
    interface Changing {
        /** Followed into a vault of its own; the base is not yet made. */
        FollowedResource followed();

        void put(String name, String text) throws InterruptedException;

        void remove(String name) throws InterruptedException;

        Map<String, String> content() throws InterruptedException;

        /** A whole second after all that was done before and before all that is done afterwards, by the clock of the resource. */
        Instant moment() throws InterruptedException;

        /** What a restore to the moment makes. */
        Map<String, String> restored(Instant moment) throws InterruptedException;
    }

    /** A fresh resource with some content. */
    Changing changing() throws Exception;

    @Test
    default void everyMomentComesBackWhateverRoundsWereInBetween() throws Exception {
        var resource = changing();
        var states = new LinkedHashMap<Instant, Map<String, String>>();
        resource.put("a", "one");
        resource.put("b", "stays");
        resource.followed().base();
        states.put(resource.moment(), resource.content());
        resource.put("a", "two");
        resource.put("c", "new");
        states.put(resource.moment(), resource.content());
        resource.remove("b");
        states.put(resource.moment(), resource.content());
        follow(resource, false);
        resource.put("b", "again");
        states.put(resource.moment(), resource.content());
        follow(resource, true);
        follow(resource, false);
        resource.remove("a");
        states.put(resource.moment(), resource.content());
        follow(resource, false);
        resource.put("a", "too late");

        for (var state : states.entrySet()) {
            assertThat(resource.restored(state.getKey()))
                    .as("%s", state.getKey())
                    .isEqualTo(state.getValue());
        }
    }

    /** One round, when the resource's clock has passed what was done. */
    private static boolean follow(Changing resource, boolean scheduled) throws InterruptedException {
        var _ = resource.moment();
        var before = resource.followed().position();
        boolean written = resource.followed().follow(scheduled);
        var now = resource.followed().position();
        assertThat(now.reached()).isAfterOrEqualTo(before.reached());
        assertThat(now.checked()).isAfterOrEqualTo(before.checked()).isBeforeOrEqualTo(now.reached());
        assertThat(now.token().getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(FeedPosition.TOKEN_BYTES_AT_MOST);
        return written;
    }

    @Test
    default void aRoundWithoutChangesWritesNoMarkAndMovesThePosition() throws Exception {
        var resource = changing();
        resource.put("a", "one");
        resource.followed().base();
        // What came before the base may come once more.
        follow(resource, false);
        var moment = resource.moment();
        assertThat(follow(resource, false)).isFalse();
        assertThat(follow(resource, false)).isFalse();
        assertThat(resource.followed().position().reached()).isAfterOrEqualTo(moment);
        assertThat(resource.restored(moment)).isEqualTo(resource.content());
    }

    @Test
    default void aRoundThatDiesBeforeItsMarkIsDurableLosesNothing() throws Exception {
        var resource = changing();
        resource.put("a", "one");
        resource.followed().base();
        resource.put("a", "two");
        resource.put("b", "new");
        var moment = resource.moment();
        var state = resource.content();
        var before = resource.followed().position();
        resource.followed().failBeforeManifest(new IllegalStateException("the lease is lost"));
        assertThatThrownBy(() -> follow(resource, false)).hasMessage("the lease is lost");
        assertThat(resource.followed().position()).isEqualTo(before);
        assertThat(resource.followed().marks()).hasSize(1);

        assertThat(follow(resource, false)).isTrue();
        assertThat(resource.restored(moment)).isEqualTo(state);
    }

    @Test
    default void theBaseIsAnImageAndAMarkReachesWhatItSays() throws Exception {
        var resource = changing();
        resource.put("a", "one");
        resource.followed().base();
        resource.put("a", "two");
        follow(resource, false);
        assertThat(resource.followed().marks().getFirst().kind()).isEqualTo(FeedMark.Kind.IMAGE);
        assertThat(resource.followed().marks()).hasSize(2);
        assertThat(resource.followed().marks().getLast().through())
                .isEqualTo(resource.followed().position().reached());
    }
}

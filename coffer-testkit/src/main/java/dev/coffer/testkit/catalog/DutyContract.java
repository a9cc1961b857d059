package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.job.RunnerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** What duties promise. */
public interface DutyContract extends CatalogUnderTest {
    private boolean take(String name, RunnerId holder, long now) {
        return catalog().<Boolean>write(tx -> tx.duties().take(name, holder, at(now), at(now + 100)));
    }

    private boolean held(String name, RunnerId holder) {
        return catalog().<Boolean>write(tx -> tx.duties().isHeld(name, holder));
    }

    @Test
    default void aDutyIsOneProcessesUntilItsTimeIsOver() {
        var a = new RunnerId("a", "1");
        var b = new RunnerId("b", "1");
        assertThat(held("events", a)).isFalse();
        assertThat(take("events", a, 0)).isTrue();
        assertThat(take("events", b, 99)).isFalse();
        assertThat(take("other", b, 99)).isTrue();
        assertThat(take("events", a, 90)).as("kept longer").isTrue();
        assertThat(take("events", b, 189)).isFalse();
        assertThat(held("events", a)).isTrue();
        assertThat(take("events", b, 190)).isTrue();
        assertThat(held("events", a)).isFalse();
        assertThat(held("events", b)).isTrue();
        assertThat(take("events", a, 200)).isFalse();
    }

    @Test
    default void whatAnEarlierStartOfTheNodeHadIsFree() {
        assertThat(take("events", new RunnerId("a", "1"), 0)).isTrue();
        assertThat(take("events", new RunnerId("a", "2"), 1)).isTrue();
        assertThat(held("events", new RunnerId("a", "1"))).isFalse();
    }

    @Test
    default void aDutyIsReleasedByItsHolderAlone() {
        var a = new RunnerId("a", "1");
        var b = new RunnerId("b", "1");
        take("events", a, 0);
        change(tx -> tx.duties().release("events", b));
        assertThat(take("events", b, 1)).isFalse();
        change(tx -> tx.duties().release("events", a));
        assertThat(take("events", b, 1)).isTrue();
    }

    @Test
    default void ofManyThatTakeADutyAtOnceOneHasIt() {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 6; i++) {
            var holder = new RunnerId("node-" + i, "1");
            tasks.add(() -> take("events", holder, 0));
        }
        assertThat(Collections.frequency(CatalogUnderTest.together(tasks), true))
                .isEqualTo(1);
    }
}

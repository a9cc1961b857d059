package dev.coffer.engine.event;

import static dev.coffer.engine.EngineBench.ADMIN;
import static dev.coffer.engine.EngineBench.STRANGER;
import static dev.coffer.engine.EngineBench.refusal;
import static dev.coffer.engine.event.EventBench.rule;
import static dev.coffer.engine.event.EventBench.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.problem.Problem.Kind;
import dev.coffer.engine.EngineBench;
import dev.coffer.engine.event.TargetView.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventRuleServiceTest {
    private final EngineBench bench;
    private final EventBench events;

    EventRuleServiceTest(@TempDir Path folder) {
        bench = new EngineBench(folder);
        events = new EventBench(bench);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aRuleSendsWhatMatchesFromItsPutOn() throws Exception {
        events.emit(1);
        events.rules.put(ADMIN, rule("odd", "\"number\":1", webhook("a", "a.org"), webhook("b", "b.org")));
        try (var pump = events.pump()) {
            events.emit(1);
            events.emit(2);
            events.emit(12);
            pump.tick();
        }
        assertThat(events.sent).containsExactlyInAnyOrder("a.org 1", "a.org 12", "b.org 1", "b.org 12");
        assertThat(events.secrets).contains("a secret of a.org that is long");
        var stored = bench.catalog.read(view -> view.eventRules().all()).toString();
        assertThat(stored).doesNotContain("a secret of a.org that is long");
    }

    @Test
    void eventsOfOthersAndWhatIsForTopicsAloneReachNoRule() throws Exception {
        events.rules.put(ADMIN, rule("all", "", webhook("a", "a.org")));
        var mine = events.emit(1);
        bench.write(tx -> {
            tx.emit(new dev.coffer.core.event.Event(
                    bench.ids.get(), "Test", STRANGER.scope(), mine.at(), List.of(), mine.detail()));
            tx.emit(new dev.coffer.core.event.Event(
                    bench.ids.get(), "Recovery Point Change", ADMIN.scope(), mine.at(), List.of(), mine.detail()));
        });
        try (var pump = events.pump()) {
            pump.tick();
        }
        assertThat(events.sent).containsExactly("a.org 1");
    }

    @Test
    void aTargetThatIsPutAgainGoesOnAndOneThatIsGoneIsForgotten() throws Exception {
        events.rules.put(ADMIN, rule("all", "", webhook("a", "a.org"), webhook("b", "b.org")));
        events.emit(1);
        events.rules.put(ADMIN, rule("all", "", webhook("a", "new.org")));
        try (var pump = events.pump()) {
            pump.tick();
            assertThat(events.sent).containsExactly("new.org 1");
            events.rules.delete(ADMIN, "all");
            events.emit(2);
            pump.tick();
        }
        assertThat(events.sent).containsExactly("new.org 1");
        bench.clock.advance(Duration.ofDays(30));
        assertThat(bench.catalog.<Integer>write(tx -> tx.outbox().deleteBefore(bench.clock.instant())))
                .as("nobody holds events back")
                .isEqualTo(2);
        assertThat(events.changes).hasValue(3);
    }

    @Test
    void whatHappensWhileARuleIsDisabledIsNotSentLater() throws Exception {
        var off = new EventRuleService.Draft(ADMIN.scope(), "all", "", false, List.of(webhook("a", "a.org")));
        events.rules.put(ADMIN, off);
        try (var pump = events.pump()) {
            events.emit(1);
            pump.tick();
            assertThat(events.rules.targets(ADMIN).getFirst().health()).isEqualTo(Health.DISABLED);
            events.rules.put(ADMIN, rule("all", "", webhook("a", "a.org")));
            events.emit(2);
            pump.tick();
        }
        assertThat(events.sent).containsExactly("a.org 2");
    }

    @Test
    void aTargetThatFailsShowsWhyAndHowMuchWaits() throws Exception {
        events.rules.put(ADMIN, rule("all", "", webhook("a", "a.org")));
        assertThat(events.rules.targets(ADMIN).getFirst().health()).isEqualTo(Health.DELIVERING);
        events.failure = java.util.Optional.of(new DeliveryException("a.org answered 500"));
        try (var pump = events.pump()) {
            events.emit(1);
            events.emit(2);
            pump.tick();
        }
        var shown = events.rules.targets(ADMIN).getFirst();
        assertThat(shown.health()).isEqualTo(Health.FAILING);
        assertThat(shown.waiting()).isEqualTo(2);
        assertThat(shown.state().orElseThrow().lastError()).contains("a.org answered 500");
        assertThat(events.rules.targets(STRANGER)).isEmpty();
    }

    @Test
    void rulesBelongToTheirAccountAlone() {
        events.rules.put(ADMIN, rule("mine", "", webhook("a", "a.org")));
        assertThat(events.rules.list(STRANGER)).isEmpty();
        assertThat(refusal(() -> events.rules.get(STRANGER, "mine")).kind()).isEqualTo(Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> events.rules.delete(STRANGER, "mine")).kind()).isEqualTo(Kind.RESOURCE_NOT_FOUND);
        assertThat(refusal(() -> events.rules.put(STRANGER, rule("mine", "", webhook("a", "a.org"))))
                        .kind())
                .isEqualTo(Kind.ACCESS_DENIED);
        assertThat(events.rules.get(ADMIN, "mine").origin()).isEqualTo(Origin.API);
    }

    @Test
    void whatCannotBeIsRefusedAndChangesNothing() {
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("bad name", "", webhook("a", "a.org"))))
                        .message())
                .startsWith("The name of a rule is");
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("r", "broken", webhook("a", "a.org"))))
                        .message())
                .isEqualTo("The event pattern is not valid.");
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("r", ""))).message())
                .isEqualTo("A rule has 1 to 10 targets.");
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("r", "", webhook("a", "a.org"), webhook("a", "b.org"))))
                        .message())
                .isEqualTo("Target a stands twice in the rule.");
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("r", "", webhook("a", "forbidden.org"))))
                        .message())
                .isEqualTo("address not allowed by policy");
        for (int i = 0; i < 100; i++) {
            events.rules.put(ADMIN, rule("rule-" + i, "", webhook("a", "a.org")));
        }
        assertThat(refusal(() -> events.rules.put(ADMIN, rule("r", "", webhook("a", "a.org"))))
                        .kind())
                .isEqualTo(Kind.LIMIT_EXCEEDED);
        events.rules.put(ADMIN, rule("rule-1", "changed", webhook("a", "a.org")));
        assertThat(events.rules.list(ADMIN)).hasSize(100);
    }

    @Test
    void theFileWinsAtEachStartAndLeavesOtherRulesAlone() {
        events.rules.put(ADMIN, rule("by-hand", "", webhook("a", "a.org")));
        events.rules.load(List.of(rule("one", "x", webhook("a", "a.org")), rule("two", "", webhook("a", "a.org"))));
        events.rules.put(ADMIN, rule("one", "changed by hand", webhook("a", "a.org")));
        events.rules.load(List.of(rule("one", "x", webhook("a", "a.org"))));

        assertThat(events.rules.list(ADMIN))
                .extracting(EventRule::name, EventRule::pattern, EventRule::origin)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("by-hand", "", Origin.API),
                        org.assertj.core.groups.Tuple.tuple("one", "x", Origin.FILE));
    }
}

package dev.coffer.core.continuous;

import static dev.coffer.core.connector.FeedMark.Kind.CHANGES;
import static dev.coffer.core.connector.FeedMark.Kind.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.connector.FeedPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryTest {
    private static Instant at(long second) {
        return Instant.ofEpochSecond(1_000_000 + second);
    }

    private static Mark mark(long number, boolean base, FeedMark.Kind kind, long at, long through) {
        return new Mark(number, base, kind, new FeedPosition("t" + number, at(at)), at(at), at(through));
    }

    /** Images at 10, 20 and 30, known until 15, 20 and 40; a gap; images at 60 and 70, known until 65 and 80. */
    private static final History IMAGES = new History(List.of(
            mark(1, true, IMAGE, 10, 15),
            mark(2, false, IMAGE, 20, 20),
            mark(3, false, IMAGE, 30, 40),
            mark(4, true, IMAGE, 60, 65),
            mark(5, false, IMAGE, 70, 80)));

    /** A base at 10, changes up to 20 and 30, an image at 40, changes up to 50. */
    private static final History CHANGED = new History(List.of(
            mark(1, true, IMAGE, 10, 12),
            mark(2, false, CHANGES, 20, 20),
            mark(3, false, CHANGES, 30, 35),
            mark(4, false, IMAGE, 40, 40),
            mark(5, false, CHANGES, 50, 55)));

    private static String serving(History history, long second) {
        return history.serving(at(second))
                .map(marks ->
                        marks.stream().map(mark -> Long.toString(mark.number())).reduce("", String::concat))
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource({
        "9, none",
        "10, 1",
        "15, 1",
        "16, 12",
        "19, 12",
        "20, 2",
        "21, 23",
        "30, 3",
        "40, 3",
        "41, none",
        "59, none",
        "60, 4",
        "65, 4",
        "66, 45",
        "70, 5",
        "80, 5",
        "81, none"
    })
    void aMomentIsServedByTheNewestImageBeforeItAndWhatReachesIt(long second, String marks) {
        assertThat(serving(IMAGES, second)).isEqualTo(marks);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 1",
        "12, 1",
        "13, 12",
        "20, 12",
        "21, 123",
        "35, 123",
        "36, 1234",
        "40, 4",
        "41, 45",
        "55, 45",
        "56, none"
    })
    void changesNeedTheImageBeforeThem(long second, String marks) {
        assertThat(serving(CHANGED, second)).isEqualTo(marks);
    }

    private static Mark told(long number, FeedMark.Kind kind, long at, long checked) {
        return new Mark(
                number,
                false,
                kind,
                new FeedPosition("", at(at), at(checked)),
                at(at),
                at(at),
                at(checked),
                Optional.empty());
    }

    /** An image at 10; what the source told by 20 and 30, the first of it certain; an image at 40; what it told by 50. */
    private static final History TOLD = new History(List.of(
            mark(1, true, IMAGE, 10, 10),
            told(2, CHANGES, 20, 15),
            told(3, CHANGES, 30, 15),
            told(4, IMAGE, 40, 40),
            told(5, CHANGES, 50, 40)));

    @ParameterizedTest
    @CsvSource({"10, 1", "11, 12", "15, 12", "16, 1234", "25, 1234", "39, 1234", "40, 4", "41, 45", "50, 45", "51, none"
    })
    void whatIsNotCertainIsServedByAllThatMayKnowMoreOfIt(long second, String marks) {
        assertThat(serving(TOLD, second)).isEqualTo(marks);
    }

    @Test
    void aWindowTellsUpToWhereItIsCertain() {
        assertThat(TOLD.windows(at(0))).containsExactly(new Window(at(10), at(50), at(40)));
        assertThat(TOLD.windows(at(0)).getFirst().isCertain()).isFalse();
        assertThat(IMAGES.windows(at(0))).allMatch(Window::isCertain);
    }

    @Test
    void aGapTellsWhy() {
        var base = new Mark(
                3,
                true,
                IMAGE,
                new FeedPosition("", at(60)),
                at(60),
                at(70),
                at(70),
                Optional.of("the stream was cut"));
        var history = new History(List.of(mark(1, true, IMAGE, 10, 15), mark(2, false, IMAGE, 20, 25), base));
        assertThat(history.gaps(at(0))).containsExactly(new Gap(at(25), at(60), Optional.of("the stream was cut")));
        assertThat(history.gaps(at(26))).isEmpty();
        assertThat(IMAGES.gaps(at(0))).containsExactly(new Gap(at(40), at(60), Optional.empty()));
    }

    @Test
    void theOldestMarksAreForgottenWhenTheNextImageOrTheEndOfTheirStretchIsTooOld() {
        var day = Duration.ofDays(1);
        assertThat(IMAGES.forgetsNext(Optional.of(IMAGES.marks().get(1)), day, true))
                .contains(at(20).plus(day));
        var kept = new History(IMAGES.marks().subList(2, 5));
        assertThat(kept.forgetsNext(Optional.of(kept.marks().get(1)), day, true))
                .contains(at(40).plus(day));
        var last = new History(IMAGES.marks().subList(4, 5));
        assertThat(last.forgetsNext(Optional.empty(), day, true)).isEmpty();
        assertThat(last.forgetsNext(Optional.empty(), day, false)).contains(at(80).plus(day));
        assertThat(new History(List.of()).forgetsNext(Optional.empty(), day, false))
                .isEmpty();
    }

    @Test
    void aGapIsShownAndNoWindowReachesOverIt() {
        assertThat(IMAGES.windows(at(0))).containsExactly(new Window(at(10), at(40)), new Window(at(60), at(80)));
        assertThat(IMAGES.shown(at(0))).isEqualTo(at(10) + " to " + at(40) + ", and " + at(60) + " to " + at(80));
    }

    @ParameterizedTest
    @CsvSource({"25, 2, 25", "40, 2, 40", "41, 1, 60", "75, 1, 75", "80, 1, 80"})
    void whatIsOlderThanTheRetentionIsInNoWindow(long oldest, int windows, long earliest) {
        assertThat(IMAGES.windows(at(oldest))).hasSize(windows);
        assertThat(IMAGES.windows(at(oldest)).getFirst().earliest()).isEqualTo(at(earliest));
    }

    @Test
    void nothingIsLeftOfAHistoryThatIsOlderThanTheRetention() {
        assertThat(IMAGES.windows(at(81))).isEmpty();
        assertThat(IMAGES.shown(at(81))).isEqualTo("none yet");
        assertThat(new History(List.of()).windows(at(0))).isEmpty();
        assertThat(new History(List.of()).serving(at(0))).isEmpty();
        assertThat(new History(List.of()).reached()).isEmpty();
    }

    @Test
    void windowsAreOfWholeSecondsThatAreSurelyCovered() {
        var mark = new Mark(1, true, IMAGE, new FeedPosition("", at(10)), at(10).plusMillis(1), at(12).plusMillis(999));
        assertThat(new History(List.of(mark)).windows(at(0))).containsExactly(new Window(at(11), at(12)));
        var none = new Mark(1, true, IMAGE, new FeedPosition("", at(10)), at(10).plusMillis(1), at(10).plusMillis(2));
        assertThat(new History(List.of(none)).windows(at(0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "9, true, ''",
        "10, true, ''",
        "20, true, 1",
        "29, true, 1",
        "30, true, 12",
        "40, true, 12",
        "41, true, 123",
        "70, true, 1234",
        "100, true, 1234",
        "80, false, 1234",
        "81, false, 12345"
    })
    void onlyWhatNoMomentWithinTheRetentionNeedsIsForgotten(long oldest, boolean goesOn, String gone) {
        var forgotten = IMAGES.forgettable(at(oldest), goesOn);
        assertThat(forgotten.stream().map(mark -> Long.toString(mark.number())).reduce("", String::concat))
                .isEqualTo(gone);
        for (long second = oldest; second <= 80; second++) {
            var kept = new History(IMAGES.marks().stream()
                    .filter(mark -> !forgotten.contains(mark))
                    .toList());
            assertThat(serving(kept, second)).isEqualTo(serving(IMAGES, second));
        }
    }

    @Test
    void changesAreKeptUntilAnImageStandsForAllMoments() {
        assertThat(CHANGED.forgettable(at(39), true)).isEmpty();
        assertThat(CHANGED.forgettable(at(40), true)).hasSize(3);
        assertThat(CHANGED.reached()).contains(at(55));
    }

    @Test
    void aMarkReachesItsOwnMomentAndNeverLess() {
        assertThatThrownBy(() -> mark(1, true, IMAGE, 10, 9)).isInstanceOf(IllegalArgumentException.class);
        var mark = mark(1, true, IMAGE, 10, 15);
        assertThat(mark.reaching(new FeedPosition("", at(20))).through()).isEqualTo(at(20));
        assertThat(mark.reaching(new FeedPosition("", at(12))).through()).isEqualTo(at(15));
        var told = mark.reaching(new FeedPosition("", at(20), at(17)));
        assertThat(told.through()).isEqualTo(at(20));
        assertThat(told.checked()).isEqualTo(at(17));
        assertThatThrownBy(() -> new FeedPosition("", at(20), at(21))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFactsOfAMarkComeBackFromTheirTexts() {
        var plain = new MarkFacts("job", 7, true, CHANGES, new FeedPosition("t", at(5)), Optional.empty(), at(4));
        assertThat(MarkFacts.of(plain.addTo(java.util.Map.of()))).contains(plain);
        assertThat(plain.addTo(java.util.Map.of())).doesNotContainKeys("Continuous/Checked", "Continuous/Gap");
        var facts = new MarkFacts(
                "job", 7, true, CHANGES, new FeedPosition("token \n ü", at(5), at(3)), Optional.of("why"), at(4));
        var texts = facts.addTo(java.util.Map.of("IamRoleArn", "r"));
        assertThat(MarkFacts.of(texts)).contains(facts);
        assertThat(texts).containsEntry("IamRoleArn", "r");
        assertThat(MarkFacts.of(java.util.Map.of("IamRoleArn", "r"))).isEqualTo(Optional.empty());
        var broken = new java.util.TreeMap<>(texts);
        broken.put("Continuous/Reached", "yesterday");
        assertThatThrownBy(() -> MarkFacts.of(broken)).isInstanceOf(IllegalArgumentException.class);
        broken.remove("Continuous/Reached");
        assertThatThrownBy(() -> MarkFacts.of(broken)).isInstanceOf(IllegalArgumentException.class);
    }
}

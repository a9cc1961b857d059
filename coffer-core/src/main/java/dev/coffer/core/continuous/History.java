package dev.coffer.core.continuous;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the marks of one series can restore. A base begins a stretch; the marks after it go on without a gap, up to where the last one reaches. Between two stretches is a gap.
 *
 * @param marks in the order of their numbers; the first is a base, or what is left of a stretch whose beginning was forgotten
 */
public record History(List<Mark> marks) {
    public History {
        marks = List.copyOf(marks);
    }

    private List<List<Mark>> stretches() {
        var stretches = new ArrayList<List<Mark>>();
        for (var mark : marks) {
            if (mark.base() || stretches.isEmpty()) {
                stretches.add(new ArrayList<>());
            }
            stretches.getLast().add(mark);
        }
        return stretches;
    }

    /**
     * The stretches that can be restored, the oldest first.
     *
     * @param oldest what is older is over, though its marks may still be there
     */
    public List<Window> windows(Instant oldest) {
        var windows = new ArrayList<Window>();
        for (var stretch : stretches()) {
            var from = wholeNotBefore(later(stretch.getFirst().at(), oldest));
            var to = stretch.getLast().through().truncatedTo(ChronoUnit.SECONDS);
            if (!to.isBefore(from)) {
                windows.add(new Window(from, to, checked(stretch, to)));
            }
        }
        return windows;
    }

    /** The last second up to which a stretch is certain: its marks know more and more, so the last one tells. */
    private static Instant checked(List<Mark> stretch, Instant to) {
        var checked = stretch.getLast().checked().truncatedTo(ChronoUnit.SECONDS);
        return checked.isAfter(to) ? to : checked;
    }

    /**
     * The gaps between the windows, the oldest first.
     *
     * @param oldest as for {@link #windows}
     */
    public List<Gap> gaps(Instant oldest) {
        var gaps = new ArrayList<Gap>();
        var before = Optional.<Window>empty();
        for (var stretch : stretches()) {
            var window = new History(stretch).windows(oldest).stream().findFirst();
            if (before.isPresent() && window.isPresent()) {
                gaps.add(new Gap(
                        before.get().latest(),
                        window.get().earliest(),
                        stretch.getFirst().gap()));
            }
            if (window.isPresent()) {
                before = window;
            }
        }
        return gaps;
    }

    /**
     * When the oldest of the marks can be forgotten at the earliest; empty if they are needed as long as the series grows.
     *
     * @param secondImage the first image behind the oldest mark
     * @param goesOn as for {@link #forgettable}
     */
    public Optional<Instant> forgetsNext(Optional<Mark> secondImage, Duration retention, boolean goesOn) {
        var stretches = stretches();
        if (stretches.isEmpty()) {
            return Optional.empty();
        }
        var end = stretches.getFirst().getLast();
        return secondImage
                .filter(image -> image.number() <= end.number())
                .map(Mark::at)
                .or(() -> stretches.size() > 1 || !goesOn ? Optional.of(end.through()) : Optional.empty())
                .map(moment -> moment.plus(retention));
    }

    /** The windows as a message names them. */
    public String shown(Instant oldest) {
        var windows = windows(oldest);
        return windows.isEmpty()
                ? "none yet"
                : windows.stream()
                        .map(window -> window.earliest() + " to " + window.latest())
                        .collect(Collectors.joining(", and "));
    }

    /** The marks that a restore to the moment needs, the oldest first: the newest image that is not after it, and those after that, up to the first that is certain of it, or the last; empty if the moment is in no stretch. */
    public Optional<List<Mark>> serving(Instant moment) {
        for (var stretch : stretches()) {
            if (!moment.isBefore(stretch.getFirst().at())
                    && !moment.isAfter(stretch.getLast().through())) {
                return Optional.of(serving(stretch, moment));
            }
        }
        return Optional.empty();
    }

    private static List<Mark> serving(List<Mark> stretch, Instant moment) {
        int from = 0;
        int to = 0;
        for (int i = 0; i < stretch.size(); i++) {
            var mark = stretch.get(i);
            if (mark.isImage() && !mark.at().isAfter(moment)) {
                from = i;
            }
            to = i;
            if (!mark.checked().isBefore(moment)) {
                break;
            }
        }
        return List.copyOf(stretch.subList(from, to + 1));
    }

    /**
     * The marks that no moment from {@code oldest} on needs.
     *
     * @param goesOn whether the series is followed, so that its last stretch grows on, however old it is
     */
    public List<Mark> forgettable(Instant oldest, boolean goesOn) {
        var gone = new ArrayList<Mark>();
        var stretches = stretches();
        for (int i = 0; i < stretches.size(); i++) {
            var stretch = stretches.get(i);
            boolean growing = goesOn && i == stretches.size() - 1;
            if (!growing && stretch.getLast().through().isBefore(oldest)) {
                gone.addAll(stretch);
            } else {
                gone.addAll(stretch.subList(0, firstNeeded(stretch, oldest)));
            }
        }
        return gone;
    }

    private static int firstNeeded(List<Mark> stretch, Instant oldest) {
        int needed = 0;
        for (int i = 0; i < stretch.size(); i++) {
            if (stretch.get(i).isImage() && !stretch.get(i).at().isAfter(oldest)) {
                needed = i;
            }
        }
        return needed;
    }

    /** The last moment that the series knows of. */
    public Optional<Instant> reached() {
        return marks.isEmpty() ? Optional.empty() : Optional.of(marks.getLast().through());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }

    private static Instant wholeNotBefore(Instant moment) {
        var cut = moment.truncatedTo(ChronoUnit.SECONDS);
        return cut.isBefore(moment) ? cut.plusSeconds(1) : cut;
    }
}

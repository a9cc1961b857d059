package dev.coffer.core.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The largest group of sources that show the same time, within ten minutes. The host's clock is one of the sources.
 *
 * @param earliest the first of the group's times
 * @param latest the last of them
 * @param outside how many of the group are outside this host
 * @param withHost whether the host's clock is in the group
 * @param majority whether the group is more than half of all
 */
record Agreement(Instant earliest, Instant latest, int outside, boolean withHost, boolean majority) {
    private static final Duration SAME = Duration.ofMinutes(10);
    private static final Duration APART = Duration.ofHours(1);

    static Agreement of(Instant host, List<TimeReading> readings) {
        var all = new ArrayList<>(readings.stream().map(TimeReading::at).toList());
        all.add(host);
        all.sort(Comparator.naturalOrder());
        var best = new Agreement(host, host, 0, true, all.size() == 1);
        for (var first : all) {
            var group = all.stream()
                    .filter(at -> !at.isBefore(first) && !at.isAfter(first.plus(SAME)))
                    .toList();
            boolean withHost = !host.isBefore(first) && !host.isAfter(first.plus(SAME));
            int outside = group.size() - (withHost ? 1 : 0);
            int size = best.outside + (best.withHost ? 1 : 0);
            if (group.size() > size || (group.size() == size && withHost && !best.withHost)) {
                best = new Agreement(first, group.getLast(), outside, withHost, group.size() * 2 > all.size());
            }
        }
        return best;
    }

    /** Whether the host's clock is one of a majority that has an outside source. */
    boolean confirmsHost() {
        return withHost && majority && outside >= 1;
    }

    /** Whether two outside sources confirm the host's clock. */
    boolean confirmsHostTwice() {
        return confirmsHost() && outside >= 2;
    }

    /** Whether the readings contradict the host's clock: it is in no majority, and one of them is more than an hour from it. */
    static boolean contradicts(Instant host, List<TimeReading> readings) {
        var agreement = of(host, readings);
        return !(agreement.withHost && agreement.majority)
                && readings.stream()
                        .anyMatch(reading ->
                                Duration.between(host, reading.at()).abs().compareTo(APART) > 0);
    }
}

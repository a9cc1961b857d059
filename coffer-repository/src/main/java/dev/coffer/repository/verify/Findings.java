package dev.coffer.repository.verify;

import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.repository.VerifyReport;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been found so far, by blob. For any number of threads. */
final class Findings {
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private long surplus;

    private static final class Draft {
        private final String damage;
        private final Set<SessionId> points = new LinkedHashSet<>();
        private boolean repaired;

        Draft(String damage) {
            this.damage = damage;
        }
    }

    synchronized void add(String blob, String damage) {
        if (drafts.containsKey(blob)) {
            return;
        }
        if (drafts.size() >= VerifyReport.FINDINGS_AT_MOST) {
            surplus++;
            return;
        }
        drafts.put(blob, new Draft(damage));
    }

    synchronized void repaired(String blob) {
        if (drafts.containsKey(blob)) {
            drafts.get(blob).repaired = true;
        }
    }

    synchronized void affects(String blob, SessionId point) {
        if (drafts.containsKey(blob)) {
            var points = drafts.get(blob).points;
            if (points.size() < Finding.POINTS_AT_MOST) {
                points.add(point);
            }
        }
    }

    synchronized void remove(String blob) {
        drafts.remove(blob);
    }

    synchronized long count() {
        return drafts.size() + surplus;
    }

    synchronized List<Finding> list() {
        return drafts.entrySet().stream()
                .map(entry -> new Finding(
                        entry.getKey(),
                        entry.getValue().damage,
                        List.copyOf(entry.getValue().points),
                        entry.getValue().repaired))
                .toList();
    }
}

package dev.coffer.core.repository;

import java.util.ArrayList;
import java.util.List;

/**
 * What verification looked at and found.
 *
 * @param points recovery points whose trees were walked
 * @param packs packs that were looked at
 * @param packsRead packs of which every byte was read
 * @param bytesRead bytes that were read of them
 * @param findings the first of them; at most {@link #FINDINGS_AT_MOST}
 * @param findingsInAll how many there are
 */
public record VerifyReport(
        long points, long packs, long packsRead, long bytesRead, List<Finding> findings, long findingsInAll) {
    /** How many findings a report has. */
    public static final int FINDINGS_AT_MOST = 1000;

    public VerifyReport {
        findings = List.copyOf(findings);
    }

    /** The same, with so many names of recovery points at most; findings that come later name fewer or none. */
    public VerifyReport naming(int points) {
        var shorter = new ArrayList<Finding>();
        int left = points;
        for (var finding : findings) {
            var named =
                    finding.points().subList(0, Math.min(left, finding.points().size()));
            left -= named.size();
            shorter.add(new Finding(finding.blob(), finding.damage(), named, finding.repaired()));
        }
        return new VerifyReport(this.points, packs, packsRead, bytesRead, shorter, findingsInAll);
    }

    /** Whether nothing is wrong any more: there were no findings, or all have been put right. */
    public boolean isSound() {
        return findingsInAll == findings.stream().filter(Finding::repaired).count();
    }
}

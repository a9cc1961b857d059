package dev.coffer.core.repository;

import java.util.List;

/**
 * Something that verification found wrong.
 *
 * @param blob the blob that is damaged or missing
 * @param damage what is wrong with it, for people
 * @param points the recovery points that cannot be restored whole because of it; at most {@link #POINTS_AT_MOST}
 * @param repaired whether it was put right from a second copy
 */
public record Finding(String blob, String damage, List<SessionId> points, boolean repaired) {
    /** How many recovery points one finding names. */
    public static final int POINTS_AT_MOST = 1000;

    public Finding {
        points = List.copyOf(points);
    }
}

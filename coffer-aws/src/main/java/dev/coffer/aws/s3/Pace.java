package dev.coffer.aws.s3;

/**
 * How many calls one job may have under way: half as many after the endpoint has asked for less, and one more after a while in which it has not and all of them were used. Safe for many threads; the lock is this object's.
 */
final class Pace {
    private static final int CALMS_FOR_MORE = 4;

    private final int most;
    private int limit;
    private int underWay;
    private int calms;

    /**
     * A pace that nobody has slowed down yet.
     *
     * @param first how many may be under way at the beginning
     * @param most how many there may ever be
     */
    Pace(int first, int most) {
        this.most = most;
        this.limit = first;
    }

    synchronized void begin() throws InterruptedException {
        while (underWay >= limit) {
            wait();
        }
        underWay++;
    }

    synchronized void ended(boolean throttled) {
        boolean full = underWay-- >= limit;
        if (throttled) {
            limit = Math.max(1, limit / 2);
            calms = 0;
        } else if (full && limit < most && ++calms >= limit * CALMS_FOR_MORE) {
            limit++;
            calms = 0;
        }
        notifyAll();
    }

    synchronized int limit() {
        return limit;
    }
}

package dev.coffer.core.store;

/** Space on a disk that is kept for those who have to write when the disk is full. Safe for many threads. */
public interface SpareRoom {
    /** Keeps nothing. */
    SpareRoom NONE = new SpareRoom() {
        @Override
        public boolean giveUp() {
            return false;
        }

        @Override
        public boolean keep() {
            return true;
        }
    };

    /** Gives the space up; false if there was none to give up. */
    boolean giveUp();

    /**
     * Takes the space again, if it was given up and there is plenty of room.
     *
     * @return whether it is kept now
     */
    boolean keep();
}

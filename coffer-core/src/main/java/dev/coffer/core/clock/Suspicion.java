package dev.coffer.core.clock;

import java.time.Instant;

/**
 * Why the clock is not trusted.
 *
 * @param since the host's time when it was noticed
 */
public record Suspicion(Reason reason, Instant since) {
    /** What was seen. */
    public enum Reason {
        /** The host's clock was moved by more than a day in all while the process ran. */
        JUMPED("the host's clock moved by more than 24 hours against the time that really passed"),
        /** The process was away for longer than the host's clock alone is believed. */
        LONG_ABSENCE("the server was away for longer than the host's clock alone is believed"),
        /** The host's clock shows a time before one that it has shown already. */
        WENT_BACK("the host's clock went back by more than 5 minutes"),
        /** The sources of time contradict each other by more than an hour. */
        SOURCES_DISAGREE("the host's clock and the time servers disagree by more than an hour"),
        /** The record of the clock was changed or is incomplete. */
        RECORD_BROKEN("the stored record of the vault clock is damaged or incomplete");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** What was seen, in words. */
        public String text() {
            return text;
        }

        /** Whether two outside sources that agree are enough to trust the clock again. What this host measured itself, and a changed record, need a person. */
        boolean clearsByItself() {
            return switch (this) {
                case LONG_ABSENCE, WENT_BACK, SOURCES_DISAGREE -> true;
                case JUMPED, RECORD_BROKEN -> false;
            };
        }
    }
}

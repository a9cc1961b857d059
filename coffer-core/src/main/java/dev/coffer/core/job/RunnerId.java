package dev.coffer.core.job;

/**
 * One process that runs jobs: the node's name, which outlives restarts, and the number of the start.
 *
 * @param node the node; only one process at a time may have it
 * @param start differs for every start of the node
 */
public record RunnerId(String node, String start) {
    /** Reads what {@link #toString} wrote. */
    public static RunnerId parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalStateException("not a runner id: " + text);
        }
        return new RunnerId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return node + "/" + start;
    }
}

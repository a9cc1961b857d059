package dev.coffer.engine.event;

import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventSink;
import dev.coffer.engine.event.Recipients.Recipient;
import java.util.Optional;

/**
 * Stands for a sink that could not be opened. Each delivery tries it again, so that it has pauses, a last error and an end of patience like one that cannot be reached, and holds back no events for ever. Used by one thread.
 */
final class UnopenedSink implements EventSink {
    private final Recipient recipient;
    private Optional<EventSink> opened = Optional.empty();

    UnopenedSink(Recipient recipient) {
        this.recipient = recipient;
    }

    @Override
    public String name() {
        return recipient.name();
    }

    @Override
    public String channel() {
        return "unopened";
    }

    /** Until it is open nobody knows, so every event waits for that. */
    @Override
    public boolean wants(Event event) {
        return opened.map(sink -> sink.wants(event)).orElse(true);
    }

    @Override
    public void deliver(Event event) throws InterruptedException {
        if (opened.isEmpty()) {
            opened = Optional.of(recipient.open().get());
        }
        var sink = opened.get();
        if (sink.wants(event)) {
            sink.deliver(event);
        }
    }

    @Override
    public void close() {
        opened.ifPresent(EventSink::close);
    }
}

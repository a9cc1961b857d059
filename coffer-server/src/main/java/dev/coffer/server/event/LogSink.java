package dev.coffer.server.event;

import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each event as a log line, so that an installation without targets for events still has a record of what happened. */
final class LogSink implements EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(LogSink.class);

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String channel() {
        return "server_log";
    }

    @Override
    public void deliver(Event event) {
        LOG.atInfo()
                .addKeyValue("event", event.source())
                .addKeyValue("event_id", event.id())
                .addKeyValue("detail_type", event.detailType())
                .addKeyValue("account", event.scope().account())
                .addKeyValue("region", event.scope().region())
                .addKeyValue("time", event.at())
                .addKeyValue("detail", event.detail())
                .log(event.detailType());
    }
}

package dev.coffer.aws.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.arn.Arn;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.TargetSpec;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/** An EventBridge bus. The bus gives events ids of its own. */
public final class EventBus implements Outlet<Event> {
    private final EventBridgeClient client;
    private final TargetSpec.Bus bus;

    public EventBus(TargetSpec.Bus bus, Secret secret) {
        this.client = AwsClients.client(EventBridgeClient.builder(), bus.place(), secret);
        this.bus = bus;
    }

    @Override
    public void send(Event event) throws InterruptedException {
        var entry = PutEventsRequestEntry.builder()
                .eventBusName(bus.bus())
                .source(event.source().equals(Event.AWS_BACKUP) ? bus.source() : event.source())
                .detailType(event.detailType())
                .time(event.at())
                .resources(event.resources().stream().map(Arn::toString).toList())
                .detail(EventJson.detail(event))
                .build();
        var answer = AwsClients.call("EventBridge", () -> client.putEvents(request -> request.entries(entry)));
        if (answer.failedEntryCount() != null && answer.failedEntryCount() > 0) {
            var why = answer.entries().getFirst();
            throw new DeliveryException(
                    "EventBridge refused the event: " + why.errorCode() + ", " + why.errorMessage());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

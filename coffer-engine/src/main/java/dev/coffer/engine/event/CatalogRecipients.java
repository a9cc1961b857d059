package dev.coffer.engine.event;

import dev.coffer.core.catalog.Catalog;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.EventPatterns;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventSink;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.Notice;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.Outlets;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.vault.VaultNotifications;
import dev.coffer.engine.access.SecretSealer;
import java.util.ArrayList;
import java.util.List;

/** Those whom rules and vaults in the catalog name. */
public final class CatalogRecipients implements Recipients {
    private final Catalog catalog;
    private final EventPatterns patterns;
    private final Outlets outlets;
    private final SecretSealer sealer;

    public CatalogRecipients(Catalog catalog, EventPatterns patterns, Outlets outlets, SecretSealer sealer) {
        this.catalog = catalog;
        this.patterns = patterns;
        this.outlets = outlets;
        this.sealer = sealer;
    }

    @Override
    public List<Recipient> now() {
        var recipients = new ArrayList<Recipient>();
        catalog.read(view -> view.eventRules().all()).stream()
                .filter(EventRule::enabled)
                .forEach(rule -> rule.targets().forEach(target -> {
                    if (target.spec() instanceof TargetSpec.OfEvents spec) {
                        recipients.add(new Recipient(
                                rule.sinkOf(target),
                                List.of(rule.pattern(), rule.origin(), target),
                                () -> sink(rule, target, spec)));
                    }
                }));
        for (var vault : catalog.read(view -> view.vaultNotifications().all())) {
            recipients.add(
                    new Recipient(vault.sink(), vault, () -> new VaultSink(vault, outlets.notices(vault.topic()))));
        }
        return recipients;
    }

    private EventSink sink(EventRule rule, EventTarget target, TargetSpec.OfEvents spec) {
        var secret = target.sealedSecret().map(sealer::unseal).map(dev.coffer.core.access.Secret::new);
        return new RuleSink(
                rule,
                rule.sinkOf(target),
                target.spec().type().wireName(),
                patterns.compile(rule.pattern()),
                outlets.events(spec, secret, rule));
    }

    private record RuleSink(
            EventRule rule, String name, String channel, EventPatterns.Pattern pattern, Outlet<Event> outlet)
            implements EventSink {
        @Override
        public boolean wants(Event event) {
            return event.scope().equals(rule.scope()) && Events.isPublic(event) && pattern.matches(EventJson.of(event));
        }

        @Override
        public void deliver(Event event) throws InterruptedException {
            outlet.send(event);
        }

        @Override
        public void close() {
            outlet.close();
        }
    }

    private record VaultSink(VaultNotifications vault, Outlet<Notice> outlet) implements EventSink {
        @Override
        public String name() {
            return vault.sink();
        }

        @Override
        public String channel() {
            return "vault_notification";
        }

        @Override
        public boolean wants(Event event) {
            return VaultNotices.of(vault, event).isPresent();
        }

        @Override
        public void deliver(Event event) throws InterruptedException {
            outlet.send(VaultNotices.of(vault, event).orElseThrow());
        }

        @Override
        public void close() {
            outlet.close();
        }
    }
}

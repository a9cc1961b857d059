package dev.coffer.testkit.catalog;

import static dev.coffer.testkit.catalog.CatalogSamples.ELSEWHERE;
import static dev.coffer.testkit.catalog.CatalogSamples.SCOPE;
import static dev.coffer.testkit.catalog.CatalogSamples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.arn.Arn;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.EventRule;
import dev.coffer.core.event.EventRule.Origin;
import dev.coffer.core.event.EventTarget;
import dev.coffer.core.event.SinkState;
import dev.coffer.core.event.TargetSpec;
import dev.coffer.core.event.TargetSpec.AwsPlace;
import dev.coffer.core.event.TargetSpec.MailSecurity;
import dev.coffer.core.vault.VaultEvent;
import dev.coffer.core.vault.VaultName;
import dev.coffer.core.vault.VaultNotifications;
import java.net.URI;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the rows of rules, of the ways to targets, and of vaults' notifications promise. */
public interface EventTargetContract extends CatalogUnderTest {
    /** One target of each type. */
    static List<TargetSpec> targets() {
        var place = new AwsPlace("eu-west-1", Optional.of(URI.create("http://127.0.0.1:4566")), "AKID");
        var aws = new AwsPlace("eu-west-1", Optional.empty(), "AKID");
        var topic = new Arn("aws", "sns", "eu-west-1", "111122223333", "topic");
        var webhook = new TargetSpec.Webhook(URI.create("https://hooks.example.org/a?b=c"));
        var mail = new TargetSpec.Mail(
                "mail.example.org",
                2525,
                MailSecurity.TLS,
                Optional.of("user"),
                "Coffer <coffer@example.org>",
                List.of("a@example.org", "b@example.org"));
        return List.of(
                webhook,
                mail,
                new TargetSpec.Mail("h", 25, MailSecurity.NONE, Optional.empty(), "a@b.c", List.of("d@e.f")),
                new TargetSpec.Topic(place, topic),
                new TargetSpec.Queue(aws, URI.create("http://127.0.0.1:4566/111122223333/queue")),
                new TargetSpec.Bus(place, "default", "coffer.backup"),
                new TargetSpec.LogFile("events.jsonl", 4096, 3),
                new TargetSpec.DailyDigest(mail, LocalTime.of(7, 30), ZoneId.of("Europe/Berlin")),
                new TargetSpec.DailyDigest(webhook, LocalTime.MIDNIGHT, ZoneId.of("UTC")));
    }

    private static EventRule rule(Scope scope, String name) {
        var targets = new ArrayList<EventTarget>();
        for (var spec : targets()) {
            var id = "target-" + targets.size();
            targets.add(new EventTarget(
                    id, spec, targets.size() % 2 == 0 ? Optional.of("sealed " + id) : Optional.empty()));
        }
        return new EventRule(scope, name, "{\"source\":[\"aws.backup\"]}", true, Origin.API, targets, at(7));
    }

    @Test
    default void everyFieldOfARuleComesBackInItsScopeAlone() {
        var rule = rule(SCOPE, "failures");
        change(tx -> tx.eventRules().put(rule));
        var found = catalog().read(view -> view.eventRules().find(SCOPE, "failures"));
        assertThat(found).contains(rule);
        assertThat(catalog().<Optional<EventRule>>read(view -> view.eventRules().find(ELSEWHERE, "failures")))
                .isEmpty();
    }

    @Test
    default void rulesAreReplacedListedByNameAndRemoved() {
        var changed = new EventRule(
                SCOPE, "b", "{}", false, Origin.FILE, rule(SCOPE, "b").targets().subList(0, 1), at(9));
        change(tx -> {
            tx.eventRules().put(rule(SCOPE, "b"));
            tx.eventRules().put(rule(SCOPE, "a"));
            tx.eventRules().put(rule(ELSEWHERE, "a"));
            tx.eventRules().put(changed);
        });
        assertThat(catalog().<List<EventRule>>read(view -> view.eventRules().of(SCOPE)))
                .containsExactly(rule(SCOPE, "a"), changed);
        assertThat(catalog().<List<EventRule>>read(view -> view.eventRules().all()))
                .hasSize(3);

        change(tx -> {
            tx.eventRules().delete(SCOPE, "a");
            tx.eventRules().delete(SCOPE, "never there");
        });
        assertThat(catalog().<List<EventRule>>read(view -> view.eventRules().all()))
                .containsExactly(changed, rule(ELSEWHERE, "a"));
    }

    @Test
    default void everyFieldOfASinkComesBackUntilItIsForgotten() {
        var state = SinkState.at("sink", 4)
                .taken(5, at(1))
                .failed("the host is gone", at(2), at(3))
                .buried(8, 3)
                .onDay(Optional.of("2026-03-01"));
        change(tx -> tx.outbox().put(SinkState.at("sink", 1)));
        change(tx -> tx.outbox().put(state));
        assertThat(catalog().<Optional<SinkState>>read(view -> view.outbox().state("sink")))
                .contains(state);
        change(tx -> tx.outbox().forget("sink"));
        assertThat(catalog().<Optional<SinkState>>read(view -> view.outbox().state("sink")))
                .isEmpty();
    }

    @Test
    default void aForgottenSinkHoldsNoEventBack() {
        var samples = samples();
        change(tx -> {
            tx.emit(samples.event(at(0)));
            tx.outbox().put(SinkState.at("gone", 0));
            tx.outbox().put(SinkState.at("there", tx.outbox().last()));
        });
        assertThat(catalog().<Integer>write(tx -> tx.outbox().deleteBefore(at(100))))
                .isZero();
        change(tx -> tx.outbox().forget("gone"));
        assertThat(catalog().<Integer>write(tx -> tx.outbox().deleteBefore(at(100))))
                .isEqualTo(1);
    }

    @Test
    default void waitingEventsAreCountedInTheirScope() {
        var samples = samples();
        change(tx -> {
            for (int i = 0; i < 3; i++) {
                tx.emit(samples.event(at(i)));
            }
        });
        var first = catalog().read(view -> view.outbox().after(0, 10)).getFirst();
        var scope = first.event().scope();
        long inScope = catalog().read(view -> view.outbox().after(0, 10)).stream()
                .filter(entry -> entry.event().scope().equals(scope))
                .count();
        assertThat(catalog().<Long>read(view -> view.outbox().countAfter(0, scope)))
                .isEqualTo(inScope);
        assertThat(catalog().<Long>read(view -> view.outbox().countAfter(first.position(), scope)))
                .isEqualTo(inScope - 1);
        assertThat(catalog().<Long>read(view -> view.outbox().last()))
                .isEqualTo(catalog()
                        .read(view -> view.outbox().after(0, 10))
                        .getLast()
                        .position());
    }

    @Test
    default void notificationsOfAVaultComeBackAreReplacedAndRemoved() {
        var vault = new VaultName("prod");
        var topic = new Arn("aws", "sns", "eu-west-1", "111122223333", "topic");
        var first = new VaultNotifications(SCOPE, vault, topic, List.of(VaultEvent.BACKUP_JOB_COMPLETED));
        var second = new VaultNotifications(
                SCOPE, vault, topic, List.of(VaultEvent.RESTORE_JOB_FAILED, VaultEvent.BACKUP_JOB_STARTED));
        var elsewhere = new VaultNotifications(ELSEWHERE, vault, topic, List.of(VaultEvent.COPY_JOB_FAILED));
        change(tx -> {
            tx.vaultNotifications().put(first);
            tx.vaultNotifications().put(elsewhere);
            tx.vaultNotifications().put(second);
        });
        assertThat(notifications(vault)).contains(second);
        assertThat(catalog()
                        .<List<VaultNotifications>>read(
                                view -> view.vaultNotifications().of(SCOPE)))
                .containsExactly(second);
        assertThat(catalog()
                        .<List<VaultNotifications>>read(
                                view -> view.vaultNotifications().all()))
                .containsExactly(second, elsewhere);
        change(tx -> {
            tx.vaultNotifications().delete(SCOPE, vault);
            tx.vaultNotifications().delete(SCOPE, vault);
        });
        assertThat(notifications(vault)).isEmpty();
    }

    private Optional<VaultNotifications> notifications(VaultName vault) {
        return catalog().read(view -> view.vaultNotifications().find(SCOPE, vault));
    }
}

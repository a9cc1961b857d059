package dev.coffer.server.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.arn.Scope;
import dev.coffer.core.event.AddressPolicy;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.TargetSpec.Mail;
import dev.coffer.core.event.TargetSpec.MailSecurity;
import dev.coffer.server.event.Connections.Trust;
import dev.coffer.testkit.time.TestClock;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MailSenderTest {
    private static final Instant NOW = Instant.parse("2026-03-02T07:30:00Z");
    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    MailSenderTest() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private MailSender sender(int port, MailSecurity security, Trust trust, String... allowed) {
        var mail = new Mail(
                "127.0.0.1",
                port,
                security,
                Optional.empty(),
                "Coffer <coffer@example.org>",
                List.of("ops@example.org", "boss@example.org"));
        return new MailSender(
                mail,
                Optional.empty(),
                new Connections(AddressPolicy.of(List.of(allowed)), InetAddress::getAllByName),
                trust,
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Duration.ofMillis(500),
                new TestClock(NOW));
    }

    private int port() {
        return server.getSmtp().getPort();
    }

    @Test
    void anEventIsAMailToAll() throws Exception {
        sender(port(), MailSecurity.NONE, Trust.OPERATOR).events().send(WebhookTest.EVENT);

        MimeMessage[] received = server.getReceivedMessages();
        assertThat(received).hasSize(2);
        var mail = received[0];
        assertThat(mail.getSubject()).isEqualTo("[Coffer] Backup Job State Change: COMPLETED");
        assertThat(mail.getFrom()[0]).hasToString("Coffer <coffer@example.org>");
        assertThat(mail.getAllRecipients()).hasSize(2);
        assertThat(mail.getSentDate()).isEqualTo(java.util.Date.from(NOW));
        assertThat(mail.getContent().toString()).contains("statusMessage: größer", EventJson.of(WebhookTest.EVENT));
    }

    @Test
    void aDigestIsTextAndHtml() throws Exception {
        var digest = new Digest(
                new Scope(new AccountId("111122223333"), new Region("eu-west-1")),
                NOW.minusSeconds(86_400),
                NOW,
                List.of(new Digest.Failure(
                        "Backup failed",
                        "team-files",
                        "prod",
                        "no space",
                        "Make space.",
                        NOW,
                        Digest.Subject.JOB,
                        "job-1")),
                0,
                3,
                0,
                0,
                0,
                0,
                0);
        sender(port(), MailSecurity.NONE, Trust.OPERATOR).digests().send(digest);

        var mail = server.getReceivedMessages()[0];
        assertThat(mail.getSubject()).isEqualTo("[Coffer] 1 backup problem in 111122223333 eu-west-1");
        assertThat(mail.getContent()).isInstanceOfSatisfying(MimeMultipart.class, parts -> {
            try {
                assertThat(mail.getContentType()).startsWith("multipart/alternative");
                assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
                assertThat(parts.getBodyPart(0).getContent().toString())
                        .contains("Backup failed: team-files, vault prod", "Next step: Make space.");
                assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
                assertThat(parts.getBodyPart(1).getContent().toString()).contains("<td>team-files</td>");
            } catch (Exception unreadable) {
                throw new AssertionError(unreadable);
            }
        });
    }

    @Test
    void withoutTheProtectionThatWasAskedForNothingIsSent() {
        for (var security : List.of(MailSecurity.STARTTLS, MailSecurity.TLS)) {
            assertThatThrownBy(() ->
                            sender(port(), security, Trust.OPERATOR).events().send(WebhookTest.EVENT))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("127.0.0.1 did not take the mail");
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatIsGoneOrHangsIsAFailureInTime() throws Exception {
        int port = port();
        server.stop();
        assertThatThrownBy(() ->
                        sender(port, MailSecurity.NONE, Trust.OPERATOR).events().send(WebhookTest.EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("cannot be reached");
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> sender(silent.getLocalPort(), MailSecurity.NONE, Trust.OPERATOR)
                            .events()
                            .send(WebhookTest.EVENT))
                    .isInstanceOf(DeliveryException.class);
        }
    }

    /** One thread sends the digests of all accounts. */
    @Test
    void aServerThatAnswersDropByDropIsAFailureInTime() throws Exception {
        try (var slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dripping = Thread.ofVirtual().start(() -> {
                try (var connection = slow.accept()) {
                    var gap = new CountDownLatch(1);
                    while (!gap.await(100, TimeUnit.MILLISECONDS)) {
                        connection.getOutputStream().write('2');
                    }
                } catch (IOException | InterruptedException hungUp) {
                    // The client does not wait for ever.
                }
            });
            var sender = sender(slow.getLocalPort(), MailSecurity.NONE, Trust.OPERATOR);
            assertThat(CompletableFuture.runAsync(
                            () -> assertThatThrownBy(() -> sender.events().send(WebhookTest.EVENT))
                                    .isInstanceOf(DeliveryException.class)
                                    .hasMessageContaining("did not take the mail within")))
                    .succeedsWithin(Duration.ofSeconds(30));
            dripping.interrupt();
            dripping.join();
        }
    }

    @Test
    void aServerOfARuleThatWasPutAtRunTimeMustBeAllowed() throws Exception {
        assertThatThrownBy(() ->
                        sender(port(), MailSecurity.NONE, Trust.LISTED).events().send(WebhookTest.EVENT))
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("address not allowed by policy");
        sender(port(), MailSecurity.NONE, Trust.LISTED, "127.0.0.1").events().send(WebhookTest.EVENT);
        assertThat(server.getReceivedMessages()).hasSize(2);
    }
}

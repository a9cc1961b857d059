package dev.coffer.server.event;

import dev.coffer.core.access.Secret;
import dev.coffer.core.event.DeliveryException;
import dev.coffer.core.event.Digest;
import dev.coffer.core.event.DigestText;
import dev.coffer.core.event.Event;
import dev.coffer.core.event.EventJson;
import dev.coffer.core.event.Outlet;
import dev.coffer.core.event.TargetSpec.Mail;
import dev.coffer.core.event.TargetSpec.MailSecurity;
import dev.coffer.server.event.Connections.Trust;
import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** Mails over SMTP, each on a connection of its own and in a bounded time. The server's certificate is checked against its name. */
final class MailSender {
    /** How many answers of the server may take all their time. */
    private static final int SLOW_ANSWERS = 6;

    /** What of an event is told in lines of its own. */
    private static final List<String> MEMBERS = List.of(
            "resourceArn",
            "sourceResourceArn",
            "backupVaultName",
            "backupPlanName",
            "ruleName",
            "fireAt",
            "statusMessage",
            "reason",
            "creationDate");

    private final Mail mail;
    private final Optional<Secret> password;
    private final Connections connections;
    private final Trust trust;
    private final SSLSocketFactory tls;
    private final Duration within;
    private final InstantSource clock;

    MailSender(
            Mail mail,
            Optional<Secret> password,
            Connections connections,
            Trust trust,
            SSLSocketFactory tls,
            Duration within,
            InstantSource clock) {
        this.mail = mail;
        this.password = password;
        this.connections = connections;
        this.trust = trust;
        this.tls = tls;
        this.within = within;
        this.clock = clock;
    }

    /** A mail for each event. */
    Outlet<Event> events() {
        return event -> send(subject(event), body(event), Optional.empty());
    }

    /** Digests as text and HTML. */
    Outlet<Digest> digests() {
        return digest -> {
            var words = new DigestText(digest, ZoneOffset.UTC);
            send(words.subject(), words.text(), Optional.of(words.html()));
        };
    }

    private static String subject(Event event) {
        var state = Optional.ofNullable(event.detail().get("state"))
                .or(() -> Optional.ofNullable(event.detail().get("status")))
                .map(value -> ": " + value)
                .orElse("");
        return event.detailType() + state;
    }

    private static String body(Event event) {
        var out = new StringBuilder(subject(event)).append("\n\n");
        for (var member : MEMBERS) {
            if (event.detail().get(member) instanceof String text && !text.isEmpty()) {
                out.append(member).append(": ").append(text).append("\n");
            }
        }
        return out.append("\n").append(EventJson.of(event)).append("\n").toString();
    }

    private void send(String subject, String text, Optional<String> html) throws InterruptedException {
        var session = session();
        boolean sending = false;
        var socket = connections.connect(mail.host(), mail.port(), within, trust);
        var limit = new TimeLimit(socket, within.multipliedBy(SLOW_ANSWERS));
        try (limit;
                socket;
                var channel = secured(socket);
                var transport = new SMTPTransport(session, null)) {
            var message = message(session, subject, text, html);
            transport.connect(channel);
            sending = true;
            transport.sendMessage(message, message.getAllRecipients());
        } catch (MessagingException | IOException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(failure);
            }
            boolean unanswered = sending && hasIoCause(failure);
            var why = limit.isOver()
                    ? " within " + within.multipliedBy(SLOW_ANSWERS).toMillis() + " ms"
                    : ": " + firstLine(failure);
            throw new DeliveryException(mail.host() + " did not take the mail" + why, unanswered, failure);
        }
    }

    private Socket secured(Socket socket) throws IOException {
        socket.setSoTimeout((int) within.toMillis());
        if (mail.security() != MailSecurity.TLS) {
            return socket;
        }
        return VerifiedTls.over(tls, socket, mail.host(), mail.port());
    }

    private Session session() {
        var settings = new Properties();
        settings.put("mail.smtp.host", mail.host());
        settings.put("mail.smtp.port", Integer.toString(mail.port()));
        settings.put("mail.smtp.localhost", "coffer");
        settings.put("mail.smtp.timeout", Long.toString(within.toMillis()));
        settings.put("mail.smtp.writetimeout", Long.toString(within.toMillis()));
        settings.put("mail.smtp.quitwait", "false");
        if (mail.security() == MailSecurity.STARTTLS) {
            settings.put("mail.smtp.starttls.enable", "true");
            settings.put("mail.smtp.starttls.required", "true");
            settings.put("mail.smtp.ssl.checkserveridentity", "true");
            settings.put("mail.smtp.ssl.socketFactory", tls);
        }
        if (mail.user().isEmpty() || password.isEmpty()) {
            return Session.getInstance(settings);
        }
        settings.put("mail.smtp.auth", "true");
        settings.put("mail.smtp.user", mail.user().get());
        var login = new PasswordAuthentication(mail.user().get(), password.get().value());
        return Session.getInstance(settings, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return login;
            }
        });
    }

    private MimeMessage message(Session session, String subject, String text, Optional<String> html)
            throws MessagingException {
        var utf8 = StandardCharsets.UTF_8.name();
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(mail.from(), true));
        for (var to : mail.to()) {
            message.addRecipient(RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject("[Coffer] " + subject.replaceAll("\\p{Cntrl}", " "), utf8);
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        if (html.isEmpty()) {
            message.setText(text, utf8);
        } else {
            var plain = new MimeBodyPart();
            plain.setText(text, utf8);
            var rich = new MimeBodyPart();
            rich.setText(html.get(), utf8, "html");
            message.setContent(new MimeMultipart("alternative", plain, rich));
        }
        message.saveChanges();
        return message;
    }

    private static boolean hasIoCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .findFirst()
                .orElse("no reason given")
                .strip();
    }
}

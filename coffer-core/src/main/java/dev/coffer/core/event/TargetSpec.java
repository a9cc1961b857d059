package dev.coffer.core.event;

import dev.coffer.core.arn.Arn;
import java.net.URI;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** What a target is, without its secret. */
public sealed interface TargetSpec {
    TargetType type();

    /** A target that gets single events. */
    sealed interface OfEvents extends TargetSpec permits Webhook, Mail, Topic, Queue, Bus, LogFile {}

    /** A target that people read, or that passes on what they read: digests can go there too. */
    sealed interface Way extends TargetSpec permits Webhook, Mail {}

    /** A POST of the event's JSON, signed with the secret. */
    record Webhook(URI url) implements OfEvents, Way {
        @Override
        public TargetType type() {
            return TargetType.WEBHOOK;
        }

        /** Names the host alone: the rest of the address is often a secret. */
        @Override
        public String toString() {
            return "Webhook[" + url.getHost() + "]";
        }
    }

    /** How mail is protected on its way to the server. */
    enum MailSecurity {
        NONE,
        STARTTLS,
        TLS
    }

    /** A mail for each event. */
    record Mail(String host, int port, MailSecurity security, Optional<String> user, String from, List<String> to)
            implements OfEvents, Way {
        public Mail {
            to = List.copyOf(to);
        }

        @Override
        public TargetType type() {
            return TargetType.SMTP;
        }
    }

    /**
     * An AWS service, or one that speaks its protocol.
     *
     * @param endpoint absent for AWS itself
     */
    record AwsPlace(String region, Optional<URI> endpoint, String accessKeyId) {}

    /** An SNS topic; the message is the event's JSON. */
    record Topic(AwsPlace place, Arn topic) implements OfEvents {
        @Override
        public TargetType type() {
            return TargetType.SNS;
        }
    }

    /** An SQS queue; the message is the event's JSON. */
    record Queue(AwsPlace place, URI queueUrl) implements OfEvents {
        @Override
        public TargetType type() {
            return TargetType.SQS;
        }
    }

    /**
     * An EventBridge bus.
     *
     * @param source what stands as the source; AWS itself takes no source that begins with {@code aws.} from others
     */
    record Bus(AwsPlace place, String bus, String source) implements OfEvents {
        @Override
        public TargetType type() {
            return TargetType.EVENTBRIDGE;
        }
    }

    /**
     * A file with one event a line.
     *
     * @param file an absolute path, which only the configuration file may give, or a name in the data folder
     * @param maxBytes when the file is as large as this, it is renamed and a new one begins
     * @param keep how many renamed files stay
     */
    record LogFile(String file, long maxBytes, int keep) implements OfEvents {
        @Override
        public TargetType type() {
            return TargetType.LOG;
        }
    }

    /** What went wrong since the digest before, or in the last 24 hours if that is longer, told once a day at a time of day. The rule's pattern does not matter to it. */
    record DailyDigest(Way way, LocalTime at, ZoneId zone) implements TargetSpec {
        @Override
        public TargetType type() {
            return TargetType.DIGEST;
        }
    }
}

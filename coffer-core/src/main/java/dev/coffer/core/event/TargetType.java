package dev.coffer.core.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The types of target, and the settings that each has; the secret is one of them. */
public enum TargetType {
    WEBHOOK("url secret"),
    SMTP("host port security user password from to"),
    SNS("region endpoint accessKeyId secretAccessKey topicArn"),
    SQS("region endpoint accessKeyId secretAccessKey queueUrl"),
    EVENTBRIDGE("region endpoint accessKeyId secretAccessKey bus source"),
    LOG("file maxBytes keep"),
    DIGEST("via at zone url secret host port security user password from to");

    private final String settings;

    TargetType(String settings) {
        this.settings = settings;
    }

    /** The name in configurations. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of the settings. */
    public Set<String> settings() {
        return new TreeSet<>(Arrays.asList(settings.split(" ")));
    }

    /** The type of this name, in any case. */
    public static Optional<TargetType> of(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All names, for messages. */
    public static String names() {
        return String.join(
                ", ", Arrays.stream(values()).map(TargetType::wireName).toList());
    }
}

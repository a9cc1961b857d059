package dev.coffer.core.clock;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Seals lines of the clock's record with HMAC-SHA-256 under a key that is not in the catalog. Instants count in milliseconds, as they are stored. */
public final class HeartbeatSeal {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    public HeartbeatSeal(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** The line behind the last one. */
    public Heartbeat next(
            Optional<Heartbeat> last, String boot, long monotonic, VaultClock clock, Optional<String> evidence) {
        var bare = new Heartbeat(
                last.map(Heartbeat::sequence).orElse(0L) + 1,
                boot,
                monotonic,
                clock,
                evidence,
                last.map(Heartbeat::seal).orElse(""),
                "");
        return new Heartbeat(bare.sequence(), boot, monotonic, clock, evidence, bare.previous(), seal(bare));
    }

    /** Whether the line is as it was written. */
    public boolean holds(Heartbeat line) {
        return MessageDigest.isEqual(
                seal(line).getBytes(StandardCharsets.US_ASCII), line.seal().getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the lines, the oldest first, are as they were written and follow each other. */
    public boolean holds(List<Heartbeat> lines) {
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (!holds(line)
                    || (i > 0
                            && (line.sequence() != lines.get(i - 1).sequence() + 1
                                    || !line.previous().equals(lines.get(i - 1).seal())))) {
                return false;
            }
        }
        return true;
    }

    private String seal(Heartbeat line) {
        var clock = line.clock();
        var text = Stream.of(
                        Long.toString(line.sequence()),
                        line.boot(),
                        Long.toString(line.monotonic()),
                        millis(clock.earliest()),
                        millis(clock.latest()),
                        millis(clock.system()),
                        Long.toString(clock.allowance().toMillis()),
                        Long.toString(clock.unexplained().toMillis()),
                        clock.suspicion().map(doubt -> doubt.reason().name()).orElse(""),
                        clock.suspicion().map(doubt -> millis(doubt.since())).orElse(""),
                        line.evidence().orElse(""),
                        line.previous())
                // With its length, so that no two lines run together to the same text.
                .map(part -> part.length() + ":" + part)
                .collect(Collectors.joining());
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String millis(Instant instant) {
        return Long.toString(instant.toEpochMilli());
    }
}

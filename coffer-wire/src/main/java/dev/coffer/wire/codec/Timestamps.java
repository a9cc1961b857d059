package dev.coffer.wire.codec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The three spellings of an instant that clients use: epoch seconds, ISO 8601 with zone, RFC 822. Instants outside the
 * years 1 to 9999 are refused: the other spellings cannot carry them.
 */
final class Timestamps {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?");
    private static final int NANO_DIGITS = 9;
    private static final int MILLI_DIGITS = 3;
    private static final int LONGEST_TEXT = 64;
    private static final int WHOLE_DIGITS = 13;
    private static final int SCALE_AT_MOST = 100;

    private Timestamps() {}

    /** Epoch seconds; digits below nanoseconds are dropped. */
    static Optional<Instant> ofEpochSeconds(BigDecimal seconds) {
        if (seconds.signum() == 0) {
            return Optional.of(Instant.EPOCH);
        }
        // The exponent is judged first: neither 1e999999999 nor 1e-999999999 must be written out.
        if ((long) seconds.precision() - seconds.scale() > WHOLE_DIGITS || seconds.scale() > SCALE_AT_MOST) {
            return Optional.empty();
        }
        BigDecimal nanos = seconds.setScale(NANO_DIGITS, RoundingMode.FLOOR);
        BigInteger[] parts = nanos.unscaledValue().divideAndRemainder(BigInteger.TEN.pow(NANO_DIGITS));
        return inRange(Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact()));
    }

    static Optional<Instant> ofText(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.empty();
        }
        if (NUMBER.matcher(text).matches()) {
            return ofEpochSeconds(new BigDecimal(text));
        }
        return parsed(DateTimeFormatter.ISO_OFFSET_DATE_TIME, text)
                .or(() -> parsed(DateTimeFormatter.RFC_1123_DATE_TIME, text));
    }

    /** Epoch seconds with three decimal places and no exponent; what is finer than a millisecond is cut off. */
    static BigDecimal toEpochSeconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), NANO_DIGITS))
                .setScale(MILLI_DIGITS, RoundingMode.FLOOR);
    }

    private static Optional<Instant> parsed(DateTimeFormatter format, String text) {
        try {
            TemporalAccessor parsed = format.parse(text);
            return inRange(Instant.from(parsed));
        } catch (DateTimeException otherSpelling) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> inRange(Instant instant) {
        return instant.isBefore(FIRST) || instant.isAfter(LAST) ? Optional.empty() : Optional.of(instant);
    }
}

package dev.coffer.core.access;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and compares the values of conditions. What cannot be read is empty, and compares with nothing. */
final class Values {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final int ARN_PARTS = 6;

    private Values() {}

    static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /** A moment in ISO 8601, a day, or seconds since 1970. */
    static Optional<Instant> date(String text) {
        if (DIGITS.matcher(text).matches()) {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
        }
        try {
            return Optional.of(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    static <T extends Comparable<T>> boolean order(Optional<T> given, Optional<T> wanted, Operator.Order order) {
        return given.isPresent()
                && wanted.isPresent()
                && order.holds(given.get().compareTo(wanted.get()));
    }

    static boolean sameBytes(String one, String other) {
        try {
            var decoder = Base64.getDecoder();
            return Arrays.equals(decoder.decode(one), decoder.decode(other));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** Compares ARNs part by part, so that a star in one part reaches no other. */
    static boolean arnMatches(Glob pattern, String arn) {
        var wanted = pattern.parts(ARN_PARTS);
        var given = arn.split(":", ARN_PARTS);
        if (wanted.length == 1) {
            return wanted[0].matches(arn);
        }
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < given.length; i++) {
            if (!wanted[i].matches(given[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text is an address or a range of addresses. */
    static boolean isRange(String text) {
        var parts = text.split("/", -1);
        var base = address(parts[0]);
        return base.isPresent() && parts.length <= 2 && (parts.length == 1 || bits(parts[1], base.get()) >= 0);
    }

    /** Whether the address lies in the range {@code address/bits}; without bits it has to be the same. */
    static boolean isWithin(String range, String text) {
        var parts = range.split("/", -1);
        var base = address(parts[0]);
        var given = address(text);
        if (base.isEmpty() || given.isEmpty() || parts.length > 2 || base.get().length != given.get().length) {
            return false;
        }
        int bits = parts.length == 1 ? base.get().length * Byte.SIZE : bits(parts[1], base.get());
        if (bits < 0) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((base.get()[bit / Byte.SIZE] ^ given.get()[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bits(String text, byte[] address) {
        int bits = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
        return bits <= address.length * Byte.SIZE ? bits : -1;
    }

    private static Optional<byte[]> address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}

package dev.coffer.wire.codec;

import dev.coffer.wire.model.ServiceModel;
import dev.coffer.wire.model.Shape.WholeNumber;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/** Whole numbers of 32 and 64 bits, and the words for their range. */
final class WholeNumbers {
    /** The digits of 2^63. */
    private static final int LONG_DIGITS = 19;

    private WholeNumbers() {}

    /** The number; {@code 30} and {@code 30.0} are the same. Empty when it has a fraction or does not fit the bits. */
    static OptionalLong of(BigDecimal number, int bits) {
        if (number.signum() == 0) {
            return OptionalLong.of(0);
        }
        // The magnitude is judged first: 1e999999999 must not be written out.
        if ((long) number.precision() - number.scale() > LONG_DIGITS) {
            return OptionalLong.empty();
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() > 0) {
            return OptionalLong.empty();
        }
        var whole = stripped.toBigIntegerExact();
        return whole.bitLength() < bits ? OptionalLong.of(whole.longValueExact()) : OptionalLong.empty();
    }

    /** "must be a whole number from 1 to 1000", with the bounds of the model, or of the bits where it has none. */
    static String rule(ServiceModel model, Optional<String> shape, int bits) {
        long least = bits == Integer.SIZE ? Integer.MIN_VALUE : Long.MIN_VALUE;
        long most = bits == Integer.SIZE ? Integer.MAX_VALUE : Long.MAX_VALUE;
        if (shape.isPresent() && model.shape(shape.get()) instanceof WholeNumber number) {
            least = number.range().atLeast().orElse(least);
            most = number.range().atMost().orElse(most);
        }
        return "must be a whole number from " + least + " to " + most;
    }
}

package dev.coffer.aws.dynamodb;

import java.util.Optional;

/** Notices that a listing goes round in circles, however long they are, and remembers one place only (Brent). */
final class Circles<T> {
    private Optional<T> remembered = Optional.empty();
    private long sinceRemembered;
    private long power = 1;

    /** Whether the place was seen before; told for one place of every circle. */
    boolean closedBy(T place) {
        if (remembered.filter(place::equals).isPresent()) {
            return true;
        }
        if (++sinceRemembered == power) {
            remembered = Optional.of(place);
            sinceRemembered = 0;
            power *= 2;
        }
        return false;
    }
}

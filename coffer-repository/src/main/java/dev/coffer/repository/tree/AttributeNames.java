package dev.coffer.repository.tree;

import dev.coffer.repository.format.FieldReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the names of attributes, each made into a string once: a node repeats few names many times, mostly in the same order. Used by one thread. */
final class AttributeNames {
    private static final int KNOWN_AT_MOST = 32;

    private final List<Known> known = new ArrayList<>();
    private int expected;

    private static final class Known {
        final byte[] bytes;
        final String name;

        Known(byte[] bytes) {
            this.bytes = bytes;
            this.name = new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** The next field. */
    String read(FieldReader in) {
        int length = in.varint(in.remaining());
        for (int i = 0; i < known.size(); i++) {
            int at = (expected + i) % known.size();
            var seen = known.get(at);
            if (seen.bytes.length == length && in.isNext(seen.bytes)) {
                in.skip(length);
                expected = at + 1;
                return seen.name;
            }
        }
        var fresh = new Known(in.raw(length));
        if (known.size() < KNOWN_AT_MOST) {
            known.add(fresh);
        }
        return fresh.name;
    }
}

package dev.coffer.aws.dynamodb;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.ItemPath;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Cuts the items of a table, which come in the order of their keys, into the pieces that a point holds. Where a piece ends depends on the keys alone, as far as sizes allow: what is added, changed or deleted between two
 * captures changes the pieces around it and no others.
 *
 * <p>A piece is a sequence of items: size and bytes of the key, size and bytes of the item. Its path is {@code items/FOLDER/HASH-FINGERPRINT}, both of its first key; the folder is the first hexadecimal digits of the hash, as many as
 * the attribute {@code digits} of {@code items} says. The attributes of a piece are its first and last key, how many items it has, and the SHA-256 of its content.
 */
final class Pieces {
    static final ItemPath ITEMS = ItemPath.of("items");
    static final ItemPath DEFINITION = ItemPath.of("table.json");
    static final ItemPath STREAM = ItemPath.of("stream.json");
    static final String DIGITS = "digits";
    static final String FIRST = "first";
    static final String LAST = "last";
    static final String COUNT = "count";
    static final String SHA256 = "sha256";

    private static final int DIGITS_AT_MOST = 3;
    private static final long ONE_FOLDER_BYTES = 256L << 20;
    private static final int DIGIT_BITS = 4;
    private static final int LEAST_BYTES = 4 << 20;
    private static final int MOST_BYTES = 16 << 20;
    private static final long CUT_MASK = 0xff;

    private final int digits;
    private final Target target;
    private final Bytes bytes = new Bytes(64 * 1024);
    private Optional<ItemKey> first = Optional.empty();
    private Optional<ItemKey> last = Optional.empty();
    private long count;

    /** A piece that is whole. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy of every piece would cost
    record Piece(ItemPath path, byte[] content, byte[] sha256, Attributes attributes) {}

    /** Takes pieces. */
    interface Target {
        void accept(Piece piece) throws InterruptedException;
    }

    Pieces(int digits, Target target) {
        this.digits = digits;
        this.target = target;
    }

    /**
     * How many digits name a folder, so that none holds too many pieces.
     *
     * @param before the digits of the parent; they stay as they are while the size is not far off, since other digits name all pieces anew
     */
    static int digits(long tableBytes, Optional<Integer> before) {
        return before.filter(digits -> digits >= digitsFor(tableBytes / 2) && digits <= digitsFor(tableBytes * 2))
                .orElseGet(() -> digitsFor(tableBytes));
    }

    private static int digitsFor(long tableBytes) {
        int digits = 0;
        for (long most = ONE_FOLDER_BYTES; tableBytes > most && digits < DIGITS_AT_MOST; most <<= DIGIT_BITS) {
            digits++;
        }
        return digits;
    }

    /** How many folders there may be. */
    static int folders(int digits) {
        return 1 << (DIGIT_BITS * digits);
    }

    /** One of the folders, in the order of the keys. */
    static ItemPath folder(int number, int digits) {
        return folder(digits == 0 ? 0L : (long) number << (Long.SIZE - DIGIT_BITS * digits), digits);
    }

    /** Which of the equal shares of the places of all keys a place is in; shares are powers of two, and in order. */
    static int share(long hash, int shares) {
        return shares == 1 ? 0 : (int) (hash >>> Long.numberOfLeadingZeros(shares - 1L));
    }

    /** The folder of keys with this hash. */
    static ItemPath folder(long hash, int digits) {
        var name = digits == 0 ? "all" : HexFormat.of().toHexDigits(hash).substring(0, digits);
        return ITEMS.child(ItemCodec.utf8(name));
    }

    void add(ItemKey key, byte[] item) throws InterruptedException {
        if (first.isPresent() && endsBefore(first.get(), key)) {
            end();
        }
        bytes.putSized(key.bytes());
        bytes.putSized(item);
        if (first.isEmpty()) {
            first = Optional.of(key);
        }
        last = Optional.of(key);
        count++;
    }

    /** Whether a piece would begin with this key, if it came next. */
    boolean beginsWith(ItemKey key) {
        return first.isEmpty() || endsBefore(first.get(), key);
    }

    private boolean endsBefore(ItemKey begin, ItemKey key) {
        return !folder(begin.hash(), digits).equals(folder(key.hash(), digits))
                || bytes.size() >= MOST_BYTES
                || (bytes.size() >= LEAST_BYTES && (key.fingerprint() & CUT_MASK) == 0);
    }

    /** Ends the last piece. */
    void end() throws InterruptedException {
        if (first.isEmpty() || last.isEmpty()) {
            return;
        }
        var key = first.get();
        var hex = HexFormat.of();
        var content = bytes.copy();
        var digest = ItemKey.sha256().digest(content);
        target.accept(new Piece(
                folder(key.hash(), digits)
                        .child(ItemCodec.utf8(hex.toHexDigits(key.hash()) + "-" + hex.toHexDigits(key.fingerprint()))),
                content,
                digest,
                Attributes.builder()
                        .bytes(FIRST, key.bytes())
                        .bytes(LAST, last.get().bytes())
                        .number(COUNT, count)
                        .bytes(SHA256, digest)
                        .build()));
        bytes.clear();
        first = Optional.empty();
        last = Optional.empty();
        count = 0;
    }
}

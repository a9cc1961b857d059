package dev.coffer.aws.dynamodb;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The primary key of an item and its place in a point: first by a digest of the partition key, then by the bytes of the key. So the items of one partition key stay together, and all others are spread evenly.
 *
 * @param hash the first eight bytes of the SHA-256 of the partition key, compared without sign
 * @param bytes both parts of the key
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its own methods, and a copy for every item would cost
record ItemKey(long hash, byte[] bytes) implements Comparable<ItemKey> {
    /** The key of the bytes, whose first {@code partitionBytes} are the partition key. */
    static ItemKey of(byte[] bytes, int partitionBytes) {
        var digest = sha256();
        digest.update(bytes, 0, partitionBytes);
        return new ItemKey(first8(digest.digest()), bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static long first8(byte[] digest) {
        return new Bytes.Reader(digest, 0, digest.length).getLong();
    }

    /** Names the key in 16 hexadecimal digits, evenly spread. */
    long fingerprint() {
        return first8(sha256().digest(bytes));
    }

    @Override
    public int compareTo(ItemKey other) {
        int byHash = Long.compareUnsigned(hash, other.hash);
        return byHash == 0 ? Arrays.compareUnsigned(bytes, other.bytes) : byHash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ItemKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "ItemKey[" + Long.toHexString(hash) + "]";
    }
}

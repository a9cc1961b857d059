package dev.coffer.repository.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/** The test vectors beside the pages of the format. */
public final class Vectors {
    private static final Path FILE = Path.of("../docs/format/vectors.txt");

    private Vectors() {}

    /** The value of a vector, as it stands there. */
    public static String text(String name) {
        try (var lines = Files.lines(FILE)) {
            return lines.filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length() + 1))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    public static byte[] bytes(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    /** The numbers of a list. */
    public static int[] numbers(String name) {
        return Arrays.stream(text(name).split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /** The bytes that the vectors are worked out from: SHA-256 of 0, 1, 2, ... as numbers of four bytes. */
    public static byte[] stream(int length) {
        var stream = ByteBuffer.allocate(length);
        for (int i = 0; stream.remaining() >= Bytes32.LENGTH; i++) {
            var number = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
            stream.put(Digests.sha256(number, 0, number.length).toBytes());
        }
        return stream.array();
    }
}

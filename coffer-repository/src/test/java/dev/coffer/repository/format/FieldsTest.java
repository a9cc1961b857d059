package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.coffer.core.repository.RepositoryException.Corrupt;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class FieldsTest {
    private static FieldReader reader(int... bytes) {
        var array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return new FieldReader(array, "the thing");
    }

    private static void assertCorrupt(FieldReader in, Consumer<FieldReader> read) {
        assertThatExceptionOfType(Corrupt.class)
                .isThrownBy(() -> read.accept(in))
                .withMessageContaining("the thing, byte ");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        var random = new Random(1);
        for (int round = 0; round < 200; round++) {
            var hash = new Bytes32(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
            int u8 = random.nextInt(256);
            int u16 = random.nextInt(1 << 16);
            int i32 = random.nextInt();
            long i64 = random.nextLong();
            long varint = random.nextLong() >>> (1 + random.nextInt(63));
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            var text = "naïve " + i64 + " \uD83D\uDE00".repeat(random.nextInt(3));

            var out = new FieldWriter(0)
                    .u8(u8)
                    .u16(u16)
                    .u32(i32)
                    .i64(i64)
                    .varint(varint)
                    .hash(hash)
                    .sized(bytes)
                    .text(text)
                    .raw(bytes);
            var in = new FieldReader(out.toBytes(), "the thing");
            assertThat(in.u8()).isEqualTo(u8);
            assertThat(in.u16()).isEqualTo(u16);
            assertThat(in.i32()).isEqualTo(i32);
            assertThat(in.i64()).isEqualTo(i64);
            assertThat(in.varint()).isEqualTo(varint);
            assertThat(in.hash()).isEqualTo(hash);
            assertThat(in.sized()).isEqualTo(bytes);
            assertThat(in.text()).isEqualTo(text);
            assertThat(in.raw(bytes.length)).isEqualTo(bytes);
            in.end();
        }
    }

    @Test
    void numbersAreBigEndianAndGroupsComeLowestFirst() {
        var out = new FieldWriter(1)
                .u16(0x0102)
                .u32(0x03040506)
                .i64(0x0708090a0b0c0d0eL)
                .varint(300)
                .varint(Long.MAX_VALUE);
        assertThat(HexFormat.of().formatHex(out.toBytes()))
                .isEqualTo("0102" + "03040506" + "0708090a0b0c0d0e" + "ac02" + "ffffffffffffffff7f");
        assertThat(out.length()).isEqualTo(25);
    }

    @Test
    void noFieldIsReadPastTheEnd() {
        assertCorrupt(reader(), FieldReader::u8);
        assertCorrupt(reader(1), FieldReader::u16);
        assertCorrupt(reader(1, 2, 3), FieldReader::i32);
        assertCorrupt(reader(1, 2, 3, 4, 5, 6, 7), FieldReader::i64);
        assertCorrupt(reader(0x80), FieldReader::varint);
        assertCorrupt(new FieldReader(new byte[31], "the thing"), FieldReader::hash);
        assertCorrupt(reader(1, 2), in -> in.raw(3));
        assertCorrupt(reader(1, 2), in -> in.raw(-1));
        assertCorrupt(reader(1, 2), in -> in.raw(Integer.MAX_VALUE));
        assertCorrupt(reader(1, 2), in -> in.skip(3));
        assertCorrupt(reader(1, 2), in -> in.part(3));
        assertCorrupt(reader(3, 1, 2), FieldReader::sized);
        assertCorrupt(reader(0xff, 0xff, 0xff, 0xff, 0x07, 1), FieldReader::text);
    }

    @Test
    void aReaderOfAPartEndsWithThePart() {
        var in = new FieldReader(new byte[] {9, 1, 2, 3, 9}, 1, 3, "the thing");
        var part = in.part(2);
        assertThat(part.u16()).isEqualTo(0x0102);
        assertCorrupt(part, FieldReader::u8);
        assertThat(in.remaining()).isEqualTo(1);
        assertThat(in.u8()).isEqualTo(3);
        assertCorrupt(in, FieldReader::u8);
        in.end();
    }

    @Test
    void aNumberThatIsLongerThanItNeedsToBeIsRefused() {
        assertCorrupt(reader(0x80, 0x00), FieldReader::varint);
        assertCorrupt(reader(0xff, 0x80, 0x00), FieldReader::varint);
        assertCorrupt(reader(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), FieldReader::varint);
        assertThat(reader(0x00).varint()).isZero();
    }

    @Test
    void numbersOutsideOfTheirBoundsAreRefused() {
        assertThat(reader(100).varint(100)).isEqualTo(100);
        assertCorrupt(reader(101), in -> in.varint(100));
        assertCorrupt(reader(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), in -> in.varint(Integer.MAX_VALUE));
        assertCorrupt(reader(0x80, 0, 0, 0), FieldReader::size32);
        assertThat(reader(0x7f, 0xff, 0xff, 0xff).size32()).isEqualTo(Integer.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> new FieldWriter(1).varint(-1));
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        assertCorrupt(reader(1, 0x80), FieldReader::text);
        assertCorrupt(reader(2, 0xc0, 0x80), FieldReader::text);
        assertCorrupt(reader(3, 0xed, 0xa0, 0x80), FieldReader::text);
        assertCorrupt(reader(1, 0xc3), FieldReader::text);
    }

    @Test
    void whatIsLeftOverIsRefused() {
        var in = reader(1, 2);
        in.u8();
        assertCorrupt(in, FieldReader::end);
        in.u8();
        in.end();
    }

    @Test
    void noBytesMakeAReaderFailInAnotherWay() {
        var random = new Random(2);
        for (int round = 0; round < 5_000; round++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            var in = new FieldReader(bytes, "the thing");
            try {
                while (in.remaining() > 0) {
                    switch (random.nextInt(7)) {
                        case 0 -> in.varint();
                        case 1 -> in.text();
                        case 2 -> in.sized();
                        case 3 -> in.hash();
                        case 4 -> in.size32();
                        case 5 -> in.part(in.u8());
                        default -> in.skip(in.u16());
                    }
                }
                in.end();
            } catch (Corrupt expected) {
                assertThat(expected).hasMessageContaining("the thing");
            }
        }
    }

    @Test
    void thirtyTwoBytesAreOrderedAsTheirBytesAre() {
        var random = new Random(3);
        for (int round = 0; round < 500; round++) {
            var one = new byte[32];
            random.nextBytes(one);
            var other = one.clone();
            other[random.nextInt(32)] = (byte) random.nextInt();
            var a = Bytes32.of(one, 0);
            var b = Bytes32.of(other, 0);
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(Arrays.compareUnsigned(one, other)));
            assertThat(a.equals(b)).isEqualTo(Arrays.equals(one, other));
            assertThat(a.toBytes()).isEqualTo(one);
            assertThat(Bytes32.ofHex(a.toString())).isEqualTo(a);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes32.ofHex("00"));
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes32.ofHex("x".repeat(64)));
    }
}

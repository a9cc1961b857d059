package dev.coffer.host.efs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.repository.Attributes;
import dev.coffer.core.repository.Item;
import dev.coffer.core.repository.ItemKind;
import dev.coffer.core.repository.ItemPath;
import dev.coffer.core.repository.RepositoryException;
import dev.coffer.host.posix.Stat;
import java.util.HexFormat;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileAttributesTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-1,999999999",
        "1234567890,123456789",
        "9223372036,854775807",
        "9223372036,854775808",
        "-9223372037,0",
        "9223372036854775807,999999999",
        "-9223372036854775808,1",
    })
    void aTimeIsKeptToTheNanosecond(long seconds, int nanos) {
        var time = new Stat.Time(seconds, nanos);

        assertThat(FileAttributes.modified(item(FileAttributes.of(stat(time)).build())))
                .isEqualTo(time);
    }

    @Test
    void namesOfExtendedAttributesAreKeptWhateverTheirBytes() {
        var builder = Attributes.builder();
        var names = new byte[][] {
            Tree.bytes("user.plain"),
            Tree.bytes("user.100%"),
            Tree.bytes("user.a b\n"),
            {'u', 's', 'e', 'r', '.', (byte) 0xff, 0x7f},
            Tree.bytes("user." + "x".repeat(248)),
            Tree.bytes("user." + "x".repeat(249)),
            Tree.bytes("user." + "\u00fc".repeat(120)),
        };
        for (int i = 0; i < names.length; i++) {
            FileAttributes.extended(builder, names[i], new byte[] {(byte) i});
        }

        var read = new TreeMap<String, Integer>();
        FileAttributes.forEachExtended(
                builder.build(), (name, value) -> read.put(HexFormat.of().formatHex(name), (int) value[0]));

        assertThat(read).hasSize(names.length);
        for (int i = 0; i < names.length; i++) {
            assertThat(read).containsEntry(HexFormat.of().formatHex(names[i]), i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.user.%", "x.user.%4", "x.user.%zz", "X.short"})
    void aDamagedNameIsToldAsDamage(String name) {
        var attributes = Attributes.builder().bytes(name, new byte[] {0, 9, 1}).build();

        assertThatThrownBy(() -> FileAttributes.forEachExtended(attributes, (_, _) -> {}))
                .isInstanceOf(RepositoryException.Corrupt.class);
    }

    @Test
    void onlyTheSameInodeWithTheSameSizeAndTimesIsUnchanged() {
        var stat = stat(new Stat.Time(5, 5));
        var item = item(FileAttributes.of(stat).build());

        assertThat(FileAttributes.unchanged(item, stat)).isTrue();
        assertThat(FileAttributes.unchanged(item, stat(new Stat.Time(5, 6)))).isFalse();
        var racy = item(FileAttributes.of(stat).number(FileAttributes.RACY, 1).build());
        assertThat(FileAttributes.unchanged(racy, stat)).isFalse();
        assertThat(FileAttributes.unchanged(
                        new Item(item.path(), item.kind(), 11, item.attributes(), item.content()), stat))
                .isFalse();
        assertThat(FileAttributes.unchanged(
                        item(FileAttributes.of(stat)
                                .number(FileAttributes.INO, 8)
                                .build()),
                        stat))
                .isFalse();
        assertThat(FileAttributes.unchanged(
                        item(FileAttributes.of(stat)
                                .number(FileAttributes.CTIME, 1)
                                .build()),
                        stat))
                .isFalse();
    }

    private static Item item(Attributes attributes) {
        return new Item(ItemPath.of("f"), ItemKind.FILE, 10, attributes, new Item.ContentRef() {});
    }

    private static Stat stat(Stat.Time modified) {
        return new Stat(0x81a4, -1, 3, 1, 7, 10, 8, modified, new Stat.Time(9, 9), 0, 1, 1);
    }
}

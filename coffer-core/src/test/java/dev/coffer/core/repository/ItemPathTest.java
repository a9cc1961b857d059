package dev.coffer.core.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ItemPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", "..", "a/../b", ".", "a/.", "./a", "a\0b", "/"})
    void aPathThatCouldLeadElsewhereIsNoPath(String text) {
        assertThatThrownBy(() -> ItemPath.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"...", "..a", "a..", ".hidden", "a/...", "trailing.", " ", "a/ /b", "-rf", "CON"})
    void aStrangeNameIsStillAName(String text) {
        assertThat(new String(ItemPath.of(text).toBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void theOrderIsThatOfAWalk() {
        var walk = List.of("", "a", "a/b", "a/b/c", "a/c", "a b", "a-b", "a.txt", "ab", "b").stream()
                .map(ItemPath::of)
                .toList();
        var shuffled = new ArrayList<>(walk);
        Collections.shuffle(shuffled, new Random(7));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(walk);
    }

    @Test
    void bytesAboveOneHundredAndTwentySevenSortBehindTheOthers() {
        var plain = ItemPath.of(new byte[] {'z'});
        var high = ItemPath.of(new byte[] {(byte) 0xff});
        assertThat(plain).isLessThan(high);
        assertThat(high.toString()).isEqualTo("/\\xff");
    }

    @Test
    void aPathIsWithinItsParentsAndNotWithinASiblingWithTheSameBeginning() {
        var path = ItemPath.of("a/b/c");
        assertThat(path.isWithin(ItemPath.ROOT)).isTrue();
        assertThat(path.isWithin(ItemPath.of("a/b"))).isTrue();
        assertThat(path.isWithin(path)).isTrue();
        assertThat(ItemPath.of("a/bc").isWithin(ItemPath.of("a/b"))).isFalse();
        assertThat(path.parent()).isEqualTo(ItemPath.of("a/b"));
        assertThat(new String(path.name(), StandardCharsets.UTF_8)).isEqualTo("c");
        assertThat(ItemPath.of("a").parent()).isEqualTo(ItemPath.ROOT);
    }

    @Test
    void childrenAndNamesAreInverse() {
        var path = ItemPath.ROOT;
        for (var name : ItemPath.of("x/y y/z").names()) {
            path = path.child(name);
        }
        assertThat(path).isEqualTo(ItemPath.of("x/y y/z"));
        assertThatThrownBy(() -> ItemPath.ROOT.child(new byte[] {'a', '/', 'b'}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ItemPath.ROOT.child("..".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theChildTowardsAPathIsOneLevelLower() {
        var path = ItemPath.of("a/bc/d");
        assertThat(ItemPath.ROOT.childTowards(path)).isEqualTo(ItemPath.of("a"));
        assertThat(ItemPath.of("a").childTowards(path)).isEqualTo(ItemPath.of("a/bc"));
        assertThat(ItemPath.of("a/bc").childTowards(path)).isEqualTo(path);
        for (var beside : new ItemPath[] {path, ItemPath.of("a/b"), ItemPath.of("a/bc/d/e")}) {
            assertThatThrownBy(() -> beside.childTowards(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void controlCharactersAreShownEscaped() {
        assertThat(ItemPath.of("a\nb\u001b[31m").toString()).isEqualTo("/a\\x0ab\\x1b[31m");
        assertThat(ItemPath.of("café").toString()).isEqualTo("/café");
    }
}

package dev.coffer.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.repository.ItemPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyPathTest {
    /** Keys that paths of files cannot have, and pairs that a careless coding would put in one place. */
    static final List<String> ODD = List.of(
            "../up",
            "..",
            ".",
            "./a",
            "a/../b",
            "//dbl//",
            "/",
            "/abs",
            "a//b",
            "a/",
            "a",
            "a!",
            "a!/b",
            "a/b",
            "a!/null/x",
            "a%",
            "a%21",
            "a%21/b",
            "%",
            "%/x",
            "%25",
            "%2E/x",
            "CON",
            "é/😀.txt",
            "tab\tand\nline",
            "\u0001\u0002",
            "\u001b[31mred",
            "<script>alert(1)</script>",
            "=cmd()",
            "x".repeat(1000),
            "/".repeat(1000),
            " ",
            "a b+c&d?e#f");

    @Test
    void everyKeyComesBackFromItsPath() {
        for (var key : ODD) {
            for (var version : List.of("null", "3sL4kq/+=", ".", "..", "", "%2F", "a!")) {
                assertThat(KeyPath.at(KeyPath.of(key, version))).contains(new KeyPath.Version(key, version));
            }
        }
    }

    @Test
    void noTwoKeysShareAPathAndNoObjectIsAboveAnother() {
        var keyByPath = new HashMap<ItemPath, String>();
        for (var key : ODD) {
            assertThat(keyByPath.put(KeyPath.of(key, "null"), key)).isNull();
        }
        for (var one : keyByPath.keySet()) {
            for (var other : keyByPath.keySet()) {
                assertThat(one.equals(other) || !one.isWithin(other)).isTrue();
            }
        }
    }

    @Test
    void randomKeysComeBackAndStayBeneathTheirPrefix() {
        var random = new Random(7);
        var alphabet = "ab/.!%0é😀";
        for (int i = 0; i < 20_000; i++) {
            var key = new StringBuilder();
            for (int length = 1 + random.nextInt(12); length > 0; length--) {
                int at = alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())));
                key.appendCodePoint(alphabet.codePointAt(at));
            }
            var path = KeyPath.of(key.toString(), "v" + random.nextInt(3));
            assertThat(KeyPath.at(path).orElseThrow().key()).isEqualTo(key.toString());
            int cut = random.nextInt(key.length() + 1);
            if (cut == 0 || !Character.isHighSurrogate(key.charAt(cut - 1))) {
                assertThat(path.isWithin(KeyPath.above(key.substring(0, cut)))).isTrue();
            }
        }
    }

    @Test
    void usualKeysArePathsInTheOrderOfTheListing() {
        var keys = new ArrayList<>(List.of(
                "img1", "img10", "img2", "logs/2026/01/a.txt", "logs/2026/02/b.txt", "photo", "photo.jpg", "z"));
        var byPath = keys.stream()
                .sorted((a, b) -> KeyPath.of(a, "null").compareTo(KeyPath.of(b, "null")))
                .toList();
        assertThat(byPath).isEqualTo(keys);
    }

    @Test
    void keysAreComparedByTheirBytes() {
        assertThat(KeyPath.compare("a", "b")).isNegative();
        assertThat(KeyPath.compare("a", "a/")).isNegative();
        assertThat(KeyPath.compare("\uffee", "😀")).isNegative();
        assertThat(KeyPath.compare("x", "x")).isZero();
    }
}

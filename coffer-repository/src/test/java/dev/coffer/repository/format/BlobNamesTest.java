package dev.coffer.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.legalhold.HoldId;
import dev.coffer.core.repository.SessionId;
import dev.coffer.core.store.BlobKey;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BlobNamesTest {
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final Bytes32 DIGEST = Bytes32.ofHex(HEX);

    @Test
    void namesAreSpelledAsTheFormatSays() {
        assertThat(BlobNames.pack(DIGEST)).hasToString("packs/01/" + HEX);
        assertThat(BlobNames.index(DIGEST)).hasToString("index/" + HEX);
        assertThat(BlobNames.point(new SessionId("a-B-1"))).hasToString("points/a-B-1");
        assertThat(BlobNames.lock(7)).hasToString("locks/000000000007");
        assertThat(BlobNames.lifecycle(new SessionId("a-B-1"), 12)).hasToString("lifecycles/a-B-1/000000000012");
        assertThat(BlobNames.hold(new HoldId("c-3"), 2)).hasToString("holds/c-3/000000000002");
    }

    @Test
    void aNameTellsWhatItWasMadeOf() {
        assertThat(BlobNames.digestOf(BlobNames.pack(DIGEST))).contains(DIGEST);
        assertThat(BlobNames.digestOf(BlobNames.index(DIGEST))).contains(DIGEST);
        assertThat(BlobNames.sessionOf(BlobNames.point(new SessionId("a-B-1")))).contains(new SessionId("a-B-1"));
    }

    @Test
    void aForeignNameTellsNothing() {
        for (var foreign : List.of(
                "format",
                "p",
                "packs/" + HEX,
                "packs/02/" + HEX,
                "packs/01/" + HEX.toUpperCase(java.util.Locale.ROOT),
                "packs/01/" + HEX.substring(1),
                "packs/01/" + HEX + "0",
                "packs/01/" + HEX + ".bak",
                "index/01/" + HEX,
                "points/" + HEX)) {
            assertThat(BlobNames.digestOf(new BlobKey(foreign))).as(foreign).isEmpty();
        }
        for (var foreign : List.of(
                "a",
                "format",
                "points",
                "packs/ab-cd",
                "index/ab",
                "points/a/b",
                "points/a.b",
                "points/" + "a".repeat(65))) {
            assertThat(BlobNames.sessionOf(new BlobKey(foreign))).as(foreign).isEmpty();
        }
    }
}

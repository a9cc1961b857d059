package dev.coffer.repository.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.coffer.core.repository.RepositoryException;
import dev.coffer.repository.format.FieldReader;
import dev.coffer.repository.format.FieldWriter;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AttributeNamesTest {
    @Test
    void namesComeAsTheyWereWrittenHoweverManyThereAre() {
        var random = new Random(1);
        var written = new ArrayList<String>();
        var out = new FieldWriter(16);
        for (int i = 0; i < 2_000; i++) {
            // Some are the beginning of others.
            var name = "n".repeat(1 + random.nextInt(3)) + (i % 3 == 0 ? "" : random.nextInt(60));
            written.add(name);
            out.text(name).u8(i);
        }
        var in = new FieldReader(out.toBytes(), "names");
        var names = new AttributeNames();
        for (int i = 0; i < written.size(); i++) {
            assertThat(names.read(in)).isEqualTo(written.get(i));
            assertThat(in.u8()).isEqualTo(i & 0xff);
        }
        in.end();
    }

    @Test
    void aNameThatIsCutOffIsDamage() {
        var names = new AttributeNames();
        assertThat(names.read(new FieldReader(new FieldWriter(8).text("mode").toBytes(), "names")))
                .isEqualTo("mode");
        var cut = new FieldReader(new byte[] {4, 'm', 'o', 'd'}, "names");
        assertThatExceptionOfType(RepositoryException.Corrupt.class).isThrownBy(() -> names.read(cut));
    }
}

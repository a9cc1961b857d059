package dev.coffer.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.problem.Refused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VaultNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc",
                "a",
                "",
                "x\0y",
                "a b",
                "..",
                ".x",
                "a/b",
                "é",
                "12345678901234567890123456789012345678901234567890a",
                "a\n"
            })
    void whatCouldLeaveTheFolderOfVaultsIsNoName(String text) {
        assertThatThrownBy(() -> new VaultName(text)).isInstanceOf(Refused.class);
        assertThat(VaultName.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Default", "a-b_C9", "12345678901234567890123456789012345678901234567890"})
    void lettersDigitsHyphensAndUnderscoresAreAName(String text) {
        assertThat(new VaultName(text).value()).isEqualTo(text);
    }
}

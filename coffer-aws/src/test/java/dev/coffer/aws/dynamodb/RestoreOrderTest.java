package dev.coffer.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.problem.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestoreOrderTest {
    @Test
    void theTargetIsNeeded() {
        assertThat(RestoreOrder.objectionTo(Map.of())).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.MISSING_PARAMETER_VALUE);
            assertThat(problem.message()).contains("targetTableName");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "targettablename | ab | 3 to 255",
                "targettablename | a/bc | 3 to 255",
                "encryptiontype | AES | Default or KMS",
                "kmsmasterkeyarn | arn:aws:kms:eu-central-1:123456789012:key/1 | goes with encryptionType KMS",
                "deletionprotection | yes | true or false",
                "coffer:conflict | skip | coffer:existingTable",
                "coffer:indexes | some | all or none",
                "coffer:keys | [] | JSON array",
                "coffer:keys | [{\"id\":\"a\"}] | names its type",
                "coffer:keys | [{\"id\":{\"N\":\"a\"}}] | is a number",
                "coffer:keycondition | {\"id\":{\"ComparisonOperator\":\"NE\"}} | ComparisonOperator is",
                "coffer:keycondition | {\"id\":{\"ComparisonOperator\":\"LT\",\"AttributeValueList\":[{\"S\":\"a\"}]}} | no condition with EQ",
                "coffer:keycondition | nonsense | not JSON",
                "surprise | x | surprise",
            })
    void aValueThatCannotBeIsRefused(String key, String value, String text) {
        var metadata = new TreeMap<>(Map.of("targettablename", "orders"));
        metadata.put(key, value);

        assertThat(RestoreOrder.objectionTo(metadata)).hasValueSatisfying(problem -> {
            assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
            assertThat(problem.message()).contains(text);
        });
    }

    @Test
    void settingsOfANewTableAreNotForAnExistingOne() {
        assertThat(RestoreOrder.objectionTo(
                        Map.of("targettablename", "orders", "coffer:existingtable", "true", "encryptiontype", "KMS")))
                .hasValueSatisfying(
                        problem -> assertThat(problem.message()).contains("encryptionType is for a new table"));
    }

    @Test
    void aKeyOfItsOwnIsTaken() {
        var arn = "arn:aws:kms:eu-central-1:123456789012:key/1";

        var order =
                RestoreOrder.of(Map.of("targettablename", "orders", "encryptiontype", "kms", "kmsmasterkeyarn", arn));

        assertThat(order.encryption()).contains(new RestoreOrder.Encryption.Kms(Optional.of(arn)));
    }
}

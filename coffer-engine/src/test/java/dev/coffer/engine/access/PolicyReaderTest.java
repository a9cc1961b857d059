package dev.coffer.engine.access;

import static dev.coffer.engine.EngineBench.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.coffer.catalog.access.JacksonPolicyJson;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyReaderTest {
    private static final String OK = "'Effect':'Allow','Action':'backup:ListTags','Resource':'*'";

    private final PolicyReader reader = new PolicyReader(new JacksonPolicyJson());

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Statement':{" + OK + "}}",
                "{'Version':'2012-10-17','Id':'x','Statement':[{'Sid':'a'," + OK + "},{" + OK + "}]}",
                "{'Statement':[{'Effect':'Deny','NotAction':['s3:*','*'],'NotResource':['arn:aws:s3:::b','*']}]}",
                "{'Statement':[{" + OK + ",'Condition':{'NumericLessThan':{'a':7},'Bool':{'b':true,'c':'false'}}}]}",
                "{'Statement':[{" + OK + ",'Condition':{'ForAllValues:StringLikeIfExists':{'a':['x','y']}}}]}",
                "{'Version':'2012-10-17','Statement':[{" + OK + ",'Condition':{'IpAddress':{'a':'${aws:x}'}}}]}"
            })
    void acceptsWhatTheGrammarHas(String text) {
        assertThatCode(() -> reader.read(PolicyKind.IDENTITY, json(text))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "                                                     | empty",
                "{                                                    | not valid JSON: line 1",
                "[]                                                   | the document is not a JSON object",
                "{}                                                   | the document has no Statement",
                "{'Statement':[]}                                     | no statement",
                "{'Statement':null}                                   | null",
                "{'Statement':{$},'Statement':{$}}                    | uplicate",
                "{'Statement':{$}} {}                                 | goes on",
                "{'Statement':{$},'Extra':1}                          | no element \"Extra\"",
                "{'Version':'2020-01-01','Statement':{$}}             | Version must be",
                "{'Version':2012,'Statement':{$}}                     | Version must be",
                "{'Statement':{'Effect':'Allow','Action':'a:b'}}      | no Resource",
                "{'Statement':{'Effect':'Allow','Resource':'*'}}      | no Action",
                "{'Statement':{'Action':'a:b','Resource':'*'}}        | no Effect",
                "{'Statement':{'Effect':'allow','Action':'a:b','Resource':'*'}} | Effect must be",
                "{'Statement':{$,'NotAction':'a:b'}}                  | both Action and NotAction",
                "{'Statement':{$,'NotResource':'*'}}                  | both Resource and NotResource",
                "{'Statement':{$,'Principal':'*'}}                    | about its owner",
                "{'Statement':{$,'Actions':'x'}}                      | no element \"Actions\"",
                "{'Statement':[{'Sid':'a',$},{'Sid':'a',$}]}          | statement 2: another statement has the Sid a",
                "{'Statement':{'Sid':'a b',$}}                        | Sid has letters",
                "{'Statement':{'Effect':'Allow','Action':'ListTags','Resource':'*'}} | is not an action",
                "{'Statement':{'Effect':'Allow','Action':[],'Resource':'*'}}         | is empty",
                "{'Statement':{'Effect':'Allow','Action':[1],'Resource':'*'}}        | is not text",
                "{'Statement':{'Effect':'Allow','Action':'a:b','Resource':'vault'}}  | is not an ARN",
                "{'Statement':{$,'Condition':{'StringMatches':{'a':'b'}}}}           | is not an operator",
                "{'Statement':{$,'Condition':{'NullIfExists':{'a':'true'}}}}         | is not an operator",
                "{'Statement':{$,'Condition':{'StringEquals':'a'}}}                  | not a JSON object",
                "{'Statement':{$,'Condition':{'StringEquals':{'a':[]}}}}             | has no value",
                "{'Statement':{$,'Condition':{'StringEquals':{'a':{}}}}}             | a value is text",
                "{'Statement':{$,'Condition':{'NumericEquals':{'a':'x'}}}}           | not a value for this operator",
                "{'Statement':{$,'Condition':{'IpAddress':{'a':'10.0.0.0/99'}}}}     | not a value for this operator",
                "{'Statement':{$,'Condition':{'Bool':{'a':'maybe'}}}}                | not a value for this operator",
                "{'Statement':[[[[[[[[[[[[1]]]]]]]]]]]]}                             | epth",
                "{'Statement':{$,'Condition':{'NumericEquals':{'a':1e999999}}}}      | a number is out of range"
            })
    void refusesWhatBreaksTheGrammarAndSaysWhere(String text, String reason) {
        var given = json(text == null ? "" : text).replace("$", json(OK));
        var problem = refusal(() -> reader.read(PolicyKind.IDENTITY, given));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID_PARAMETER_VALUE);
        assertThat(problem.message()).startsWith("The policy is not valid").contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "VAULT | 'Principal':'*','Action':'backup:*','Resource':'*'                  | no wildcards",
                "VAULT | 'Principal':'*','Action':'*','Resource':'*'                         | begin with backup:",
                "VAULT | 'Principal':'*','Action':'s3:GetObject','Resource':'*'              | begin with backup:",
                "VAULT | 'Action':'backup:ListTags','Resource':'*'                           | no Principal",
                "VAULT | 'NotPrincipal':'*','Action':'backup:ListTags','Resource':'*'        | NotPrincipal with Allow",
                "VAULT | 'Principal':{'Federated':'x'},'Action':'backup:ListTags','Resource':'*' | no element",
                "VAULT | 'Principal':{},'Action':'backup:ListTags','Resource':'*'            | names nobody",
                "TRUST | 'Principal':'*','Action':'sts:AssumeRole','Resource':'*'            | has no Resource",
                "TRUST | 'Principal':'*','Action':'backup:ListTags'                          | begin with sts:"
            })
    void eachKindHasItsRules(PolicyKind kind, String statement, String reason) {
        var text = json("{'Statement':{'Effect':'Allow'," + statement + "}}");
        assertThat(refusal(() -> reader.read(kind, text)).message()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY, 10240", "SESSION, 2048", "TRUST, 4096", "VAULT, 20480"})
    void aDocumentHasItsSize(PolicyKind kind, int most) {
        assertThat(refusal(() -> reader.read(kind, " ".repeat(most + 1))).message())
                .contains("has " + (most + 1) + " characters and may have " + most);
        assertThat(refusal(() -> reader.read(kind, " ".repeat(most))).message()).contains("is empty");
    }
}

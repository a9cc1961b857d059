package dev.coffer.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.coffer.core.event.TargetSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventsReaderTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOOK", "the secret of the hook", "KEY", "the secret key");

    @TempDir
    private Path folder;

    private Config read(String text) throws IOException {
        var file = folder.resolve("coffer.yaml");
        Files.writeString(file, text);
        return new ConfigReader(name -> Optional.ofNullable(ENVIRONMENT.get(name))).read(file);
    }

    @Test
    void aWholeSectionIsRead() throws IOException {
        var events = read("""
                accounts: [{id: "111122223333"}, {id: "444455556666"}]
                regions: [eu-west-1, eu-central-1]
                events:
                  allow: [hooks.example.org, 10.1.0.0/16, localhost]
                  deadAfterHours: 24
                  sns:
                    - {region: eu-west-1, endpoint: "http://127.0.0.1:4566", accessKeyId: AK, secretAccessKey: "${env:KEY}"}
                  rules:
                    - name: failures
                      account: "444455556666"
                      region: eu-central-1
                      pattern: {detail-type: [Backup Job State Change], detail: {state: [FAILED, {prefix: EXP}], percentDone: [{numeric: ["<", 100]}], done: [true]}}
                      targets:
                        - {id: pager, type: webhook, url: "https://hooks.example.org/x", secret: "${env:HOOK}"}
                        - {id: mail, type: smtp, host: mail.example.org, from: coffer@example.org, to: [a@example.org, b@example.org]}
                        - {id: morning, type: digest, via: smtp, at: "07:30", zone: Europe/Berlin, host: mail.example.org, from: coffer@example.org, to: a@example.org}
                    - name: everything
                      enabled: false
                      pattern: '{"source": ["aws.backup"]}'
                      targets: [{id: lines, type: log, file: events.jsonl, maxBytes: 2048, keep: 2}]
                """).events();

        assertThat(events.deadAfter()).isEqualTo(Duration.ofDays(1));
        assertThat(events.sns().getFirst().secret().value()).isEqualTo("the secret key");
        assertThat(events.allow().objectionTo("hooks.example.org")).isEmpty();
        var failures = events.rules().getFirst();
        assertThat(failures.scope()).hasToString("444455556666/eu-central-1");
        assertThat(failures.pattern())
                .isEqualTo(
                        "{\"detail-type\":[\"Backup Job State Change\"],\"detail\":{\"state\":[\"FAILED\",{\"prefix\":\"EXP\"}],\"percentDone\":[{\"numeric\":[\"<\",100]}],\"done\":[true]}}");
        assertThat(failures.targets().getFirst().secret().orElseThrow().value()).isEqualTo("the secret of the hook");
        assertThat(failures.targets().get(1).spec())
                .isInstanceOfSatisfying(
                        TargetSpec.Mail.class,
                        mail -> assertThat(mail.to()).containsExactly("a@example.org", "b@example.org"));
        assertThat(failures.targets().get(2).spec()).isInstanceOf(TargetSpec.DailyDigest.class);
        var everything = events.rules().get(1);
        assertThat(everything.scope()).hasToString("111122223333/eu-west-1");
        assertThat(everything.enabled()).isFalse();
        assertThat(everything.pattern()).isEqualTo("{\"source\": [\"aws.backup\"]}");
        assertThat(events.toString()).doesNotContain("the secret");
    }

    @Test
    void withoutTheSectionNothingIsAllowed() throws IOException {
        var events = read("regions: [eu-west-1]").events();
        assertThat(events.rules()).isEmpty();
        assertThat(events.allow().objectionTo("hooks.example.org")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{more: 1}                                     | 1:10: unknown key 'more' in events",
                "{allow: ['a b']}                              | 1:17: 'a b' is no host name",
                "{deadAfterHours: 0}                           | 1:26: deadAfterHours is a whole number",
                "{sns: [{region: EU, accessKeyId: A, secretAccessKey: S}]} | 1:25: A region name has",
                "{sns: [{region: eu-west-1, accessKeyId: A}]}  | needs the key 'secretAccessKey'",
                "{rules: [{pattern: {}}]}                      | needs the key 'name'",
                "{rules: [{name: a, pattern: '{}', region: us-east-1}]} | 1:51: 111122223333/us-east-1 is not in",
                "{rules: [{name: a, pattern: '{}', targets: [{id: x, type: fax}]}]} | 1:67: unknown type. Known types: webhook",
                "{rules: [{name: a, pattern: '{}', targets: [{id: x, type: log, url: y}]}]} | 1:72: unknown key 'url' in target 1",
                "{rules: [{name: a, pattern: '{}', targets: [{id: x, type: webhook, url: 'https://a'}]}]} | 1:67: secret is missing",
                "{rules: [{name: a, pattern: '{}', targets: [{id: x, type: webhook, url: 'https://a', secret: '${env:NONE}'}]}]} | the environment variable NONE is not set",
                "{rules: [{name: a, pattern: '{}'}, {name: a, pattern: '{}'}]} | rule a stands twice"
            })
    void whatCannotBeIsRefusedWithItsPlace(String section, String why) {
        assertThatThrownBy(() -> read("events: " + section))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why);
    }
}

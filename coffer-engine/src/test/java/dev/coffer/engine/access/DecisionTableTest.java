package dev.coffer.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.catalog.access.JacksonPolicyJson;
import dev.coffer.core.access.AccessRequest;
import dev.coffer.core.access.Authorizer;
import dev.coffer.core.access.Decision;
import dev.coffer.core.access.Facts;
import dev.coffer.core.access.Policies;
import dev.coffer.core.access.Policies.Named;
import dev.coffer.core.access.Policies.OfResource;
import dev.coffer.core.access.PolicyKind;
import dev.coffer.core.access.PolicyReader;
import dev.coffer.core.access.Subject;
import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Arn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The decisions of {@code decisions.txt}. */
final class DecisionTableTest {
    private static final AccountId ACCOUNT = new AccountId("111122223333");
    private static final AccountId OTHER = new AccountId("444455556666");
    private static final Map<String, String> ARNS = Map.of(
            "@vault", "arn:aws:backup:eu-west-1:111122223333:backup-vault:prod",
            "@point", "arn:aws:backup:eu-west-1:111122223333:recovery-point:p1",
            "@snap", "arn:aws:ec2:eu-west-1::snapshot/snap-1",
            "@role", "arn:aws:iam::111122223333:role/Target",
            "@account", "arn:aws:iam::111122223333:root",
            "@alice", "arn:aws:iam::111122223333:user/alice",
            "@operator", "arn:aws:iam::111122223333:role/Operator",
            "@session", "arn:aws:sts::111122223333:assumed-role/Operator/s1",
            "@stranger", "arn:aws:iam::444455556666:user/stranger",
            "@elsewhere", "arn:aws:backup:eu-west-1:444455556666:backup-vault:prod");
    private static final Pattern STATEMENT =
            Pattern.compile("(Allow|Deny) (\\S+)(?: on (\\S+))?(?: for (\\S+))?(?: if (.*))?");

    private final PolicyReader reader = new PolicyReader(new JacksonPolicyJson());

    @Test
    void theTableHasItsCases() throws IOException {
        assertThat(rows("conditions").size() + rows("decisions").size()).isGreaterThanOrEqualTo(230);
    }

    @TestFactory
    Stream<DynamicTest> conditions() throws IOException {
        return rows("conditions").stream()
                .map(row -> DynamicTest.dynamicTest(String.join(" | ", row), () -> {
                    var given = row.get(3).equals("-") ? "" : "k=" + row.get(3);
                    var policy = read(PolicyKind.IDENTITY, "Allow * on * if " + row.get(1) + " k=" + row.get(2));
                    var decision = Authorizer.decide(
                            new AccessRequest(
                                    subject("alice"), "backup:ListTags", "*", ACCOUNT.value(), facts("alice", given)),
                            new Policies(List.of(policy), Optional.empty(), Optional.empty(), new OfResource.None()));
                    assertThat(decision.allowed()).isEqualTo(row.getFirst().equals("yes"));
                }));
    }

    @TestFactory
    Stream<DynamicTest> decisions() throws IOException {
        return rows("decisions").stream()
                .map(row -> DynamicTest.dynamicTest(String.join(" | ", row), () -> {
                    var resource = expanded(row.get(3));
                    var owner = Arn.parse(resource)
                            .map(Arn::account)
                            .filter(AccountId::isOne)
                            .orElse(ACCOUNT.value());
                    var request = new AccessRequest(
                            subject(row.get(1)), row.get(2), resource, owner, facts(row.get(1), row.get(4)));
                    var decision = Authorizer.decide(request, policies(row.size() > 5 ? row.get(5) : ""));
                    assertThat(named(decision)).isEqualTo(row.getFirst());
                    assertThat(decision.explanation()).isNotEmpty();
                    if (!decision.allowed()) {
                        assertThat(decision.message(request)).contains("is not authorized to perform: " + row.get(2));
                    }
                }));
    }

    private static List<List<String>> rows(String section) throws IOException {
        var rows = new ArrayList<List<String>>();
        var here = "";
        try (var in = DecisionTableTest.class.getResourceAsStream("decisions.txt")) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("[")) {
                    here = line.substring(1, line.length() - 1);
                } else if (here.equals(section) && !line.isBlank() && !line.startsWith("#")) {
                    rows.add(Arrays.stream(line.split("\\|")).map(String::strip).toList());
                }
            }
        }
        return rows;
    }

    private static String named(Decision decision) {
        return switch (decision) {
            case Decision.Allowed _ -> "allow";
            case Decision.Forbidden(var layer, var _, var _) -> "deny " + named(layer);
            case Decision.NotAllowed(var layer) -> "none " + named(layer);
            case Decision.OtherAccount() -> "other account";
        };
    }

    private static String named(Decision.Layer layer) {
        return layer == Decision.Layer.RESOURCE ? "vault" : layer.name().toLowerCase(Locale.ROOT);
    }

    private static Subject subject(String who) {
        return switch (who) {
            case "root" -> new Subject.Root(ACCOUNT);
            case "service" -> new Subject.Service("backup.amazonaws.com");
            case "operator" ->
                new Subject.Session(
                        ACCOUNT, Arn.parse("a", expanded("@session")), Arn.parse("a", expanded("@operator")));
            case "stranger" -> new Subject.User(OTHER, Arn.ofUser(OTHER, who));
            default -> new Subject.User(ACCOUNT, Arn.ofUser(ACCOUNT, who));
        };
    }

    private static Facts facts(String who, String text) {
        var facts = subject(who) instanceof Subject.User ? Facts.NONE.with("aws:username", who) : Facts.NONE;
        for (var fact : text.isEmpty() ? new String[0] : text.split(" ; ")) {
            int equals = fact.indexOf('=');
            facts = facts.with(
                    fact.substring(0, equals),
                    List.of(expanded(fact.substring(equals + 1)).split(",")));
        }
        return facts;
    }

    private Policies policies(String text) {
        var byKind = new LinkedHashMap<String, String>();
        for (var policy : text.isEmpty() ? new String[0] : text.split(" & ")) {
            byKind.put(policy.substring(0, 1), policy.substring(2).strip());
        }
        var vault = Optional.ofNullable(byKind.get("V"))
                .<OfResource>map(given -> new OfResource.Sufficient(read(PolicyKind.VAULT, given)));
        var trust = Optional.ofNullable(byKind.get("T"))
                .<OfResource>map(given -> new OfResource.Required(read(PolicyKind.TRUST, given)));
        return new Policies(
                Optional.ofNullable(byKind.get("I")).map(given -> read(PolicyKind.IDENTITY, given)).stream()
                        .toList(),
                Optional.ofNullable(byKind.get("B")).map(given -> read(PolicyKind.IDENTITY, given)),
                Optional.ofNullable(byKind.get("S")).map(given -> read(PolicyKind.SESSION, given)),
                vault.or(() -> trust).orElseGet(OfResource.None::new));
    }

    private Named read(PolicyKind kind, String text) {
        var statements = Arrays.stream(text.split(" ; "))
                .map(DecisionTableTest::statement)
                .collect(Collectors.joining(","));
        return new Named(
                "p",
                reader.read(kind, "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}")
                        .policy());
    }

    private static String statement(String text) {
        var parts = STATEMENT.matcher(text.strip());
        assertThat(parts.matches()).as(text).isTrue();
        var json = new StringBuilder("{\"Effect\":\"" + parts.group(1) + "\"," + set("Action", parts.group(2)));
        Optional.ofNullable(parts.group(3)).ifPresent(on -> json.append(",").append(set("Resource", on)));
        Optional.ofNullable(parts.group(4)).ifPresent(who -> json.append(",").append(principal(who)));
        Optional.ofNullable(parts.group(5))
                .ifPresent(conditions -> json.append(",\"Condition\":{")
                        .append(conditions(conditions))
                        .append("}"));
        return json.append("}").toString();
    }

    private static String conditions(String text) {
        var byOperator = new LinkedHashMap<String, String>();
        for (var condition : text.split(" and ")) {
            int space = condition.indexOf(' ');
            int equals = condition.indexOf('=');
            byOperator.merge(
                    condition.substring(0, space),
                    quoted(condition.substring(space + 1, equals)) + ":" + list(condition.substring(equals + 1)),
                    (one, other) -> one + "," + other);
        }
        return byOperator.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":{" + entry.getValue() + "}")
                .collect(Collectors.joining(","));
    }

    private static String set(String element, String names) {
        return names.startsWith("!")
                ? "\"Not" + element + "\":" + list(names.substring(1))
                : quoted(element) + ":" + list(names);
    }

    private static String principal(String who) {
        var element = who.startsWith("!") ? "\"NotPrincipal\":" : "\"Principal\":";
        var name = who.startsWith("!") ? who.substring(1) : who;
        if (name.equals("*")) {
            return element + "\"*\"";
        }
        return element + "{" + (name.endsWith(".com") ? "\"Service\":" : "\"AWS\":") + list(name) + "}";
    }

    /** Values of a list; a comma inside of a variable divides nothing. */
    private static String list(String text) {
        return Arrays.stream(expanded(text).split(",(?![^{]*\\})"))
                .map(DecisionTableTest::quoted)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String expanded(String text) {
        var expanded = text;
        for (var arn : ARNS.entrySet()) {
            expanded = expanded.replace(arn.getKey(), arn.getValue());
        }
        return expanded;
    }
}

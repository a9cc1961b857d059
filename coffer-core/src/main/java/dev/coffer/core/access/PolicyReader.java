package dev.coffer.core.access;

import dev.coffer.core.problem.Problem;
import dev.coffer.core.problem.Refused;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads policy documents in the grammar of IAM, strictly: an element that is unknown, twice, missing or of another shape refuses the document with its place, since a policy that is understood otherwise than it was meant
 * opens what it should close. Actions that nobody knows are accepted, since AWS adds some often.
 */
public final class PolicyReader {
    private static final Set<String> DOCUMENT = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");
    private static final String WITH_VARIABLES = "2012-10-17";
    private static final Set<String> VERSIONS = Set.of("2008-10-17", WITH_VARIABLES);
    private static final Pattern SID = Pattern.compile("[A-Za-z0-9]{0,128}");
    private static final Pattern ACTION = Pattern.compile("\\*|[a-zA-Z0-9-]{1,64}:[a-zA-Z0-9*?]{1,128}");

    private final PolicyJson json;

    public PolicyReader(PolicyJson json) {
        this.json = json;
    }

    /**
     * Reads a document.
     *
     * @throws Refused INVALID_PARAMETER_VALUE if it breaks the grammar, a rule of its kind, or the size of its kind
     */
    public PolicyDocument read(PolicyKind kind, String text) {
        if (text.length() > kind.charactersAtMost()) {
            throw refused("the document has " + text.length() + " characters and may have " + kind.charactersAtMost());
        }
        var document = object("the document", json.read(text));
        known("the document", document.keySet(), DOCUMENT);
        var version = document.getOrDefault("Version", "2008-10-17");
        if (!(version instanceof String given) || !VERSIONS.contains(given)) {
            throw refused("Version must be \"2012-10-17\" or \"2008-10-17\"");
        }
        if (document.containsKey("Id")) {
            string("Id", document.get("Id"));
        }
        var entries = list(element("the document", document, "Statement"));
        if (entries.isEmpty()) {
            throw refused("Statement has no statement");
        }
        var statements = new ArrayList<Statement>();
        var sids = new HashSet<String>();
        for (var entry : entries) {
            var where = "statement " + (statements.size() + 1);
            var statement = statement(kind, where, object(where, entry));
            statement.sid().filter(sid -> !sids.add(sid)).ifPresent(sid -> {
                throw refused(where + ": another statement has the Sid " + sid);
            });
            PolicyRules.check(kind, where, statement);
            statements.add(statement);
        }
        return new PolicyDocument(text, new Policy(given.equals(WITH_VARIABLES), statements));
    }

    private static Statement statement(PolicyKind kind, String where, Map<String, Object> from) {
        known(where, from.keySet(), STATEMENT);
        var sid = Optional.ofNullable(from.get("Sid")).map(value -> string(where + ": Sid", value));
        if (sid.filter(text -> !SID.matcher(text).matches()).isPresent()) {
            throw refused(where + ": Sid has letters and digits, at most 128");
        }
        var effect = switch (string(where + ": Effect", element(where, from, "Effect"))) {
            case "Allow" -> Effect.ALLOW;
            case "Deny" -> Effect.DENY;
            default -> throw refused(where + ": Effect must be \"Allow\" or \"Deny\"");
        };
        var actions = names(where, from, "Action", "NotAction")
                .orElseThrow(() -> refused(where + " has no Action and no NotAction"));
        for (var action : actions.names()) {
            if (!ACTION.matcher(action).matches()) {
                throw refused(where + ": " + shown(action) + " is not an action; actions look like backup:ListTags");
            }
        }
        return new Statement(
                sid.filter(text -> !text.isEmpty()),
                effect,
                principals(kind, where, from),
                actions,
                names(where, from, "Resource", "NotResource"),
                conditions(where, from));
    }

    private static Optional<NameSet> names(String where, Map<String, Object> from, String name, String except) {
        if (from.containsKey(name) && from.containsKey(except)) {
            throw refused(where + " has both " + name + " and " + except);
        }
        var key = from.containsKey(except) ? except : name;
        if (!from.containsKey(key)) {
            return Optional.empty();
        }
        return Optional.of(new NameSet(key.equals(except), strings(where + ": " + key, from.get(key))));
    }

    private static Optional<PrincipalSet> principals(PolicyKind kind, String where, Map<String, Object> from) {
        if (from.containsKey("Principal") && from.containsKey("NotPrincipal")) {
            throw refused(where + " has both Principal and NotPrincipal");
        }
        boolean except = from.containsKey("NotPrincipal");
        var element = except ? "NotPrincipal" : "Principal";
        var value = Optional.ofNullable(from.get(element));
        if (value.isEmpty()) {
            if (kind.namesPrincipals()) {
                throw refused(where + " has no Principal");
            }
            return Optional.empty();
        }
        if (!kind.namesPrincipals()) {
            throw refused(where + ": " + element + " is for policies of resources; this one is about its owner");
        }
        if (value.get().equals("*")) {
            return Optional.of(new PrincipalSet(except, true, List.of(), List.of()));
        }
        var byType = object(where + ": " + element, value.get());
        known(where + ": " + element, byType.keySet(), Set.of("AWS", "Service"));
        var aws = byType.containsKey("AWS") ? strings(where + ": AWS", byType.get("AWS")) : List.<String>of();
        var services =
                byType.containsKey("Service") ? strings(where + ": Service", byType.get("Service")) : List.<String>of();
        if (aws.isEmpty() && services.isEmpty()) {
            throw refused(where + ": " + element + " names nobody");
        }
        return Optional.of(new PrincipalSet(
                except,
                aws.contains("*"),
                aws.stream().filter(name -> !name.equals("*")).toList(),
                services));
    }

    private static List<Condition> conditions(String where, Map<String, Object> from) {
        if (!from.containsKey("Condition")) {
            return List.of();
        }
        var conditions = new ArrayList<Condition>();
        object(where + ": Condition", from.get("Condition")).forEach((name, byKey) -> {
            var place = where + ": Condition " + shown(name);
            object(place, byKey).forEach((key, values) -> conditions.add(condition(place, name, key, values)));
        });
        return conditions;
    }

    private static Condition condition(String place, String name, String key, Object given) {
        var quantifier = name.startsWith("ForAllValues:")
                ? Condition.Quantifier.FOR_ALL_VALUES
                : name.startsWith("ForAnyValue:") ? Condition.Quantifier.FOR_ANY_VALUE : Condition.Quantifier.NONE;
        var plain = quantifier == Condition.Quantifier.NONE ? name : name.substring(name.indexOf(':') + 1);
        boolean ifExists = plain.endsWith("IfExists");
        var operatorName = ifExists ? plain.substring(0, plain.length() - "IfExists".length()) : plain;
        var operator = Operator.named(operatorName)
                .filter(found -> found != Operator.NULL || (!ifExists && quantifier == Condition.Quantifier.NONE))
                .orElseThrow(() -> refused(place + " is not an operator"));
        if (key.isEmpty() || key.length() > 256) {
            throw refused(place + ": a condition key has 1 to 256 characters");
        }
        var values = list(given).stream().map(value -> scalar(place, value)).toList();
        if (values.isEmpty()) {
            throw refused(place + ": " + shown(key) + " has no value");
        }
        for (var value : values) {
            if (!value.contains("${") && !PolicyRules.canBe(operator.kind(), value)) {
                throw refused(place + ": " + shown(value) + " is not a value for this operator");
            }
        }
        return new Condition(operator, quantifier, ifExists, key, values);
    }

    private static String scalar(String where, Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean yes -> yes.toString();
            case BigDecimal number -> number.toPlainString();
            default -> throw refused(where + ": a value is text, a number, true or false");
        };
    }

    private static void known(String where, Set<String> given, Set<String> known) {
        for (var name : given) {
            if (!known.contains(name)) {
                throw refused(where + ": there is no element " + shown(name));
            }
        }
    }

    private static Object element(String where, Map<String, Object> from, String name) {
        return Optional.ofNullable(from.get(name)).orElseThrow(() -> refused(where + " has no " + name));
    }

    private static Map<String, Object> object(String where, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw refused(where + " is not a JSON object");
        }
        var object = new java.util.LinkedHashMap<String, Object>();
        map.forEach((name, member) -> object.put((String) name, member));
        return object;
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    private static String string(String where, Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw refused(where + " is not text");
    }

    private static List<String> strings(String where, Object value) {
        var strings = list(value).stream().map(entry -> string(where, entry)).toList();
        if (strings.isEmpty() || strings.contains("")) {
            throw refused(where + " is empty");
        }
        return strings;
    }

    static String shown(String text) {
        var printable = text.codePoints()
                .limit(80)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return "\"" + printable + (text.length() > 80 ? "..." : "") + "\"";
    }

    /** The refusal of a document; the text is a clause without full stop. */
    static Refused refused(String why) {
        return new Refused(Problem.invalid("The policy is not valid: " + why + "."));
    }
}

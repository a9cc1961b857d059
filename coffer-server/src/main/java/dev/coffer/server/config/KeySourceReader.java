package dev.coffer.server.config;

import dev.coffer.core.arn.AccountId;
import dev.coffer.core.arn.Region;
import dev.coffer.core.problem.Refused;
import dev.coffer.keys.kms.KmsCredentials;
import dev.coffer.keys.kms.KmsSettings;
import dev.coffer.keys.passphrase.PassphraseKey;
import dev.coffer.keys.secret.Secret;
import dev.coffer.server.config.Config.Account;
import dev.coffer.server.config.KeySource.SecretPlace;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the sections {@code keys} and {@code formerKeys}. */
final class KeySourceReader {
    private static final Set<String> PHRASE = Set.of("type", "name", "passphraseFile", "passphraseVariable");
    private static final Set<String> SERVICE =
            Set.of("region", "account", "endpoint", "accessKeyId", "secretAccessKey");
    private static final Set<String> KMS = Set.of("type", "keyId", "region", "endpoint");
    private static final Set<String> TOKEN =
            Set.of("type", "library", "token", "key", "pinFile", "pinVariable", "create");
    private static final Set<String> FORMER_TOKEN = Set.of("type", "library", "token", "key", "pinFile", "pinVariable");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9:/_-]{1,2048}");
    private static final int LONGEST_TOKEN_LABEL = 32;

    private KeySourceReader() {}

    /** What wraps from now on. */
    static KeySource current(YamlObject root) {
        return root.anyObject("keys").map(object -> source(object, TOKEN)).orElseGet(KeySource.KeyFile::new);
    }

    /** What may still be needed to unwrap. */
    static List<KeySource> former(YamlObject root, KeySource current) {
        var former = new ArrayList<KeySource>();
        for (var node : root.list("formerKeys")) {
            var object = root.element("formerKeys[" + former.size() + "]", node);
            var source = source(object, FORMER_TOKEN);
            if (source.equals(current) || former.contains(source)) {
                throw object.error("type", "this key stands twice in 'keys' and 'formerKeys'");
            }
            former.add(source);
        }
        return former;
    }

    /** Where the keys are that users name for their vaults. */
    static List<KeyService> services(YamlObject root, List<Account> accounts) {
        var services = new ArrayList<KeyService>();
        for (var node : root.list("kms")) {
            services.add(
                    service(root.element("kms[" + services.size() + "]", node).allowing(SERVICE), accounts));
        }
        return services;
    }

    private static KeyService service(YamlObject object, List<Account> accounts) {
        try {
            var account = object.text("account").map(AccountId::new);
            if (account.isPresent()
                    && accounts.stream().noneMatch(known -> known.id().equals(account.get()))) {
                throw object.error("account", "account " + account.get() + " is not in 'accounts'");
            }
            var accessKey = object.text("accessKeyId");
            if (accessKey.isPresent() != object.has("secretAccessKey")) {
                throw object.error("region", "'accessKeyId' and 'secretAccessKey' go together");
            }
            KmsCredentials credentials = accessKey.isPresent()
                    ? new KmsCredentials.AccessKey(
                            accessKey.get(),
                            Secret.of(
                                    "secretAccessKey",
                                    object.required("secretAccessKey").toCharArray()))
                    : new KmsCredentials.Standard();
            return new KeyService(
                    new Region(object.required("region")),
                    account,
                    object.text("endpoint").map(text -> endpoint(object, text)),
                    credentials);
        } catch (Refused wrong) {
            throw object.error("region", wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }

    private static KeySource source(YamlObject object, Set<String> token) {
        var type = object.required("type");
        return switch (type) {
            case "file" -> {
                object.allowing(Set.of("type"));
                yield new KeySource.KeyFile();
            }
            case "passphrase" -> phrase(object.allowing(PHRASE));
            case "kms" -> kms(object.allowing(KMS));
            case "pkcs11" -> token(object.allowing(token));
            default -> throw object.error("type", "unknown type. Known types: file, kms, passphrase, pkcs11");
        };
    }

    private static KeySource phrase(YamlObject object) {
        var name = object.text("name").orElse(PassphraseKey.DEFAULT_NAME);
        if (!PassphraseKey.isName(name)) {
            throw object.error(
                    "name", "the name of a passphrase is 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        return new KeySource.Phrase(name, place(object, "passphraseFile", "passphraseVariable"));
    }

    private static SecretPlace place(YamlObject object, String fileKey, String variableKey) {
        var file = object.path(fileKey);
        var variable = object.text(variableKey);
        if (file.isPresent() == variable.isPresent()) {
            throw object.error("type", "either '" + fileKey + "' or '" + variableKey + "' is needed, and not both");
        }
        if (file.isPresent()) {
            return new SecretPlace.InFile(file.get());
        }
        if (!VARIABLE.matcher(variable.orElseThrow()).matches()) {
            throw object.error(variableKey, variableKey + " is the name of an environment variable, not its value");
        }
        return new SecretPlace.InVariable(variable.orElseThrow());
    }

    private static KeySource kms(YamlObject object) {
        var keyId = object.required("keyId");
        if (!KEY_ID.matcher(keyId).matches()) {
            throw object.error("keyId", "keyId is the id or ARN of a KMS key, or alias/NAME");
        }
        var endpoint = object.text("endpoint").map(text -> endpoint(object, text));
        var inArn = KmsSettings.regionOf(keyId);
        var region = object.text("region")
                .or(() -> inArn)
                .orElseThrow(() -> object.error("type", "keys of type kms need 'region' unless keyId is an ARN"));
        try {
            var known = new Region(region);
            if (inArn.isPresent() && !inArn.get().equals(known.value())) {
                throw object.error(
                        "region", "region " + region + " is not that of the ARN in keyId, which is " + inArn.get());
            }
            return new KeySource.Kms(keyId, known.value(), endpoint);
        } catch (Refused wrong) {
            throw object.error("region", wrong.problem().message().replaceFirst("\\.$", ""));
        }
    }

    private static URI endpoint(YamlObject object, String text) {
        URI endpoint;
        try {
            endpoint = URI.create(text);
        } catch (IllegalArgumentException noUrl) {
            throw object.error("endpoint", "the endpoint is a URL such as https://kms.example.org");
        }
        KmsSettings.objectionTo(endpoint).ifPresent(objection -> {
            throw object.error("endpoint", objection);
        });
        return endpoint;
    }

    private static KeySource token(YamlObject object) {
        var label = object.required("token");
        if (label.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LONGEST_TOKEN_LABEL) {
            throw object.error("token", "the label of a token has at most " + LONGEST_TOKEN_LABEL + " bytes");
        }
        var create = object.text("create").orElse("false");
        if (!create.equals("true") && !create.equals("false")) {
            throw object.error("create", "create is true or false");
        }
        return new KeySource.Token(
                object.requiredPath("library"),
                label,
                object.required("key"),
                place(object, "pinFile", "pinVariable"),
                create.equals("true"));
    }
}

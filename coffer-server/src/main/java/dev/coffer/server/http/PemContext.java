package dev.coffer.server.http;

import dev.coffer.server.config.Config.Tls;
import dev.coffer.server.node.NodeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS from the two PEM files that every tool makes: the certificate chain, leaf first, and its private key in PKCS #8. */
final class PemContext {
    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemContext() {}

    static SSLContext load(Tls tls) {
        try {
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(tls.certificate())))
                    .toArray(Certificate[]::new);
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            store.setKeyEntry("server", privateKey(tls), new char[0], chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException unusable) {
            throw new NodeException(
                    "the certificate " + tls.certificate() + " or its key " + tls.key() + " cannot be used ("
                            + unusable.getMessage() + "). Both are PEM files; the key is an unencrypted PKCS #8 key.",
                    unusable);
        }
    }

    private static PrivateKey privateKey(Tls tls) throws IOException, GeneralSecurityException {
        var match = PKCS8.matcher(Files.readString(tls.key(), StandardCharsets.US_ASCII));
        if (!match.find()) {
            throw new GeneralSecurityException("no block BEGIN PRIVATE KEY in the key file");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(match.group(1)));
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                // The key is of another kind; the next algorithm may read it.
            }
        }
        throw new GeneralSecurityException("the key is neither RSA, EC nor EdDSA");
    }
}

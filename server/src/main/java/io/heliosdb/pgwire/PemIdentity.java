package io.heliosdb.pgwire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads a server's certificate and key from PEM files, as PostgreSQL has them. */
final class PemIdentity {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemIdentity() {}

    /**
     * A TLS context that shows the certificate and asks for none.
     *
     * @throws PgException F0000 where a file is missing, does not read or does not fit the other
     */
    static SSLContext sslContext(WireOptions.Tls files) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var password = new char[0]; // The store lives in memory only.
            store.setKeyEntry("server", key(files.key()), password, chain(files.certificate()));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw refuse("could not load server certificate \"" + files.certificate() + '"', e);
        }
    }

    private static Certificate[] chain(Path file) {
        try (var in = Files.newInputStream(file)) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found.toArray(Certificate[]::new);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw refuse("could not load server certificate file \"" + file + '"', e);
        }
        throw refuse("server certificate file \"" + file + "\" holds no certificate", null);
    }

    private static PrivateKey key(Path file) {
        try {
            var pem = Files.readString(file, US_ASCII);
            int begin = pem.indexOf(BEGIN);
            int end = pem.indexOf(END);
            if (begin < 0 || end < begin) {
                throw refuse("private key file \"" + file + "\" is not in PKCS #8", null)
                        .withHint("Convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file);
            }
            var base64 = pem.substring(begin + BEGIN.length(), end);
            return key(file, new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw refuse("could not load private key file \"" + file + '"', e);
        }
    }

    private static PrivateKey key(Path file, PKCS8EncodedKeySpec spec)
            throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (var algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e; // A key of another algorithm, maybe of the next one.
            }
        }
        throw refuse("private key file \"" + file + "\" is of none of " + KEY_ALGORITHMS, last);
    }

    private static PgException refuse(String message, @Nullable Exception cause) {
        return new PgException(
                Report.of(Severity.FATAL, SqlState.CONFIG_FILE_ERROR, message), cause);
    }
}

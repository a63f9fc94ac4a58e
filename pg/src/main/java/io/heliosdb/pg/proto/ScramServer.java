package io.heliosdb.pg.proto;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The server's side of one SCRAM-SHA-256 conversation, without channel binding. The two methods are
 * called once each, in order. Confined to one thread.
 *
 * <pre>
 * client-first   n,,n=,r=CLIENTNONCE                  {@link #first}
 * server-first   r=CLIENTNONCE+SERVERNONCE,s=SALT,i=4096
 * client-final   c=biws,r=BOTHNONCES,p=PROOF          {@link #last}
 * server-final   v=SIGNATURE
 * </pre>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7677">RFC 7677</a>
 */
public final class ScramServer {
    private final ScramVerifier verifier;
    private final String serverNonce;
    private String clientFirstBare = "";
    private String serverFirst = "";
    private String header = "";
    private String nonce = "";

    /**
     * A conversation.
     *
     * @param verifier of the user, or {@link ScramVerifier#mock} of one who does not exist
     * @param random makes the nonce
     */
    public ScramServer(ScramVerifier verifier, SecureRandom random) {
        this(verifier, Scram.nonce(random));
    }

    ScramServer(ScramVerifier verifier, String serverNonce) {
        this.verifier = verifier;
        this.serverNonce = serverNonce;
    }

    /**
     * Answers the client's first message.
     *
     * @param clientFirst as in SASLInitialResponse
     * @return the server's first message
     * @throws PgException FATAL 08P01 for what is no such message, 0A000 for what is not offered
     */
    public byte[] first(byte[] clientFirst) {
        var attributes = Scram.text(clientFirst).split(",", -1);
        requireNoBinding(attributes);
        if (attributes.length < 4) {
            throw Scram.malformed("Expected attribute \"r\".");
        }
        if (attributes[2].startsWith("m=")) {
            throw unsupported("client requires an unsupported SCRAM extension");
        }
        // The name is the one of the start-up packet, whatever this says.
        Scram.value(attributes, 2, 'n');
        var clientNonce = Scram.value(attributes, 3, 'r');
        if (clientNonce.isEmpty() || !clientNonce.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw Scram.violation(
                    "non-printable characters in SCRAM nonce", "The nonce is not printable.");
        }
        header = attributes[0] + ",,";
        clientFirstBare = Scram.text(clientFirst).substring(header.length());
        nonce = clientNonce + serverNonce;
        serverFirst =
                "r=%s,s=%s,i=%d"
                        .formatted(nonce, Scram.base64(verifier.salt()), verifier.iterations());
        return Scram.bytes(serverFirst);
    }

    private static void requireNoBinding(String[] attributes) {
        if (attributes[0].startsWith("p")) {
            throw Scram.malformed(
                    "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM"
                            + " message includes channel binding data.");
        }
        if (!attributes[0].equals("n") && !attributes[0].equals("y")) {
            throw Scram.malformed("Unexpected channel-binding flag.");
        }
        if (attributes.length > 1 && !attributes[1].isEmpty()) {
            throw attributes[1].startsWith("a=")
                    ? unsupported("client uses authorization identity, but it is not supported")
                    : Scram.malformed("Unexpected attribute in client-first-message.");
        }
    }

    private static PgException unsupported(String message) {
        return new PgException(
                Report.of(Severity.FATAL, SqlState.FEATURE_NOT_SUPPORTED, message), null);
    }

    /**
     * Checks the client's last message, in a time that does not tell how it differs.
     *
     * @param clientFinal as in SASLResponse
     * @return the server's last message; empty where the password is wrong
     * @throws PgException FATAL 08P01 for what is no such message
     */
    public Optional<byte[]> last(byte[] clientFinal) {
        if (nonce.isEmpty()) {
            throw new IllegalStateException("the first message comes first");
        }
        var text = Scram.text(clientFinal);
        var attributes = text.split(",", -1);
        var binding = Scram.value(attributes, 0, 'c');
        if (!binding.equals(Scram.base64(Scram.bytes(header)))) {
            throw Scram.violation(
                    "unexpected SCRAM channel-binding attribute in client-final-message",
                    "The attribute does not repeat the first message.");
        }
        if (!Scram.value(attributes, 1, 'r').equals(nonce)) {
            throw Scram.violation("invalid SCRAM response", "Nonce does not match.");
        }
        int proofAt = text.lastIndexOf(",p=");
        if (proofAt < 0 || !attributes[attributes.length - 1].startsWith("p=")) {
            throw Scram.malformed("Expected attribute \"p\".");
        }
        var proof =
                Scram.base64(
                        text.substring(proofAt + 3), "Malformed proof in client-final-message.");
        if (proof.length != Scram.KEY_BYTES) {
            throw Scram.malformed("Malformed proof in client-final-message.");
        }
        return answer(proof, text.substring(0, proofAt));
    }

    private Optional<byte[]> answer(byte[] proof, String clientFinalWithoutProof) {
        var authMessage = clientFirstBare + ',' + serverFirst + ',' + clientFinalWithoutProof;
        Scram.xorInto(proof, Scram.hmac(verifier.storedKey(), authMessage));
        if (!MessageDigest.isEqual(Scram.sha256(proof), verifier.storedKey())) {
            return Optional.empty();
        }
        var signature = Scram.hmac(verifier.serverKey(), authMessage);
        return Optional.of(Scram.bytes("v=" + Scram.base64(signature)));
    }
}

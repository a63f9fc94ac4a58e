package io.heliosdb.pg.proto;

import io.heliosdb.pg.PgException;

import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * The client's side of one SCRAM-SHA-256 conversation, without channel binding. The methods are
 * called once each, in order. Confined to one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7677">RFC 7677</a>
 */
public final class ScramClient {
    private static final String HEADER = "n,,";

    /** A server that asks for more rounds wants to keep this client busy. */
    private static final int ITERATIONS_MAX = 1_000_000;

    private final String password;
    private final String clientNonce;
    private final String user;
    private byte[] serverSignature = {};

    /**
     * A conversation. The user's name is left to the start-up packet, as PostgreSQL has it.
     *
     * @param password in clear text
     * @param random makes the nonce
     */
    public ScramClient(String password, SecureRandom random) {
        this("", password, Scram.nonce(random));
    }

    ScramClient(String user, String password, String clientNonce) {
        this.user = user;
        this.password = password;
        this.clientNonce = clientNonce;
    }

    /**
     * Begins.
     *
     * @return the client's first message, for SASLInitialResponse
     */
    public byte[] first() {
        return Scram.bytes(HEADER + firstBare());
    }

    private String firstBare() {
        return "n=" + user + ",r=" + clientNonce;
    }

    /**
     * Answers the server's first message.
     *
     * @param serverFirst of AuthenticationSASLContinue
     * @return the client's last message, for SASLResponse
     * @throws PgException 08P01 for what is no such message
     */
    public byte[] last(byte[] serverFirst) {
        var text = Scram.text(serverFirst);
        var attributes = text.split(",", -1);
        var nonce = Scram.value(attributes, 0, 'r');
        if (!nonce.startsWith(clientNonce) || nonce.length() == clientNonce.length()) {
            throw Scram.violation("invalid SCRAM response", "Nonce does not match.");
        }
        var salt = Scram.base64(Scram.value(attributes, 1, 's'), "Malformed salt.");
        int iterations = iterations(Scram.value(attributes, 2, 'i'));
        var salted = Scram.saltedPassword(password, salt, iterations);
        var withoutProof = "c=" + Scram.base64(Scram.bytes(HEADER)) + ",r=" + nonce;
        var authMessage = firstBare() + ',' + text + ',' + withoutProof;
        serverSignature = Scram.hmac(Scram.serverKey(salted), authMessage);
        var proof = Scram.clientKey(salted);
        Scram.xorInto(proof, Scram.hmac(Scram.sha256(proof), authMessage));
        return Scram.bytes(withoutProof + ",p=" + Scram.base64(proof));
    }

    private static int iterations(String digits) {
        int iterations = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
        if (iterations < 1 || iterations > ITERATIONS_MAX) {
            throw Scram.malformed("Invalid iteration count.");
        }
        return iterations;
    }

    /**
     * Checks that the server knows the password too.
     *
     * @param serverFinal of AuthenticationSASLFinal
     * @throws PgException 08P01 where it does not
     */
    public void verify(byte[] serverFinal) {
        var attributes = Scram.text(serverFinal).split(",", -1);
        var signature = Scram.base64(Scram.value(attributes, 0, 'v'), "Malformed signature.");
        if (serverSignature.length == 0 || !MessageDigest.isEqual(signature, serverSignature)) {
            throw Scram.violation(
                    "incorrect server signature", "The server does not know the password.");
        }
    }

    /** Says nothing of the password. */
    @Override
    public String toString() {
        return "ScramClient[]";
    }
}

package io.heliosdb.pg.proto;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Utf8;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a client sends once its session is open. Byte arrays are handed over, not copied.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     message formats</a>
 */
@SuppressWarnings("ArrayRecordComponent") // carriers of one message, never compared
public sealed interface FrontendMessage {
    /** What Describe and Close are about. */
    enum Target {
        /** A prepared statement. */
        STATEMENT,
        /** A portal. */
        PORTAL
    }

    /**
     * Runs statements.
     *
     * @param sql any number of them
     */
    record Query(String sql) implements FrontendMessage {}

    /**
     * Prepares a statement.
     *
     * @param name empty for the unnamed one
     * @param sql one statement
     * @param parameterOids the types that the client knows; 0 leaves one open
     */
    record Parse(String name, String sql, int[] parameterOids) implements FrontendMessage {}

    /**
     * Makes a portal of a statement and its parameters.
     *
     * @param portal empty for the unnamed one
     * @param statement empty for the unnamed one
     * @param formats of the parameters: none for all text, one for all, or one each
     * @param values of the parameters, null for NULL
     * @param resultFormats of the columns, likewise
     */
    record Bind(
            String portal,
            String statement,
            int[] formats,
            List<byte @Nullable []> values,
            int[] resultFormats)
            implements FrontendMessage {
        /**
         * The format of a parameter.
         *
         * @param index from 0
         * @return 0 text, 1 binary
         */
        public int format(int index) {
            return formatOf(formats, index);
        }

        /**
         * The format of a column.
         *
         * @param index from 0
         * @return 0 text, 1 binary
         */
        public int resultFormat(int index) {
            return formatOf(resultFormats, index);
        }

        private static int formatOf(int[] formats, int index) {
            return switch (formats.length) {
                case 0 -> 0;
                case 1 -> formats[0];
                default -> formats[index];
            };
        }
    }

    /**
     * Asks what a statement or a portal takes and returns.
     *
     * @param target which of the two
     * @param name its name
     */
    record Describe(Target target, String name) implements FrontendMessage {}

    /**
     * Runs a portal.
     *
     * @param portal empty for the unnamed one
     * @param maxRows how many rows at most; 0 for all
     */
    record Execute(String portal, int maxRows) implements FrontendMessage {}

    /**
     * Forgets a statement or a portal.
     *
     * @param target which of the two
     * @param name its name
     */
    record Close(Target target, String name) implements FrontendMessage {}

    /** Ends a batch. */
    record Sync() implements FrontendMessage {}

    /** Asks for what is waiting to be sent. */
    record Flush() implements FrontendMessage {}

    /** Ends the session. */
    record Terminate() implements FrontendMessage {}

    /**
     * Data of a COPY.
     *
     * @param data part of it
     */
    record CopyData(byte[] data) implements FrontendMessage {}

    /** Ends a COPY. */
    record CopyDone() implements FrontendMessage {}

    /**
     * Ends a COPY with an error.
     *
     * @param message why
     */
    record CopyFail(String message) implements FrontendMessage {}

    /**
     * Calls a function by its oid, which clients of today do no more.
     *
     * @param function its oid
     * @param formats of the arguments, as in Bind
     * @param arguments null for NULL
     * @param resultFormat 0 text, 1 binary
     */
    record FunctionCall(
            int function, int[] formats, List<byte @Nullable []> arguments, int resultFormat)
            implements FrontendMessage {
        /**
         * The format of an argument.
         *
         * @param index from 0
         * @return 0 text, 1 binary
         */
        public int format(int index) {
            return Bind.formatOf(formats, index);
        }
    }

    /**
     * The answer to a request for authentication: a password, or a step of SASL. Never printed.
     *
     * @param bytes the answer
     */
    record Password(byte[] bytes) implements FrontendMessage {
        /**
         * Reads the answer as a password in clear text.
         *
         * @return the password
         * @throws PgException FATAL 08P01 or 28P01
         */
        public String clearText() {
            int end = 0;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            if (end != bytes.length - 1) {
                throw PgException.fatal(
                        SqlState.PROTOCOL_VIOLATION, "invalid password packet size");
            }
            if (end == 0) {
                throw PgException.fatal(
                        SqlState.INVALID_PASSWORD, "empty password returned by client");
            }
            return Utf8.decode(bytes, 0, end);
        }

        /**
         * Reads the answer as the first step of SASL.
         *
         * @return the mechanism and its data
         * @throws PgException 08P01
         */
        public SaslInitialResponse saslInitialResponse() {
            var body = new MessageBody(bytes, 0, bytes.length);
            var mechanism = body.string();
            int length = body.int32();
            byte[] data = length == -1 ? null : body.bytes(length);
            body.end();
            return new SaslInitialResponse(mechanism, data);
        }

        /** Says nothing of the password. */
        @Override
        public String toString() {
            return "Password[]";
        }
    }

    /**
     * The first step of SASL.
     *
     * @param mechanism that the client chose
     * @param data its first message, null where it has none
     */
    record SaslInitialResponse(String mechanism, byte @Nullable [] data) {}

    /**
     * A message whose frame was whole and whose content was not: the connection lives, and the
     * error is what the message is answered with.
     *
     * @param type its type byte
     * @param error 08P01, or 22021 and 22P05 for a text that is none in the client's encoding
     */
    record Malformed(char type, PgException error) implements FrontendMessage {}
}

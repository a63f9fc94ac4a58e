package io.heliosdb.pg.proto;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Report;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a server sends. Byte arrays are handed over, not copied.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     message formats</a>
 */
@SuppressWarnings("ArrayRecordComponent") // carriers of one message, never compared
public sealed interface BackendMessage {
    /** The session is authenticated. */
    record AuthenticationOk() implements BackendMessage {}

    /** A password in clear text is asked for. */
    record AuthenticationCleartextPassword() implements BackendMessage {}

    /**
     * A password hashed with MD5 is asked for.
     *
     * @param salt four bytes
     */
    record AuthenticationMd5Password(byte[] salt) implements BackendMessage {}

    /**
     * SASL begins.
     *
     * @param mechanisms on offer
     */
    record AuthenticationSasl(List<String> mechanisms) implements BackendMessage {}

    /**
     * SASL goes on.
     *
     * @param data of the mechanism
     */
    record AuthenticationSaslContinue(byte[] data) implements BackendMessage {}

    /**
     * SASL has ended well.
     *
     * @param data of the mechanism
     */
    record AuthenticationSaslFinal(byte[] data) implements BackendMessage {}

    /**
     * A kind of authentication that is not spoken here: Kerberos, GSSAPI, SSPI.
     *
     * @param code 2, 7, 8 or 9
     * @param data of the method
     */
    record AuthenticationOther(int code, byte[] data) implements BackendMessage {}

    /**
     * What cancels statements of this session.
     *
     * @param pid of the backend
     * @param secret to be sent with it
     */
    record BackendKeyData(int pid, int secret) implements BackendMessage {}

    /** Bind is done. */
    record BindComplete() implements BackendMessage {}

    /** Close is done. */
    record CloseComplete() implements BackendMessage {}

    /**
     * A statement is done.
     *
     * @param tag what it did
     */
    record CommandComplete(String tag) implements BackendMessage {}

    /**
     * Data of a COPY or of replication.
     *
     * @param data part of it
     */
    record CopyData(byte[] data) implements BackendMessage {}

    /** A COPY has ended. */
    record CopyDone() implements BackendMessage {}

    /**
     * The client is to send data.
     *
     * @param format 0 text, 1 binary
     * @param columnFormats likewise
     */
    record CopyInResponse(int format, int[] columnFormats) implements BackendMessage {}

    /**
     * The server is going to send data.
     *
     * @param format 0 text, 1 binary
     * @param columnFormats likewise
     */
    record CopyOutResponse(int format, int[] columnFormats) implements BackendMessage {}

    /**
     * Both sides send data, which is replication.
     *
     * @param format 0 text, 1 binary
     * @param columnFormats likewise
     */
    record CopyBothResponse(int format, int[] columnFormats) implements BackendMessage {}

    /**
     * A row.
     *
     * @param values of its columns, null for NULL
     */
    record DataRow(List<byte @Nullable []> values) implements BackendMessage {}

    /** A query of nothing. */
    record EmptyQueryResponse() implements BackendMessage {}

    /**
     * An error.
     *
     * @param report its fields
     */
    record ErrorResponse(Report report) implements BackendMessage {}

    /**
     * A notice or a warning.
     *
     * @param report its fields
     */
    record NoticeResponse(Report report) implements BackendMessage {}

    /**
     * What a function returned.
     *
     * @param result null for NULL
     */
    record FunctionCallResponse(byte @Nullable [] result) implements BackendMessage {}

    /**
     * The server speaks an older minor version, or does not know options.
     *
     * @param version the newest it speaks, major and minor in one number
     * @param options that it does not know
     */
    record NegotiateProtocolVersion(int version, List<String> options) implements BackendMessage {}

    /** There are no columns to describe. */
    record NoData() implements BackendMessage {}

    /**
     * A notification.
     *
     * @param pid of the backend that notified
     * @param channel its bare name
     * @param payload may be empty
     */
    record NotificationResponse(int pid, String channel, String payload)
            implements BackendMessage {}

    /**
     * The types of a statement's parameters.
     *
     * @param oids one each
     */
    record ParameterDescription(int[] oids) implements BackendMessage {}

    /**
     * A setting that the client should know.
     *
     * @param name of the setting
     * @param value its value
     */
    record ParameterStatus(String name, String value) implements BackendMessage {}

    /** Parse is done. */
    record ParseComplete() implements BackendMessage {}

    /** Execute has reached its number of rows. */
    record PortalSuspended() implements BackendMessage {}

    /**
     * The server waits for the next query.
     *
     * @param status {@code I} idle, {@code T} in a transaction, {@code E} in a failed one
     */
    record ReadyForQuery(char status) implements BackendMessage {}

    /**
     * The columns of what follows.
     *
     * @param fields one each
     */
    record RowDescription(List<Field> fields) implements BackendMessage {}

    /**
     * A column and the form its values come in.
     *
     * @param column its name and type
     * @param typeLength as in {@code pg_type.typlen}
     * @param format 0 text, 1 binary
     */
    record Field(Column column, int typeLength, int format) {}
}

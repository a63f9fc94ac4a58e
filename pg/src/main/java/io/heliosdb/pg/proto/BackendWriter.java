package io.heliosdb.pg.proto;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.Encoding;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes what a server sends, straight into a buffer: no object is made for a message. Whole
 * messages leave once the buffer is full, the rest with {@link #flush}. A string ends at its first
 * NUL, since the protocol cannot carry one. Not safe for use by several threads at once.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     message formats</a>
 */
public final class BackendWriter {
    private static final int NO_MESSAGE = -1;

    private final OutputStream out;
    private final int bufferSize;
    private final ByteSink sink;
    private TextStyle style = TextStyle.DEFAULT;
    private int start = NO_MESSAGE;

    /**
     * A writer.
     *
     * @param out the connection, itself without a buffer
     * @param bufferSize how many bytes are gathered before they are sent
     */
    public BackendWriter(OutputStream out, int bufferSize) {
        this.out = out;
        this.bufferSize = bufferSize;
        this.sink = new ByteSink(bufferSize);
    }

    /**
     * Sets how values look as text from now on.
     *
     * @param newStyle the session's settings
     */
    public void style(TextStyle newStyle) {
        style = newStyle;
    }

    /**
     * How values look as text.
     *
     * @return the session's settings
     */
    public TextStyle style() {
        return style;
    }

    /**
     * Sends texts in another encoding from now on. A text that it cannot hold takes its message
     * back and is refused with 22P05.
     *
     * @param spoken what the client speaks
     */
    public void encoding(Encoding spoken) {
        sink.encoding(spoken);
    }

    /**
     * How many bytes wait to be sent.
     *
     * @return the number of bytes
     */
    public int buffered() {
        return sink.length();
    }

    /**
     * Sends all that waits.
     *
     * @throws IOException from the connection
     */
    public void flush() throws IOException {
        requireNoMessage();
        drain();
        out.flush();
    }

    /**
     * Answers a request for TLS or GSSAPI: one byte, no message.
     *
     * @param answer {@code S}, {@code G} or {@code N}
     * @throws IOException from the connection
     */
    public void encryptionAnswer(char answer) throws IOException {
        sink.putByte(answer);
        flush();
    }

    /**
     * {@code R int32 8, int32 0}.
     *
     * @throws IOException from the connection
     */
    public void authenticationOk() throws IOException {
        authentication(0);
        end();
    }

    /**
     * {@code R int32 8, int32 3}.
     *
     * @throws IOException from the connection
     */
    public void authenticationCleartextPassword() throws IOException {
        authentication(3);
        end();
    }

    /**
     * {@code R int32 length, int32 10, string each, byte 0}.
     *
     * @param mechanisms on offer, the best first
     * @throws IOException from the connection
     */
    public void authenticationSasl(List<String> mechanisms) throws IOException {
        authentication(10);
        for (var mechanism : mechanisms) {
            string(mechanism);
        }
        sink.putByte(0);
        end();
    }

    /**
     * {@code R int32 length, int32 11, bytes}.
     *
     * @param data the mechanism's next message
     * @throws IOException from the connection
     */
    public void authenticationSaslContinue(byte[] data) throws IOException {
        authentication(11);
        sink.put(data);
        end();
    }

    /**
     * {@code R int32 length, int32 12, bytes}.
     *
     * @param data the mechanism's last message
     * @throws IOException from the connection
     */
    public void authenticationSaslFinal(byte[] data) throws IOException {
        authentication(12);
        sink.put(data);
        end();
    }

    private void authentication(int code) {
        begin('R');
        sink.putInt(code);
    }

    /**
     * {@code S int32 length, string name, string value}.
     *
     * @param name of the setting
     * @param value its value
     * @throws IOException from the connection
     */
    public void parameterStatus(String name, String value) throws IOException {
        begin('S');
        string(name);
        string(value);
        end();
    }

    /**
     * {@code K int32 12, int32 pid, int32 secret}.
     *
     * @param pid of this backend
     * @param secret that cancels its statements
     * @throws IOException from the connection
     */
    public void backendKeyData(int pid, int secret) throws IOException {
        begin('K');
        sink.putInt(pid);
        sink.putInt(secret);
        end();
    }

    /**
     * {@code v int32 length, int32 minor, int32 n, string each}.
     *
     * @param minor the newest minor version of protocol 3 that is spoken here
     * @param options that the client asked for and that are not known here
     * @throws IOException from the connection
     */
    public void negotiateProtocolVersion(int minor, List<String> options) throws IOException {
        begin('v');
        sink.putInt(3 << 16 | minor);
        sink.putInt(options.size());
        for (var option : options) {
            string(option);
        }
        end();
    }

    /**
     * Refuses a protocol other than 3; one before it is answered in its own format: {@code E,
     * string}, without a length.
     *
     * @param major the version asked for
     * @param minor the version asked for
     * @throws IOException from the connection
     */
    public void unsupportedProtocol(int major, int minor) throws IOException {
        var message =
                "unsupported frontend protocol %d.%d: server supports 3.0 to 3.0"
                        .formatted(major, minor);
        if (major < 3) {
            requireNoMessage();
            sink.putByte('E');
            string("FATAL:  " + message + "\n");
        } else {
            error(Report.of(Severity.FATAL, SqlState.FEATURE_NOT_SUPPORTED, message));
        }
    }

    /**
     * {@code Z int32 5, byte status}.
     *
     * @param status {@code I} idle, {@code T} in a transaction, {@code E} in a failed one
     * @throws IOException from the connection
     */
    public void readyForQuery(char status) throws IOException {
        begin('Z');
        sink.putByte(status);
        end();
    }

    /**
     * {@code C int32 length, string tag}.
     *
     * @param tag such as {@code INSERT 0 1}
     * @throws IOException from the connection
     */
    public void commandComplete(String tag) throws IOException {
        begin('C');
        string(tag);
        end();
    }

    /**
     * {@code C int32 length, string tag}, where the tag ends with a count.
     *
     * @param tag such as {@code INSERT 0} or {@code SELECT}
     * @param rows the count
     * @throws IOException from the connection
     */
    public void commandComplete(String tag, long rows) throws IOException {
        begin('C');
        sink.putUtf8(tag);
        sink.putByte(' ');
        sink.putDecimal(rows);
        sink.putByte(0);
        end();
    }

    /**
     * {@code I int32 4}.
     *
     * @throws IOException from the connection
     */
    public void emptyQueryResponse() throws IOException {
        empty('I');
    }

    /**
     * {@code 1 int32 4}.
     *
     * @throws IOException from the connection
     */
    public void parseComplete() throws IOException {
        empty('1');
    }

    /**
     * {@code 2 int32 4}.
     *
     * @throws IOException from the connection
     */
    public void bindComplete() throws IOException {
        empty('2');
    }

    /**
     * {@code 3 int32 4}.
     *
     * @throws IOException from the connection
     */
    public void closeComplete() throws IOException {
        empty('3');
    }

    /**
     * {@code n int32 4}.
     *
     * @throws IOException from the connection
     */
    public void noData() throws IOException {
        empty('n');
    }

    /**
     * {@code s int32 4}.
     *
     * @throws IOException from the connection
     */
    public void portalSuspended() throws IOException {
        empty('s');
    }

    private void empty(char type) throws IOException {
        begin(type);
        end();
    }

    /**
     * {@code t int32 length, int16 n, int32 oid each}.
     *
     * @param oids the parameters' types
     * @throws IOException from the connection
     */
    public void parameterDescription(int[] oids) throws IOException {
        begin('t');
        sink.putShort(oids.length);
        for (int oid : oids) {
            sink.putInt(oid);
        }
        end();
    }

    /**
     * {@code T int32 length, int16 n, for each: string name, int32 table, int16 attribute, int32
     * type, int16 type length, int32 type modifier, int16 format}.
     *
     * @param columns of the result
     * @param formats none for all text, one for all, or one each, as in Bind
     * @throws IOException from the connection
     */
    public void rowDescription(List<Column> columns, int... formats) throws IOException {
        begin('T');
        sink.putShort(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            string(column.name());
            sink.putInt(column.tableOid());
            sink.putShort(column.attribute());
            sink.putInt(column.typeOid());
            sink.putShort(PgType.of(column.typeOid()).length());
            sink.putInt(column.typeModifier());
            sink.putShort(formats.length == 0 ? 0 : formats[formats.length == 1 ? 0 : i]);
        }
        end();
    }

    /**
     * Begins {@code D int32 length, int16 columns, for each: int32 length or -1, bytes}.
     *
     * @param columns how many values follow
     */
    public void beginDataRow(int columns) {
        begin('D');
        sink.putShort(columns);
    }

    /**
     * The next value of a row. A value that cannot be written takes the row back, so that an error
     * can follow.
     *
     * @param type of the column
     * @param value not null
     * @param format 0 text, 1 binary
     */
    public void value(PgType type, Object value, int format) {
        int lengthAt = sink.length();
        sink.putInt(0);
        try {
            type.encode(value, format, style, sink);
            if (format == 0) {
                sink.convertFrom(lengthAt + 4);
            }
        } catch (RuntimeException e) {
            abandon();
            throw e;
        }
        sink.setInt(lengthAt, sink.length() - lengthAt - 4);
    }

    /**
     * The next value of a row, in its form already.
     *
     * @param bytes the value
     */
    public void value(byte[] bytes) {
        sink.putInt(bytes.length);
        sink.put(bytes);
    }

    /** The next value of a row is NULL. */
    public void nullValue() {
        sink.putInt(-1);
    }

    /**
     * Ends a row.
     *
     * @throws IOException from the connection
     */
    public void endDataRow() throws IOException {
        end();
    }

    /** Takes back a row that was begun. */
    public void abandon() {
        if (start != NO_MESSAGE) {
            sink.truncate(start);
            start = NO_MESSAGE;
        }
    }

    /**
     * {@code V int32 length, int32 length or -1, bytes}.
     *
     * @param type of the result
     * @param result of the function, null for NULL
     * @param format 0 text, 1 binary
     * @throws IOException from the connection
     */
    public void functionCallResponse(PgType type, @Nullable Object result, int format)
            throws IOException {
        begin('V');
        if (result == null) {
            nullValue();
        } else {
            value(type, result, format);
        }
        end();
    }

    // ---- at any time

    /**
     * {@code A int32 length, int32 pid, string channel, string payload}.
     *
     * @param pid of the backend that notified
     * @param channel its bare name
     * @param payload may be empty
     * @throws IOException from the connection
     */
    public void notification(int pid, String channel, String payload) throws IOException {
        begin('A');
        sink.putInt(pid);
        string(channel);
        string(payload);
        end();
    }

    /**
     * {@code E int32 length, (byte field, string) each, byte 0}. An error that the client's
     * encoding cannot hold is replaced by one that says so.
     *
     * @param report the fields
     * @throws IOException from the connection
     */
    public void error(Report report) throws IOException {
        try {
            report('E', report);
        } catch (PgException e) {
            report('E', e.withSeverity(report.severity()).report());
        }
    }

    /**
     * {@code N int32 length, (byte field, string) each, byte 0}.
     *
     * @param report the fields
     * @throws IOException from the connection
     */
    public void notice(Report report) throws IOException {
        report('N', report);
    }

    private void report(char type, Report report) throws IOException {
        begin(type);
        try {
            ReportFields.put(report, sink);
        } catch (PgException e) {
            abandon();
            throw e;
        }
        end();
    }

    // ---- COPY

    /**
     * {@code G, H or W, int32 length, byte format, int16 n, int16 format each}.
     *
     * @param direction who sends
     * @param format 0 text, 1 binary
     * @param columns how many
     * @throws IOException from the connection
     */
    public void copyResponse(CopyDirection direction, int format, int columns) throws IOException {
        begin(direction.type());
        sink.putByte(format);
        sink.putShort(columns);
        for (int i = 0; i < columns; i++) {
            sink.putShort(format);
        }
        end();
    }

    /**
     * {@code d int32 length, bytes}.
     *
     * @param data the array
     * @param offset of the first byte
     * @param count how many
     * @throws IOException from the connection
     */
    public void copyData(byte[] data, int offset, int count) throws IOException {
        beginCopyData().put(data, offset, count);
        end();
    }

    /** {@return takes the bytes of {@code d int32 length, bytes}, which endDataRow ends} */
    public ByteSink beginCopyData() {
        begin('d');
        return sink;
    }

    /**
     * {@code c int32 4}.
     *
     * @throws IOException from the connection
     */
    public void copyDone() throws IOException {
        empty('c');
    }

    private void begin(char type) {
        requireNoMessage();
        start = sink.length();
        sink.putByte(type);
        sink.putInt(0);
    }

    private void end() throws IOException {
        sink.setInt(start + 1, sink.length() - start - 1);
        start = NO_MESSAGE;
        if (sink.length() >= bufferSize) {
            drain();
        }
    }

    private void drain() throws IOException {
        if (sink.length() > 0) {
            sink.writeTo(out);
            sink.clear();
            sink.shrinkTo(2 * bufferSize);
        }
    }

    private void string(String text) {
        try {
            ReportFields.putString(text, sink);
        } catch (PgException e) {
            abandon();
            throw e;
        }
    }

    private void requireNoMessage() {
        if (start != NO_MESSAGE) {
            throw new IllegalStateException("a message is begun and not ended");
        }
    }
}

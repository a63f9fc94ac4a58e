package io.heliosdb.pg.proto;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.proto.BackendMessage.Field;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a server sends; blocks until a message is whole. Memory grows with the bytes that
 * came. A message that makes no sense is a {@link PgException} with 08P01, after which the
 * connection is of no use. Confined to one thread.
 */
public final class BackendReader {
    private final FrameBuffer buffer;
    private final int messageBytesMax;

    /**
     * A reader that takes messages as large as PostgreSQL sends them.
     *
     * @param in the connection; each read may return what is there
     */
    public BackendReader(InputStream in) {
        this(in, 0x3fff_ffff);
    }

    /**
     * A reader with a bound.
     *
     * @param in the connection; each read may return what is there
     * @param messageBytesMax the largest message that is taken
     */
    public BackendReader(InputStream in, int messageBytesMax) {
        buffer = new FrameBuffer(in);
        this.messageBytesMax = messageBytesMax;
    }

    /**
     * Whether a whole message is here already, so that {@link #read} will not wait.
     *
     * @return false where the connection must be asked
     */
    public boolean hasBuffered() {
        return buffer.buffered() >= 5 && buffer.buffered() > buffer.peekInt32(1);
    }

    /**
     * Reads the answer to a request for encryption: one byte.
     *
     * @return {@code S}, {@code G}, {@code N}, or {@code E} of an error by an old server
     * @throws IOException from the connection
     */
    public char readEncryptionAnswer() throws IOException {
        if (!buffer.await(1)) {
            throw new SilentClose("the server closed the connection", true);
        }
        return (char) buffer.take(1, 0).int8();
    }

    /**
     * Reads a message: {@code byte type, int32 length, content}.
     *
     * @return the message
     * @throws SilentClose where the server left
     * @throws IOException from the connection
     * @throws PgException 08P01 for a message that makes no sense
     */
    public BackendMessage read() throws IOException {
        if (!buffer.await(5)) {
            throw new SilentClose("the server closed the connection", buffer.buffered() == 0);
        }
        char type = (char) buffer.peek(0);
        int length = buffer.peekInt32(1);
        if (length < 4 || length > messageBytesMax) {
            throw MessageBody.refusal(
                    "message of type %d announces %d bytes".formatted((int) type, length));
        }
        if (!buffer.await(1 + length)) {
            throw new SilentClose("the server closed the connection", false);
        }
        var body = buffer.take(1 + length, 5);
        var message = message(type, body);
        body.end();
        return message;
    }

    private static BackendMessage message(char type, MessageBody body) {
        return switch (type) {
            case 'A' ->
                    new BackendMessage.NotificationResponse(
                            body.int32(), body.string(), body.string());
            case 'C' -> new BackendMessage.CommandComplete(body.string());
            case 'D' -> new BackendMessage.DataRow(body.values());
            case 'E' -> new BackendMessage.ErrorResponse(ReportFields.read(body));
            case 'G' -> new BackendMessage.CopyInResponse(body.int8(), body.int16s());
            case 'H' -> new BackendMessage.CopyOutResponse(body.int8(), body.int16s());
            case 'I' -> new BackendMessage.EmptyQueryResponse();
            case 'K' -> new BackendMessage.BackendKeyData(body.int32(), body.int32());
            case 'N' -> new BackendMessage.NoticeResponse(ReportFields.read(body));
            case 'R' -> authentication(body);
            case 'S' -> new BackendMessage.ParameterStatus(body.string(), body.string());
            case 'T' -> new BackendMessage.RowDescription(fields(body));
            case 'V' -> new BackendMessage.FunctionCallResponse(nullable(body));
            case 'W' -> new BackendMessage.CopyBothResponse(body.int8(), body.int16s());
            case 'Z' -> new BackendMessage.ReadyForQuery((char) body.int8());
            case 'c' -> new BackendMessage.CopyDone();
            case 'd' -> new BackendMessage.CopyData(body.rest());
            case 'n' -> new BackendMessage.NoData();
            case 's' -> new BackendMessage.PortalSuspended();
            case 't' -> new BackendMessage.ParameterDescription(body.int32s());
            case 'v' -> negotiation(body);
            case '1' -> new BackendMessage.ParseComplete();
            case '2' -> new BackendMessage.BindComplete();
            case '3' -> new BackendMessage.CloseComplete();
            default -> throw MessageBody.refusal("invalid backend message type " + (int) type);
        };
    }

    private static BackendMessage authentication(MessageBody body) {
        int code = body.int32();
        return switch (code) {
            case 0 -> new BackendMessage.AuthenticationOk();
            case 3 -> new BackendMessage.AuthenticationCleartextPassword();
            case 5 -> new BackendMessage.AuthenticationMd5Password(body.bytes(4));
            case 10 -> new BackendMessage.AuthenticationSasl(strings(body));
            case 11 -> new BackendMessage.AuthenticationSaslContinue(body.rest());
            case 12 -> new BackendMessage.AuthenticationSaslFinal(body.rest());
            default -> new BackendMessage.AuthenticationOther(code, body.rest());
        };
    }

    /** Strings up to an empty one. */
    private static List<String> strings(MessageBody body) {
        var strings = new ArrayList<String>();
        for (var each = body.string(); !each.isEmpty(); each = body.string()) {
            strings.add(each);
        }
        return strings;
    }

    private static byte @Nullable [] nullable(MessageBody body) {
        int length = body.int32();
        return length == -1 ? null : body.bytes(length);
    }

    private static BackendMessage negotiation(MessageBody body) {
        int version = body.int32();
        int count = body.int32();
        // Each takes one byte at least: a count that the message cannot hold allocates nothing.
        if (count < 0 || count > body.remaining()) {
            throw MessageBody.refusal("insufficient data left in message");
        }
        var options = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            options.add(body.string());
        }
        return new BackendMessage.NegotiateProtocolVersion(version, options);
    }

    private static List<Field> fields(MessageBody body) {
        int count = body.int16();
        var fields = new ArrayList<Field>();
        for (int i = 0; i < count; i++) {
            var name = body.string();
            int table = body.int32();
            int attribute = (short) body.int16();
            int type = body.int32();
            int typeLength = (short) body.int16();
            var column = new Column(name, type, body.int32(), table, attribute);
            fields.add(new Field(column, typeLength, body.int16()));
        }
        return fields;
    }
}

package io.heliosdb.pg.proto;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.FrontendMessage.Target;
import io.heliosdb.pg.type.Encoding;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;

/**
 * Reads what a client sends, as PostgreSQL's server does; blocks until a message is whole. Memory
 * grows with the bytes that came, never with a length that was announced. What ends the connection
 * without a word is {@link SilentClose}, with one a {@link PgException} of severity FATAL. Confined
 * to one thread.
 */
public final class FrontendReader {
    /** The default bound on a message, in bytes. */
    public static final int MESSAGE_BYTES_MAX = 64 << 20;

    private static final int STARTUP_BYTES_MAX = 10_000;
    private static final int SMALL_BYTES_MAX = 10_000;
    private static final int LARGE_BYTES_MAX = 0x3fff_fffe;
    private static final int PASSWORD_BYTES_MAX = 65_535;
    static final int CANCEL_REQUEST = 1234 << 16 | 5678;
    static final int SSL_REQUEST = 1234 << 16 | 5679;
    static final int GSS_ENC_REQUEST = 1234 << 16 | 5680;

    private final FrameBuffer buffer;
    private final int messageBytesMax;
    private Encoding encoding = Encoding.UTF8;

    /**
     * A reader with the default bound.
     *
     * @param in the connection; each read may return what is there
     */
    public FrontendReader(InputStream in) {
        this(in, MESSAGE_BYTES_MAX);
    }

    /**
     * A reader with a bound.
     *
     * @param in the connection; each read may return what is there
     * @param messageBytesMax the largest message that is taken
     */
    public FrontendReader(InputStream in, int messageBytesMax) {
        buffer = new FrameBuffer(in);
        this.messageBytesMax = messageBytesMax;
    }

    /**
     * Reads texts in another encoding from the next message on; start-up and authentication are in
     * UTF-8 always.
     *
     * @param spoken what the client speaks
     */
    public void encoding(Encoding spoken) {
        encoding = spoken;
    }

    /**
     * What the client speaks.
     *
     * @return UTF8 until another one is chosen
     */
    public Encoding encoding() {
        return encoding;
    }

    /**
     * Whether a whole message is here already, so that {@link #read} will not wait.
     *
     * @return false where the connection must be asked
     */
    public boolean hasBuffered() {
        if (buffer.buffered() < 5) {
            return false;
        }
        long length = buffer.peekInt32(1);
        return length < 4 || buffer.buffered() > length;
    }

    /**
     * How many bytes came that no message was made of yet. Bytes that came before TLS are an attack
     * once it is on.
     *
     * @return the number of bytes
     */
    public int bufferedBytes() {
        return buffer.buffered();
    }

    /**
     * Reads a packet before the session is open: {@code int32 length, int32 code, content}.
     *
     * @return the packet
     * @throws SilentClose where the other side left or speaks something else
     * @throws IOException from the connection
     * @throws PgException FATAL 08P01 for a packet whose content is no list of parameters
     */
    public StartupPacket readStartup() throws IOException {
        if (!buffer.await(4)) {
            throw ended("incomplete startup packet");
        }
        int length = buffer.peekInt32(0);
        if (length < 8 || length - 4 > STARTUP_BYTES_MAX) {
            throw new SilentClose("invalid length of startup packet", false);
        }
        if (!buffer.await(length)) {
            throw ended("incomplete startup packet");
        }
        var body = buffer.take(length, 4);
        int code = body.int32();
        return switch (code) {
            case CANCEL_REQUEST -> {
                if (length != 16) {
                    throw new SilentClose("invalid length of startup packet", false);
                }
                yield new StartupPacket.CancelRequest(body.int32(), body.int32());
            }
            case SSL_REQUEST -> new StartupPacket.SslRequest();
            case GSS_ENC_REQUEST -> new StartupPacket.GssEncRequest();
            default -> startup(code, body);
        };
    }

    private static StartupPacket startup(int version, MessageBody body) {
        int major = version >>> 16;
        int minor = version & 0xffff;
        if (major != 3) {
            return new StartupPacket.Unsupported(major, minor);
        }
        var parameters = new LinkedHashMap<String, String>();
        try {
            var name = body.string();
            while (!name.isEmpty()) {
                parameters.put(name, body.string());
                name = body.string();
            }
            body.end();
        } catch (PgException e) {
            if (e.sqlState().equals(SqlState.CHARACTER_NOT_IN_REPERTOIRE)) {
                throw e.withSeverity(io.heliosdb.pg.Severity.FATAL);
            }
            throw new PgException(
                    PgException.fatal(
                                    SqlState.PROTOCOL_VIOLATION,
                                    "invalid startup packet layout: expected terminator as last"
                                            + " byte")
                            .report(),
                    e);
        }
        return new StartupPacket.Startup(minor, parameters);
    }

    /**
     * Reads the answer to a request for authentication.
     *
     * @return the answer
     * @throws SilentClose where the other side left
     * @throws IOException from the connection
     * @throws PgException FATAL 08P01 for anything else
     */
    public FrontendMessage.Password readPassword() throws IOException {
        if (!buffer.await(1)) {
            throw ended("client left during authentication");
        }
        int type = buffer.peek(0);
        if (type != 'p') {
            throw PgException.fatal(
                    SqlState.PROTOCOL_VIOLATION,
                    "expected password response, got message type " + type);
        }
        return new FrontendMessage.Password(frame(PASSWORD_BYTES_MAX).rest());
    }

    /**
     * Reads a message: {@code byte type, int32 length, content}.
     *
     * @return the message; {@link FrontendMessage.Malformed} where its content is broken
     * @throws SilentClose where the other side left or announced a length that cannot be
     * @throws IOException from the connection
     * @throws PgException FATAL 08P01 for a type that is none, FATAL 54000 for a message over the
     *     bound
     */
    public FrontendMessage read() throws IOException {
        if (!buffer.await(1)) {
            throw ended("unexpected EOF on client connection");
        }
        char type = (char) buffer.peek(0);
        var body = frame(bound(type)).in(encoding);
        try {
            var message = message(type, body);
            body.end();
            return message;
        } catch (PgException e) {
            return new FrontendMessage.Malformed(type, e);
        }
    }

    private static int bound(char type) {
        return switch (type) {
            case 'Q', 'F', 'P', 'B', 'd' -> LARGE_BYTES_MAX;
            case 'C', 'D', 'E', 'H', 'S', 'X', 'c', 'f' -> SMALL_BYTES_MAX;
            default ->
                    throw PgException.fatal(
                            SqlState.PROTOCOL_VIOLATION,
                            "invalid frontend message type " + (int) type);
        };
    }

    private MessageBody frame(int bound) throws IOException {
        if (!buffer.await(5)) {
            throw ended("unexpected EOF within message length word");
        }
        int length = buffer.peekInt32(1);
        if (length < 4 || length > bound) {
            throw new SilentClose("invalid message length", false);
        }
        if (length > messageBytesMax) {
            throw PgException.fatal(
                            SqlState.PROGRAM_LIMIT_EXCEEDED,
                            "message of %d bytes is larger than the limit of %d bytes"
                                    .formatted(length, messageBytesMax))
                    .withHint("Send the data in smaller parts, or raise the server's limit.");
        }
        if (!buffer.await(1 + length)) {
            throw ended("incomplete message from client");
        }
        return buffer.take(1 + length, 5);
    }

    private SilentClose ended(String reason) {
        return new SilentClose(reason, buffer.buffered() == 0);
    }

    private static FrontendMessage message(char type, MessageBody body) {
        return switch (type) {
            case 'Q' -> new FrontendMessage.Query(body.string());
            case 'P' -> new FrontendMessage.Parse(body.string(), body.string(), body.int32s());
            case 'B' -> bind(body);
            case 'D' -> {
                int target = body.int8();
                var name = body.string();
                yield new FrontendMessage.Describe(target(target, body, "DESCRIBE"), name);
            }
            case 'C' -> {
                int target = body.int8();
                var name = body.string();
                yield new FrontendMessage.Close(target(target, body, "CLOSE"), name);
            }
            case 'E' -> new FrontendMessage.Execute(body.string(), body.int32());
            case 'S' -> new FrontendMessage.Sync();
            case 'H' -> new FrontendMessage.Flush();
            case 'X' -> terminate(body);
            case 'd' -> new FrontendMessage.CopyData(body.rest());
            case 'c' -> new FrontendMessage.CopyDone();
            case 'f' -> new FrontendMessage.CopyFail(body.string());
            case 'F' -> functionCall(body);
            default -> throw new IllegalStateException("type " + type + " has passed the bound");
        };
    }

    /** Terminate's content, if any, is of no interest. */
    private static FrontendMessage terminate(MessageBody body) {
        var ignored = body.rest();
        assert ignored.length <= SMALL_BYTES_MAX;
        return new FrontendMessage.Terminate();
    }

    /**
     * {@code string portal, string statement, int16 n + n x int16 formats, int16 n + n x (int32
     * length, bytes) values, int16 n + n x int16 result formats}.
     */
    private static FrontendMessage bind(MessageBody body) {
        var portal = body.string();
        var statement = body.string();
        var formats = body.int16s();
        var values = body.values();
        if (formats.length > 1 && formats.length != values.size()) {
            throw MessageBody.refusal(
                    "bind message has %d parameter formats but %d parameters"
                            .formatted(formats.length, values.size()));
        }
        return new FrontendMessage.Bind(portal, statement, formats, values, body.int16s());
    }

    /**
     * {@code int32 function, int16 n + n x int16 formats, int16 n + n x (int32 length, bytes)
     * arguments, int16 result format}.
     */
    private static FrontendMessage functionCall(MessageBody body) {
        int function = body.int32();
        var formats = body.int16s();
        var arguments = body.values();
        if (formats.length > 1 && formats.length != arguments.size()) {
            throw MessageBody.refusal(
                    "function call message contains %d argument formats but %d arguments"
                            .formatted(formats.length, arguments.size()));
        }
        return new FrontendMessage.FunctionCall(function, formats, arguments, body.int16());
    }

    private static Target target(int code, MessageBody body, String name) {
        body.end();
        return switch (code) {
            case 'S' -> Target.STATEMENT;
            case 'P' -> Target.PORTAL;
            default -> throw MessageBody.refusal("invalid " + name + " message subtype " + code);
        };
    }
}

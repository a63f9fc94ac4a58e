package io.heliosdb.pg.proto;

import io.heliosdb.pg.proto.FrontendMessage.Target;
import io.heliosdb.pg.type.ByteSink;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes what a client sends, into a buffer that {@link #flush} empties. Confined to one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-message-formats.html">PostgreSQL:
 *     message formats</a>
 */
public final class FrontendWriter {
    private final OutputStream out;
    private final ByteSink sink = new ByteSink(1024);

    /**
     * A writer.
     *
     * @param out the connection
     */
    public FrontendWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Sends all that waits.
     *
     * @throws IOException from the connection
     */
    public void flush() throws IOException {
        sink.writeTo(out);
        sink.clear();
        out.flush();
    }

    /**
     * Writes a packet before the session is open: {@code int32 length, int32 code, content}.
     *
     * @param packet any
     */
    public void write(StartupPacket packet) {
        int start = sink.length();
        sink.putInt(0);
        switch (packet) {
            case StartupPacket.Startup(var minor, var parameters) -> {
                sink.putInt(3 << 16 | minor);
                parameters.forEach((name, value) -> {
                    string(name);
                    string(value);
                });
                sink.putByte(0);
            }
            case StartupPacket.SslRequest() -> sink.putInt(FrontendReader.SSL_REQUEST);
            case StartupPacket.GssEncRequest() -> sink.putInt(FrontendReader.GSS_ENC_REQUEST);
            case StartupPacket.CancelRequest(int pid, int secret) -> {
                sink.putInt(FrontendReader.CANCEL_REQUEST);
                sink.putInt(pid);
                sink.putInt(secret);
            }
            case StartupPacket.Unsupported(int major, int minor) ->
                    sink.putInt(major << 16 | minor);
        }
        sink.setInt(start, sink.length() - start);
    }

    /**
     * Writes a message: {@code byte type, int32 length, content}. A malformed one cannot be
     * written.
     *
     * @param message any other
     */
    public void write(FrontendMessage message) {
        int start = sink.length();
        sink.putByte(typeOf(message));
        sink.putInt(0);
        content(message);
        sink.setInt(start + 1, sink.length() - start - 1);
    }

    private static char typeOf(FrontendMessage message) {
        return switch (message) {
            case FrontendMessage.Query m -> 'Q';
            case FrontendMessage.Parse m -> 'P';
            case FrontendMessage.Bind m -> 'B';
            case FrontendMessage.Describe m -> 'D';
            case FrontendMessage.Execute m -> 'E';
            case FrontendMessage.Close m -> 'C';
            case FrontendMessage.Sync m -> 'S';
            case FrontendMessage.Flush m -> 'H';
            case FrontendMessage.Terminate m -> 'X';
            case FrontendMessage.CopyData m -> 'd';
            case FrontendMessage.CopyDone m -> 'c';
            case FrontendMessage.CopyFail m -> 'f';
            case FrontendMessage.FunctionCall m -> 'F';
            case FrontendMessage.Password m -> 'p';
            case FrontendMessage.Malformed m ->
                    throw new IllegalArgumentException("a malformed message is never written");
        };
    }

    private void content(FrontendMessage message) {
        switch (message) {
            case FrontendMessage.Query(var sql) -> string(sql);
            case FrontendMessage.Parse(var name, var sql, var oids) -> {
                string(name);
                string(sql);
                sink.putShort(oids.length);
                for (int oid : oids) {
                    sink.putInt(oid);
                }
            }
            case FrontendMessage.Bind bind -> {
                string(bind.portal());
                string(bind.statement());
                int16s(bind.formats());
                values(bind.values());
                int16s(bind.resultFormats());
            }
            case FrontendMessage.Describe(var target, var name) -> targeted(target, name);
            case FrontendMessage.Close(var target, var name) -> targeted(target, name);
            case FrontendMessage.Execute(var portal, int maxRows) -> {
                string(portal);
                sink.putInt(maxRows);
            }
            case FrontendMessage.Password(var bytes) -> sink.put(bytes);
            case FrontendMessage.CopyData(var data) -> sink.put(data);
            case FrontendMessage.CopyFail(var why) -> string(why);
            case FrontendMessage.FunctionCall call -> {
                sink.putInt(call.function());
                int16s(call.formats());
                values(call.arguments());
                sink.putShort(call.resultFormat());
            }
            case FrontendMessage.Sync m -> {}
            case FrontendMessage.Flush m -> {}
            case FrontendMessage.Terminate m -> {}
            case FrontendMessage.CopyDone m -> {}
            case FrontendMessage.Malformed m -> {}
        }
    }

    /** {@code byte S or P, string name}. */
    private void targeted(Target target, String name) {
        sink.putByte(
                switch (target) {
                    case STATEMENT -> 'S';
                    case PORTAL -> 'P';
                });
        string(name);
    }

    private void int16s(int[] values) {
        sink.putShort(values.length);
        for (int value : values) {
            sink.putShort(value);
        }
    }

    private void values(List<byte @Nullable []> values) {
        sink.putShort(values.size());
        for (var value : values) {
            if (value == null) {
                sink.putInt(-1);
            } else {
                sink.putInt(value.length);
                sink.put(value);
            }
        }
    }

    private void string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a string of the protocol has no NUL");
        }
        sink.putUtf8(text);
        sink.putByte(0);
    }
}

package io.heliosdb.pgwire;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopySource;
import io.heliosdb.pg.proto.CopyDirection;
import io.heliosdb.pg.proto.FrontendMessage;
import io.heliosdb.pg.proto.FrontendMessage.CopyData;
import io.heliosdb.pg.proto.FrontendMessage.CopyDone;
import io.heliosdb.pg.proto.FrontendMessage.CopyFail;
import io.heliosdb.pg.proto.FrontendMessage.Flush;
import io.heliosdb.pg.proto.FrontendMessage.Malformed;
import io.heliosdb.pg.proto.FrontendMessage.Sync;
import io.heliosdb.session.CopySink;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The data of a COPY between the session and the client, message by message. Confined to the
 * backend's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-COPY">PostgreSQL:
 *     COPY operations</a>
 */
final class ClientCopy implements CopySource, CopySink {
    private final Wire wire;
    private final Termination termination;
    private boolean isLost;

    ClientCopy(Wire wire, Termination termination) {
        this.wire = wire;
        this.termination = termination;
    }

    /** Tells the client to send, or that data follow. */
    void begin(CopyDirection direction, int format, int columns) {
        try {
            wire.output().writer().copyResponse(direction, format, columns);
            if (direction == CopyDirection.IN) {
                wire.output().flush();
            }
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    /** Whether the client sent something else in the middle of a COPY: the connection is to end. */
    boolean isLost() {
        return isLost;
    }

    @Override
    public byte @Nullable [] next() {
        while (true) {
            switch (message()) {
                case CopyData(var data) -> {
                    return data;
                }
                case CopyDone _ -> {
                    return null;
                }
                case CopyFail(var reason) ->
                        throw new PgException(
                                SqlState.QUERY_CANCELED, "COPY from stdin failed: " + reason);
                // Drivers send them after Execute, before they know that data are wanted.
                case Flush _, Sync _ -> {}
                case Malformed malformed -> throw malformed.error();
                case FrontendMessage other -> {
                    isLost = true;
                    throw new PgException(
                            SqlState.PROTOCOL_VIOLATION,
                            "unexpected message type 0x%02X during COPY from stdin"
                                    .formatted((int) type(other)));
                }
            }
        }
    }

    private FrontendMessage message() {
        try {
            return wire.reader().read();
        } catch (IOException e) {
            throw ClientGone.because(e);
        } finally {
            termination.check();
        }
    }

    private static char type(FrontendMessage message) {
        return switch (message) {
            case FrontendMessage.Query _ -> 'Q';
            case FrontendMessage.Parse _ -> 'P';
            case FrontendMessage.Bind _ -> 'B';
            case FrontendMessage.Describe _ -> 'D';
            case FrontendMessage.Execute _ -> 'E';
            case FrontendMessage.Close _ -> 'C';
            case FrontendMessage.FunctionCall _ -> 'F';
            case FrontendMessage.Terminate _ -> 'X';
            default -> 'p';
        };
    }

    @Override
    public void put(byte[] bytes) {
        try {
            wire.output().writer().copyData(bytes, 0, bytes.length);
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }

    @Override
    public void done() {
        try {
            wire.output().writer().copyDone();
        } catch (IOException e) {
            throw ClientGone.because(e);
        }
    }
}

package io.heliosdb.pgwire;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.FrontendMessage.Bind;
import io.heliosdb.pg.proto.FrontendMessage.Close;
import io.heliosdb.pg.proto.FrontendMessage.Describe;
import io.heliosdb.pg.proto.FrontendMessage.Execute;
import io.heliosdb.pg.proto.FrontendMessage.Parse;
import io.heliosdb.pg.proto.FrontendReader;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.session.Portal;
import io.heliosdb.session.PreparedStatement;
import io.heliosdb.session.Session;
import io.heliosdb.session.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The extended query protocol's messages, one method each; errors are the caller's. Remembers which
 * formats a portal's client asked for, which the session does not know. Confined to the backend's
 * thread.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY">PostgreSQL:
 *     extended query</a>
 */
final class ExtendedQuery {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bound(Portal portal, int[] formats) {}

    private final Session session;
    private final BackendWriter writer;
    private final ResultWriter results;
    private final SessionStyle style;
    private final FrontendReader reader;
    private final Map<String, Bound> bound = new HashMap<>();

    ExtendedQuery(Session session, Wire wire, ResultWriter results, SessionStyle style) {
        this.session = session;
        writer = wire.output().writer();
        reader = wire.reader();
        this.results = results;
        this.style = style;
    }

    void parse(Parse message) throws IOException {
        session.parse(message.name(), message.sql(), message.parameterOids());
        writer.parseComplete();
    }

    void bind(Bind message) throws IOException {
        var statement = session.preparedStatement(message.statement());
        requireCount(message, statement);
        var portal = session.bind(message.portal(), statement, decoded(message, statement));
        requireResultFormats(message.resultFormats(), portal.columns());
        bound.put(message.portal(), new Bound(portal, message.resultFormats()));
        writer.bindComplete();
    }

    private static void requireCount(Bind message, PreparedStatement statement) {
        int supplied = message.values().size();
        int required = statement.parameterOids().length;
        if (supplied != required) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message supplies %d parameters, but prepared statement \"%s\" requires %d"
                            .formatted(supplied, message.statement(), required));
        }
    }

    private List<@Nullable Object> decoded(Bind message, PreparedStatement statement) {
        var oids = statement.parameterOids();
        var values = new @Nullable Object[oids.length];
        for (int i = 0; i < oids.length; i++) {
            var bytes = message.values().get(i);
            if (bytes != null) {
                var type = PgType.of(oids[i]);
                values[i] =
                        type.decodeParameter(
                                message.portal(),
                                i + 1,
                                bytes,
                                message.format(i),
                                style.of(type),
                                reader.encoding());
            }
        }
        return Arrays.asList(values);
    }

    private static void requireResultFormats(int[] formats, @Nullable List<Column> columns) {
        if (columns != null && formats.length > 1 && formats.length != columns.size()) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "bind message has %d result formats but query has %d columns"
                            .formatted(formats.length, columns.size()));
        }
    }

    void describe(Describe message) throws IOException {
        switch (message.target()) {
            case STATEMENT -> {
                var statement = session.preparedStatement(message.name());
                requireRowsAllowed(statement.columns());
                writer.parameterDescription(statement.parameterOids());
                describe(statement.columns(), ResultWriter.TEXT);
            }
            case PORTAL -> {
                var portal = session.portal(message.name());
                requireRowsAllowed(portal.columns());
                describe(portal.columns(), formatsOf(message.name(), portal));
            }
        }
    }

    /** In a failed transaction only what returns no rows can be described, such as ROLLBACK. */
    private void requireRowsAllowed(@Nullable List<Column> columns) {
        if (columns != null && session.status() == TransactionStatus.FAILED) {
            throw new PgException(
                    SqlState.IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction"
                            + " block");
        }
    }

    private void describe(@Nullable List<Column> columns, int[] formats) throws IOException {
        if (columns == null) {
            writer.noData();
        } else {
            writer.rowDescription(columns, formats);
        }
    }

    void execute(Execute message) {
        var portal = session.portal(message.portal());
        results.beginPortal(portal.columns(), formatsOf(message.portal(), portal));
        session.execute(portal, Math.max(0, message.maxRows()), results);
    }

    /** A cursor that SQL declared has no formats from Bind. */
    private int[] formatsOf(String name, Portal portal) {
        var known = bound.get(name);
        if (known != null && known.portal.equals(portal)) {
            return known.formats;
        }
        return portal.isBinary() ? ResultWriter.BINARY : ResultWriter.TEXT;
    }

    void close(Close message) throws IOException {
        switch (message.target()) {
            case STATEMENT -> session.closeStatement(message.name());
            case PORTAL -> {
                bound.remove(message.name());
                session.closePortal(message.name());
            }
        }
        writer.closeComplete();
    }

    /** Outside a transaction no portal lives on. */
    void forgetPortalsOutsideBlock() {
        if (!bound.isEmpty() && session.status() == TransactionStatus.IDLE) {
            bound.clear();
        }
    }
}

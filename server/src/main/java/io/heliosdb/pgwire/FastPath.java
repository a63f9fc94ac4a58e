package io.heliosdb.pgwire;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.BackendWriter;
import io.heliosdb.pg.proto.FrontendMessage.FunctionCall;
import io.heliosdb.pg.proto.FrontendReader;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.session.DirectQuery;
import io.heliosdb.session.Session;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Calls of functions by their oids, each a transaction of its own outside a block. Confined to the
 * backend's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-flow.html#id-1.10.6.7.6">PostgreSQL:
 *     function call</a>
 */
final class FastPath {
    private static final String LOOK_UP =
            "SELECT n.nspname, p.proname, p.proretset OR p.prokind <> 'f', p.prorettype::int8,"
                    + " pg_catalog.array_to_string(p.proargtypes, ' ')"
                    + " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
                    + " ON n.oid = p.pronamespace WHERE p.oid = $1";

    /** What is called; an argument's type is its oid. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Function(String schema, String name, int[] arguments, int result) {
        String call() {
            var text = new StringBuilder("SELECT ");
            text.append(Identifier.quoteWhereNeeded(schema))
                    .append('.')
                    .append(Identifier.quoteWhereNeeded(name));
            for (int i = 1; i <= arguments.length; i++) {
                text.append(i == 1 ? "($" : ", $").append(i);
            }
            return text.append(arguments.length == 0 ? "()" : ")").toString();
        }
    }

    private final DirectQuery queries;
    private final BackendWriter writer;
    private final FrontendReader reader;
    private final SessionStyle style;

    FastPath(Session session, Wire wire, SessionStyle style) {
        queries = new DirectQuery(session);
        writer = wire.output().writer();
        reader = wire.reader();
        this.style = style;
    }

    /**
     * Calls a function and answers with what it gives.
     *
     * @throws PgException 25P02, 42883, 08P01, 0A000 and what the function fails with
     */
    void call(FunctionCall message) throws IOException {
        var function = function(Integer.toUnsignedLong(message.function()));
        var values = decoded(message, function);
        var row = queries.firstRow(function.call(), function.arguments(), values);
        respond(row.getFirst(), function.result(), message.resultFormat());
    }

    private Function function(long oid) {
        var row = queries.firstRow(LOOK_UP, new int[] {Oid.INT8}, List.of(oid));
        if (row.isEmpty()) {
            throw new PgException(
                    SqlState.UNDEFINED_FUNCTION, "function with OID " + oid + " does not exist");
        }
        String name = String.valueOf(row.get(1));
        if (Boolean.TRUE.equals(row.get(2))) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "cannot call function \"" + name + "\" via fastpath interface");
        }
        var arguments =
                Arrays.stream(String.valueOf(row.get(4)).split(" "))
                        .filter(text -> !text.isEmpty())
                        .mapToInt(Integer::parseUnsignedInt)
                        .toArray();
        int result = Integer.parseUnsignedInt(String.valueOf(row.get(3)));
        return new Function(String.valueOf(row.get(0)), name, arguments, result);
    }

    private List<@Nullable Object> decoded(FunctionCall message, Function function) {
        int supplied = message.arguments().size();
        int required = function.arguments().length;
        if (supplied != required) {
            throw new PgException(
                    SqlState.PROTOCOL_VIOLATION,
                    "function call message contains %d arguments but function requires %d"
                            .formatted(supplied, required));
        }
        var values = new @Nullable Object[required];
        for (int i = 0; i < required; i++) {
            var bytes = message.arguments().get(i);
            if (bytes != null) {
                requireConcrete(function.arguments()[i]);
                var type = PgType.of(function.arguments()[i]);
                values[i] =
                        type.decodeArgument(
                                i + 1, bytes, message.format(i), style.of(type), reader.encoding());
            }
        }
        return Arrays.asList(values);
    }

    /** A value alone does not tell the type of a polymorphic argument. */
    private static void requireConcrete(int oid) {
        String polymorphic =
                switch (oid) {
                    case 2276 -> "any";
                    case 2277 -> "anyarray";
                    case 2283 -> "anyelement";
                    case 2776 -> "anynonarray";
                    case 3500 -> "anyenum";
                    case 3831 -> "anyrange";
                    case 4537 -> "anymultirange";
                    case 5077 -> "anycompatible";
                    case 5078 -> "anycompatiblearray";
                    case 5079 -> "anycompatiblenonarray";
                    case 5080 -> "anycompatiblerange";
                    case 4538 -> "anycompatiblemultirange";
                    default -> "";
                };
        if (!polymorphic.isEmpty()) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "cannot accept a value of type " + polymorphic);
        }
    }

    private void respond(@Nullable Object value, int oid, int format) throws IOException {
        if (format != 0 && format != 1) {
            throw new PgException(
                    SqlState.INVALID_PARAMETER_VALUE, "unsupported format code: " + format);
        }
        writer.style(style.current());
        writer.functionCallResponse(PgType.of(oid), value, format);
    }
}

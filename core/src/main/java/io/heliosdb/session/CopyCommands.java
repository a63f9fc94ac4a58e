package io.heliosdb.session;

import io.heliosdb.engine.ColumnInfo;
import io.heliosdb.engine.Inspection;
import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopyFormat;
import io.heliosdb.pg.copy.CopyReader;
import io.heliosdb.pg.copy.CopyWriter;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.sql.CopyOption;
import io.heliosdb.sql.Statement.Copy;
import io.heliosdb.sql.TableName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * COPY between a table or query and the client. Confined to the session.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-copy.html">PostgreSQL: COPY</a>
 */
final class CopyCommands {
    private static final SqlState WRONG_OBJECT_TYPE = new SqlState("42809");
    private static final SqlState DUPLICATE_COLUMN = new SqlState("42701");
    private static final SqlState INVALID_COLUMN_REFERENCE = new SqlState("42P10");
    private static final @Nullable Object[] NO_PARAMETERS = {};
    private static final int[] NO_OIDS = {};

    private final SessionState session;
    private final StatementRunner runner;
    private final TransactionCommands transactions;

    CopyCommands(SessionState session, StatementRunner runner, TransactionCommands transactions) {
        this.session = session;
        this.runner = runner;
        this.transactions = transactions;
    }

    /** Runs a COPY; gives its tag. */
    String run(Copy copy, ResultReceiver out) {
        requireClient(copy);
        session.applySettings();
        long rows = copy.isFrom() ? from(copy, out) : to(copy, out);
        transactions.noteQuery();
        return "COPY " + rows;
    }

    /** No statement reaches the machine's files or programs, whoever sends it. */
    private static void requireClient(Copy copy) {
        if (copy.place() == Copy.Place.CLIENT) {
            return;
        }
        String what =
                copy.place() == Copy.Place.PROGRAM
                        ? "pg_execute_server_program role to COPY to or from an external program"
                        : copy.isFrom()
                                ? "pg_read_server_files role to COPY from a file"
                                : "pg_write_server_files role to COPY to a file";
        throw new PgException(
                        SqlState.INSUFFICIENT_PRIVILEGE,
                        "must be superuser or have privileges of the " + what)
                .withHint(
                        "Anyone can COPY to stdout or from stdin. psql's \\copy command also works"
                                + " for anyone.");
    }

    // ---- COPY FROM

    private long from(Copy copy, ResultReceiver out) {
        var name = copy.table().orElseThrow();
        var table = table(name);
        if (table.isView()) {
            out.copyIn(0, table.columns().size()); // PostgreSQL finds out only then.
            throw new PgException(
                            WRONG_OBJECT_TYPE, "cannot copy to view \"" + table.id().name() + '"')
                    .withHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.");
        }
        if (transactions.isReadOnlyNow()) {
            throw new PgException(
                    SqlState.READ_ONLY_SQL_TRANSACTION,
                    "cannot execute COPY FROM in a read-only transaction");
        }
        var options =
                CopyOptions.of(copy.options(), true, session.settings().value("client_encoding"));
        var columns = columns(table, copy.columns());
        var names = columns.stream().map(ColumnInfo::name).toList();
        var shape =
                new CopyReader.Shape(
                        options.format(),
                        names,
                        forced("FORCE_NOT_NULL", options.forceNotNull(), table, names),
                        forced("FORCE_NULL", options.forceNull(), table, names));
        try (var insert = CopyInsert.prepare(session, copy, table, columns)) {
            var source = out.copyIn(options.format().wireFormat(), columns.size());
            var reader =
                    CopyReader.of(
                            () -> {
                                byte[] part = source.next();
                                session.cancellation().check();
                                return part;
                            },
                            shape);
            return insert.all(reader);
        }
    }

    private TableInfo table(TableName name) {
        var found =
                name.schema().isPresent()
                        ? session.instance()
                                .engine()
                                .schema()
                                .table(name.schema().get(), name.name())
                        : Inspection.table(session.rows(), name.name());
        return found.orElseThrow(() -> noTable(name));
    }

    private PgException noTable(TableName name) {
        return new PgException(
                SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
    }

    private static List<ColumnInfo> columns(TableInfo table, List<String> wanted) {
        if (wanted.isEmpty()) {
            return table.columns().stream().filter(Predicate.not(ColumnInfo::isGenerated)).toList();
        }
        var columns = new ArrayList<ColumnInfo>();
        var seen = new HashSet<String>();
        for (var name : wanted) {
            var column = table.column(name).orElseThrow(() -> noColumn(name, table));
            if (column.isGenerated()) {
                throw new PgException(
                                INVALID_COLUMN_REFERENCE,
                                "column \"" + name + "\" is a generated column")
                        .withDetail("Generated columns cannot be used in COPY.");
            }
            if (!seen.add(name)) {
                throw new PgException(
                        DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once");
            }
            columns.add(column);
        }
        return columns;
    }

    private static PgException noColumn(String name, TableInfo table) {
        return new PgException(
                SqlState.UNDEFINED_COLUMN,
                "column \"" + name + "\" of relation \"" + table.id().name() + "\" does not exist");
    }

    /** For each column whether an option names it. */
    private static List<Boolean> forced(
            String option, List<String> named, @Nullable TableInfo table, List<String> columns) {
        if (named.equals(CopyOption.ALL)) {
            return columns.stream().map(column -> true).toList();
        }
        for (var name : named) {
            if (columns.contains(name)) {
                continue;
            }
            if (table == null) {
                throw new PgException(
                        SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist");
            }
            if (table.column(name).isEmpty()) {
                throw noColumn(name, table);
            }
            throw new PgException(
                    INVALID_COLUMN_REFERENCE,
                    option + " column \"" + name + "\" not referenced by COPY");
        }
        return columns.stream().map(named::contains).toList();
    }

    // ---- COPY TO

    private long to(Copy copy, ResultReceiver out) {
        var table = copy.table().map(this::tableToRead).orElse(null);
        var options =
                CopyOptions.of(copy.options(), false, session.settings().value("client_encoding"));
        var query =
                table == null
                        ? copy.query().orElseThrow()
                        : runner.parseSingle(select(copy.table().orElseThrow(), table, copy));
        var prepared = runner.prepare(query, NO_OIDS);
        var columns = prepared.columns();
        if (columns == null) {
            throw new PgException(
                    SqlState.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
        }
        var names = columns.stream().map(Column::name).toList();
        var quoted = forced("FORCE_QUOTE", options.forceQuote(), table, names);
        var types = columns.stream().map(column -> PgType.of(column.typeOid())).toList();
        requireBinary(options.format(), types);
        var writer = new CopyWriter(options.format(), types, quoted, session.textStyle());
        var bound = new Bound("", prepared, NO_PARAMETERS);
        try {
            runner.start(bound);
            return give(
                    bound, writer, names, out.copyOut(options.format().wireFormat(), names.size()));
        } finally {
            bound.close();
        }
    }

    private long give(Bound bound, CopyWriter writer, List<String> names, CopySink sink) {
        var rows = bound.rows();
        long count = rows == null ? 0 : rows.count();
        boolean isBinary = writer.isBinary();
        byte[] before = writer.header(names);
        if (before.length > 0 && !isBinary) {
            sink.put(before);
        }
        for (long i = 0; rows != null && i < count; i++) {
            byte[] row = writer.row(rows.row(i));
            sink.put(isBinary && i == 0 ? joined(before, row) : row);
            session.cancellation().check();
        }
        if (isBinary) {
            sink.put(count == 0 ? joined(before, writer.trailer()) : writer.trailer());
        }
        sink.done();
        return count;
    }

    /** PostgreSQL sends the header of the binary format together with what follows it. */
    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void requireBinary(CopyFormat format, List<PgType> types) {
        if (format.kind() != CopyFormat.Kind.BINARY) {
            return;
        }
        for (var type : types) {
            if (!type.hasBinary()) {
                throw new PgException(
                        SqlState.UNDEFINED_FUNCTION,
                        "no binary output function available for type " + type.displayName());
            }
        }
    }

    private TableInfo tableToRead(TableName name) {
        var table = table(name);
        if (table.isView()) {
            throw new PgException(
                            WRONG_OBJECT_TYPE, "cannot copy from view \"" + table.id().name() + '"')
                    .withHint("Try the COPY (SELECT ...) TO variant.");
        }
        return table;
    }

    private static String select(TableName name, TableInfo table, Copy copy) {
        var columns =
                columns(table, copy.columns()).stream()
                        .map(ColumnInfo::name)
                        .map(Identifier::quote)
                        .toList();
        return "SELECT " + String.join(", ", columns) + " FROM " + CopyInsert.quoted(name);
    }
}

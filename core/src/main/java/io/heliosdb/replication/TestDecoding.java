package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.ByteSink;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * The plugin {@code test_decoding}: lines for people to read.
 *
 * @see <a href="https://www.postgresql.org/docs/15/test-decoding.html">PostgreSQL:
 *     test_decoding</a>
 */
final class TestDecoding implements OutputPlugin {
    private static final Set<String> KNOWN =
            Set.of(
                    "include-xids",
                    "include-timestamp",
                    "force-binary",
                    "skip-empty-xacts",
                    "only-local",
                    "include-rewrites",
                    "stream-changes");

    private final PublicationCatalog publications;
    private final TextStyle style;
    private final boolean withXids;
    private final boolean withTimes;
    private final boolean skipsEmpty;

    TestDecoding(PluginOptions options, PublicationCatalog publications, TextStyle style) {
        this.publications = publications;
        this.style = style;
        options.values()
                .forEach((name, value) -> {
                    if (!KNOWN.contains(name)) {
                        throw options.error(
                                SqlState.INVALID_PARAMETER_VALUE,
                                "option \"%s\" = \"%s\" is unknown".formatted(name, value));
                    }
                });
        withXids = options.flag("include-xids", true);
        withTimes = options.flag("include-timestamp", false);
        skipsEmpty = options.flag("skip-empty-xacts", false);
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public void write(DecodedTransaction transaction, ChangeSink out) {
        boolean isLoose =
                !transaction.changes().isEmpty()
                        && transaction.changes().stream()
                                .allMatch(change ->
                                        change instanceof LogicalChange.Message message
                                                && !message.isTransactional());
        boolean isFramed = !isLoose && !(skipsEmpty && transaction.changes().isEmpty());
        String xid = withXids ? " " + Integer.toUnsignedString(transaction.xid()) : "";
        if (isFramed) {
            line(out, transaction.lsn(), "BEGIN" + xid);
        }
        for (var change : transaction.changes()) {
            line(out, transaction.lsn(), text(change));
        }
        if (isFramed) {
            String time =
                    withTimes
                            ? " (at "
                                    + PgType.of(Oid.TIMESTAMPTZ)
                                            .toText(
                                                    OffsetDateTime.ofInstant(
                                                            transaction.committedAt(),
                                                            ZoneOffset.UTC),
                                                    style)
                                    + ")"
                            : "";
            line(out, transaction.end(), "COMMIT" + xid + time);
        }
    }

    private static void line(ChangeSink out, Lsn lsn, String text) {
        ByteSink sink = out.begin(lsn);
        sink.putUtf8(text);
        out.end();
    }

    private String text(LogicalChange change) {
        var text = new StringBuilder();
        switch (change) {
            case LogicalChange.Insert(var table, var row) -> {
                begin(text, table).append(" INSERT:");
                values(text, table, row, false);
            }
            case LogicalChange.Update(var table, var old, var row) -> {
                begin(text, table).append(" UPDATE:");
                var key = keys(table).ofUpdate(old, row);
                if (key != null) {
                    text.append(" old-key:");
                    values(text, table, key, true);
                    text.append(" new-tuple:");
                }
                values(text, table, row, false);
            }
            case LogicalChange.Delete(var table, var old) -> {
                begin(text, table).append(" DELETE:");
                var key = keys(table).ofDelete(old);
                if (key == null) {
                    text.append(" (no-tuple-data)");
                } else {
                    values(text, table, key, true);
                }
            }
            case LogicalChange.Truncate(var table, boolean restarts) ->
                    begin(text, table)
                            .append(" TRUNCATE: ")
                            .append(restarts ? "restart_seqs" : "(no-flags)");
            case LogicalChange.Message(boolean isTransactional, var prefix, var content) ->
                    text.append("message: transactional: ")
                            .append(isTransactional ? 1 : 0)
                            .append(" prefix: ")
                            .append(prefix)
                            .append(", sz: ")
                            .append(content.length)
                            .append(" content:")
                            .append(new String(content, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private IdentityKeys keys(TableShape table) {
        return IdentityKeys.of(table, publications.committed().identity(table.id()));
    }

    private static StringBuilder begin(StringBuilder text, TableShape table) {
        return text.append("table ")
                .append(Identifier.quoteWhereNeeded(table.id().schema()))
                .append('.')
                .append(Identifier.quoteWhereNeeded(table.id().name()))
                .append(':');
    }

    private void values(
            StringBuilder text, TableShape table, @Nullable Object[] row, boolean skipsNulls) {
        for (int i = 0; i < row.length; i++) {
            Object value = row[i];
            if (value == null && skipsNulls) {
                continue;
            }
            var column = table.columns().get(i);
            text.append(' ')
                    .append(Identifier.quoteWhereNeeded(column.name()))
                    .append('[')
                    .append(PgType.of(column.oid()).displayName())
                    .append("]:");
            if (value == null) {
                text.append("null");
            } else {
                value(text, column.oid(), value);
            }
        }
    }

    private void value(StringBuilder text, int oid, Object value) {
        switch (oid) {
            case Oid.BOOL -> text.append(value);
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.OID, Oid.FLOAT4, Oid.FLOAT8, Oid.NUMERIC ->
                    text.append(PgType.of(oid).toText(value, style));
            default ->
                    text.append('\'')
                            .append(PgType.of(oid).toText(value, style).replace("'", "''"))
                            .append('\'');
        }
    }
}

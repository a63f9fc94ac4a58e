package io.heliosdb.replication;

import io.heliosdb.engine.TableShape;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.pg.type.TextStyle;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * The plugin {@code wal2json} in its format 2: one JSON object for each change, and for the begin
 * and the end of a transaction.
 *
 * @see <a href="https://github.com/eulerto/wal2json">wal2json</a>
 */
final class Wal2Json implements OutputPlugin {
    private static final Set<String> KNOWN =
            Set.of(
                    "format-version",
                    "include-xids",
                    "include-timestamp",
                    "include-lsn",
                    "include-transaction",
                    "include-types",
                    "include-schemas",
                    "include-pk",
                    "pretty-print");

    private final PublicationCatalog publications;
    private final TextStyle style;
    private final boolean withXids;
    private final boolean withTimes;
    private final boolean withLsns;
    private final boolean withTransactions;
    private final boolean withTypes;
    private final boolean withSchemas;
    private final boolean withKeys;

    Wal2Json(PluginOptions options, PublicationCatalog publications, TextStyle style) {
        this.publications = publications;
        this.style = style;
        for (String name : options.values().keySet()) {
            if (!KNOWN.contains(name)) {
                throw options.error(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "option \"" + name + "\" is not supported");
            }
        }
        if (options.number("format-version", 2) != 2) {
            throw options.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "wal2json's format 1 is not supported")
                    .withHint("Set the option \"format-version\" to 2.");
        }
        withXids = options.flag("include-xids", false);
        withTimes = options.flag("include-timestamp", false);
        withLsns = options.flag("include-lsn", false);
        withTransactions = options.flag("include-transaction", true);
        withTypes = options.flag("include-types", true);
        withSchemas = options.flag("include-schemas", true);
        withKeys = options.flag("include-pk", false);
    }

    @Override
    public boolean isBinary() {
        return false;
    }

    @Override
    public void write(DecodedTransaction transaction, ChangeSink out) {
        boolean isFramed =
                withTransactions
                        && transaction.changes().stream()
                                .anyMatch(change ->
                                        !(change instanceof LogicalChange.Message message)
                                                || message.isTransactional());
        if (isFramed) {
            frame("B", transaction, transaction.lsn(), out);
        }
        for (var change : transaction.changes()) {
            out.begin(transaction.lsn()).putUtf8(text(change, transaction));
            out.end();
        }
        if (isFramed) {
            frame("C", transaction, transaction.end(), out);
        }
    }

    private void frame(String action, DecodedTransaction transaction, Lsn lsn, ChangeSink out) {
        var text = begin(action, transaction);
        if (withLsns) {
            string(text.append(",\"lsn\":"), transaction.lsn().toString());
            string(text.append(",\"nextlsn\":"), transaction.end().toString());
        }
        out.begin(lsn).putUtf8(text.append('}'));
        out.end();
    }

    private StringBuilder begin(String action, DecodedTransaction transaction) {
        var text = new StringBuilder("{\"action\":\"").append(action).append('"');
        if (withXids) {
            text.append(",\"xid\":").append(Integer.toUnsignedLong(transaction.xid()));
        }
        if (withTimes) {
            var at = OffsetDateTime.ofInstant(transaction.committedAt(), ZoneOffset.UTC);
            string(text.append(",\"timestamp\":"), PgType.of(Oid.TIMESTAMPTZ).toText(at, style));
        }
        return text;
    }

    private StringBuilder text(LogicalChange change, DecodedTransaction transaction) {
        String action =
                switch (change) {
                    case LogicalChange.Insert _ -> "I";
                    case LogicalChange.Update _ -> "U";
                    case LogicalChange.Delete _ -> "D";
                    case LogicalChange.Truncate _ -> "T";
                    case LogicalChange.Message _ -> "M";
                };
        var text = begin(action, transaction);
        if (withLsns) {
            string(text.append(",\"lsn\":"), transaction.lsn().toString());
        }
        switch (change) {
            case LogicalChange.Insert(var table, var row) -> {
                name(text, table);
                columns(text, "columns", table, row, null);
                primaryKey(text, table);
            }
            case LogicalChange.Update(var table, var old, var row) -> {
                name(text, table);
                columns(text, "columns", table, row, null);
                columns(text, "identity", table, old, keys(table));
                primaryKey(text, table);
            }
            case LogicalChange.Delete(var table, var old) -> {
                name(text, table);
                columns(text, "identity", table, old, keys(table));
                primaryKey(text, table);
            }
            case LogicalChange.Truncate(var table, boolean _) -> name(text, table);
            case LogicalChange.Message(boolean isTransactional, var prefix, var content) -> {
                text.append(",\"transactional\":").append(isTransactional);
                string(text.append(",\"prefix\":"), prefix);
                string(text.append(",\"content\":"), new String(content, StandardCharsets.UTF_8));
            }
        }
        return text.append('}');
    }

    private IdentityKeys keys(TableShape table) {
        return IdentityKeys.of(table, publications.committed().identity(table.id()));
    }

    private void name(StringBuilder text, TableShape table) {
        if (withSchemas) {
            string(text.append(",\"schema\":"), table.id().schema());
        }
        string(text.append(",\"table\":"), table.id().name());
    }

    private void columns(
            StringBuilder text,
            String label,
            TableShape table,
            @Nullable Object[] row,
            @Nullable IdentityKeys keys) {
        if (keys != null && !keys.isAny()) {
            return;
        }
        text.append(",\"").append(label).append("\":[");
        String separator = "";
        for (int i = 0; i < row.length; i++) {
            if (keys != null && !keys.isKey()[i]) {
                continue;
            }
            var column = table.columns().get(i);
            string(text.append(separator).append("{\"name\":"), column.name());
            if (withTypes) {
                string(text.append(",\"type\":"), typeName(column));
            }
            value(text.append(",\"value\":"), column.oid(), row[i]);
            text.append('}');
            separator = ",";
        }
        text.append(']');
    }

    private void primaryKey(StringBuilder text, TableShape table) {
        if (!withKeys) {
            return;
        }
        text.append(",\"pk\":[");
        String separator = "";
        for (var column : table.columns()) {
            if (table.primaryKey().contains(column.name())) {
                string(text.append(separator).append("{\"name\":"), column.name());
                string(text.append(",\"type\":"), typeName(column));
                text.append('}');
                separator = ",";
            }
        }
        text.append(']');
    }

    private static String typeName(TableShape.ColumnShape column) {
        String name = PgType.of(column.oid()).displayName();
        int modifier = column.typeModifier() - Integer.BYTES;
        if (modifier < 0) {
            return name;
        }
        return switch (column.oid()) {
            case Oid.VARCHAR, Oid.BPCHAR -> name + '(' + modifier + ')';
            case Oid.NUMERIC -> name + '(' + (modifier >> 16) + ',' + (modifier & 0x7FF) + ')';
            default -> name;
        };
    }

    private void value(StringBuilder text, int oid, @Nullable Object value) {
        if (value == null) {
            text.append("null");
            return;
        }
        String printed = PgType.of(oid).toText(value, style);
        switch (oid) {
            case Oid.BOOL -> text.append(value);
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.FLOAT4, Oid.FLOAT8, Oid.NUMERIC -> {
                boolean isNumber = Character.isDigit(printed.charAt(printed.length() - 1));
                text.append(isNumber ? printed : "null");
            }
            case Oid.BYTEA ->
                    string(text, printed.startsWith("\\x") ? printed.substring(2) : printed);
            default -> string(text, printed);
        }
    }

    private static void string(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}

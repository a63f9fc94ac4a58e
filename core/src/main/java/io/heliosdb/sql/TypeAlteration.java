package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Reads ALTER TYPE of enumerations. The engine's types do not change: another takes the place of
 * the old one in all columns, and then its name.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-altertype.html">PostgreSQL: ALTER TYPE</a>
 */
final class TypeAlteration {
    private static final String TAG = "ALTER TYPE";
    private static final String NEXT = "helios_next_";

    private final Grammar grammar;
    private final Cursor cursor;
    private final int from;

    TypeAlteration(Grammar grammar, int from) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.from = from;
    }

    Statement alter() {
        cursor.requireWord("type");
        int at = cursor.at;
        TableName name = grammar.from.relationName();
        String target = grammar.edits.render(at, cursor.at);
        if (cursor.tryWords("owner", "to")) {
            cursor.nonReservedWord();
            return new Statement.Nothing(
                    grammar.source(from, cursor.at), grammar.tokens.starts[from], TAG);
        }
        if (cursor.tryWords("add", "value")) {
            return add(at, name);
        }
        if (cursor.tryWords("rename", "value")) {
            return renameValue(at, name);
        }
        if (cursor.tryWords("rename", "to")) {
            String to = cursor.columnId();
            return fixed(List.of("ALTER DOMAIN " + target + " RENAME TO " + Identifier.quote(to)));
        }
        return grammar.commands.unsupported(from, TAG);
    }

    private Statement add(int at, TableName name) {
        boolean ifNotExists = cursor.tryWord("if");
        if (ifNotExists) {
            cursor.requireWord("not");
            cursor.requireWord("exists");
        }
        String label = cursor.string();
        EnumLabels type = require(at, name);
        var labels = new ArrayList<>(type.labels());
        int place = labels.size();
        boolean isBefore = cursor.tryWord("before");
        if (isBefore || cursor.tryWord("after")) {
            place = index(labels, cursor.string()) + (isBefore ? 0 : 1);
        }
        if (labels.contains(label)) {
            if (ifNotExists) {
                return new Statement.Nothing(
                        grammar.source(from, cursor.at), grammar.tokens.starts[from], TAG);
            }
            throw exists(label);
        }
        labels.add(place, label);
        return replace(type, labels, column -> "");
    }

    private Statement renameValue(int at, TableName name) {
        String label = cursor.string();
        cursor.requireWord("to");
        String other = cursor.string();
        EnumLabels type = require(at, name);
        var labels = new ArrayList<>(type.labels());
        int index = index(labels, label);
        if (labels.contains(other)) {
            throw exists(other);
        }
        labels.set(index, other);
        return replace(
                type,
                labels,
                column ->
                        " USING CASE WHEN %1$s = %2$s THEN %3$s ELSE CAST(%1$s AS VARCHAR) END"
                                .formatted(column, Edits.string(label), Edits.string(other)));
    }

    private int index(List<String> labels, String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw cursor.error(
                    SqlState.INVALID_PARAMETER_VALUE,
                    '"' + label + "\" is not an existing enum label");
        }
        return index;
    }

    private RuntimeException exists(String label) {
        return cursor.error(
                SqlState.DUPLICATE_OBJECT, "enum label \"" + label + "\" already exists");
    }

    private EnumLabels require(int at, TableName name) {
        return grammar.schema
                .enumeration(name)
                .orElseThrow(() ->
                        grammar.tokens.error(
                                at,
                                SqlState.UNDEFINED_OBJECT,
                                "type \"" + name + "\" does not exist"));
    }

    private Statement replace(EnumLabels type, List<String> labels, UnaryOperator<String> using) {
        String schema = type.name().schema().map(each -> Identifier.quote(each) + '.').orElse("");
        String own = Identifier.quote(type.name().name());
        String next = schema + Identifier.quote(NEXT + type.name().name());
        var list = labels.stream().map(Edits::string).toList();
        var statements = new ArrayList<String>();
        statements.add("CREATE DOMAIN " + next + " AS ENUM(" + String.join(", ", list) + ')');
        for (EnumLabels.Use use : type.uses()) {
            String column = Identifier.quote(use.column());
            statements.add(
                    "ALTER TABLE "
                            + quoted(use.table())
                            + " ALTER COLUMN "
                            + column
                            + " SET DATA TYPE "
                            + next
                            + using.apply(column));
        }
        statements.add("DROP DOMAIN " + schema + own);
        statements.add("ALTER DOMAIN " + next + " RENAME TO " + own);
        return fixed(statements);
    }

    private static String quoted(TableName table) {
        Optional<String> schema = table.schema().map(Identifier::quote);
        return schema.map(each -> each + '.').orElse("") + Identifier.quote(table.name());
    }

    private Statement fixed(List<String> statements) {
        return grammar.commands.build(from, Kind.DDL, TAG, Shape.Fixed.all(statements), List.of());
    }
}

package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.plpgsql.BodyReader.Naming;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what stands between DECLARE and BEGIN.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-declarations.html">PostgreSQL:
 *     declarations</a>
 */
final class Declarations {
    private final BodyReader reader;
    private final BodyCursor cursor;

    Declarations(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
    }

    /** All declarations up to BEGIN. */
    List<Variable> read() {
        var declared = new ArrayList<Variable>();
        while (!cursor.isWord("begin")) {
            if (cursor.tryWord("declare")) {
                continue;
            }
            if (cursor.is("<<")) {
                throw cursor.error(
                        cursor.at, "block label must be placed before DECLARE, not after");
            }
            var variable = declaration();
            if (variable != null) {
                declared.add(variable);
            }
        }
        return List.copyOf(declared);
    }

    private @Nullable Variable declaration() {
        int at = cursor.at;
        String name = cursor.name();
        if (reader.scope.isDeclared(name)) {
            throw cursor.near("duplicate declaration", at);
        }
        if (cursor.isWord("alias") && cursor.isWord(cursor.at + 1, "for")) {
            cursor.at += 2;
            alias(name);
            return null;
        }
        boolean isConstant = cursor.tryWord("constant");
        Boolean isScroll = scroll();
        if (isScroll != null || cursor.isWord("cursor")) {
            cursor.requireWord("cursor");
            return boundCursor(name, isScroll);
        }
        var type = type();
        if (cursor.tryWord("collate")) {
            cursor.name();
        }
        int notNull = cursor.at;
        boolean isNotNull = cursor.isWord("not");
        if (isNotNull) {
            cursor.at++;
            cursor.requireWord("null");
        }
        Sql initial = null;
        if (cursor.trySymbol(":=") || cursor.trySymbol("=") || cursor.tryWord("default")) {
            initial = reader.sql.expression(reader.scope, ";");
        }
        if (isNotNull && initial == null) {
            throw cursor.error(
                    notNull,
                    SqlState.NULL_VALUE_NOT_ALLOWED,
                    "variable \""
                            + name
                            + "\" must have a default value, since it's declared NOT NULL");
        }
        cursor.require(";");
        return reader.add(
                new Naming(name, isConstant, isNotNull, cursor.line(at)), type, initial, null);
    }

    private void alias(String name) {
        int from = cursor.at;
        var target = reader.tryPlace();
        if (target == null || target.field() != null) {
            throw cursor.error(
                    from,
                    SqlState.UNDEFINED_OBJECT,
                    "variable \"" + cursor.text() + "\" does not exist");
        }
        cursor.require(";");
        reader.scope = reader.scope.with(name, target.variable());
    }

    @Nullable Boolean scroll() {
        if (cursor.isWord("no") && cursor.isWord(cursor.at + 1, "scroll")) {
            cursor.at += 2;
            return false;
        }
        return cursor.tryWord("scroll") ? true : null;
    }

    private Variable boundCursor(String name, @Nullable Boolean isScroll) {
        var outside = reader.scope;
        reader.scope = Scope.level(outside, Scope.Kind.BLOCK, null);
        var arguments = new ArrayList<Variable>();
        if (cursor.trySymbol("(")) {
            do {
                String argument = cursor.name();
                arguments.add(reader.add(Naming.of(argument), type(), null, null));
            } while (cursor.trySymbol(","));
            cursor.require(")");
        }
        if (!cursor.tryWord("for")) {
            cursor.requireWord("is");
        }
        var query = reader.sql.statement(reader.scope, ";");
        cursor.require(";");
        reader.scope = outside;
        return reader.add(
                Naming.of(name),
                BodyReader.scalar(BodyReader.REFCURSOR),
                null,
                new Variable.BoundCursor(query, List.copyOf(arguments), isScroll));
    }

    // ---- types

    /** A type, at its first word. */
    BodyType type() {
        int from = cursor.at;
        if (!cursor.isName(from)) {
            throw cursor.near("missing data type declaration", from);
        }
        int end = reader.nameEnd();
        if (cursor.is(end, "%")) {
            return typeOf(from, end);
        }
        String first = cursor.tokens.text(from);
        if (end == from + 1 && (first.equals("record") || first.equals("refcursor"))) {
            cursor.at++;
            return first.equals("record")
                    ? BodyType.RECORD
                    : BodyReader.scalar(BodyReader.REFCURSOR);
        }
        skipType();
        return named(from, end, cursor.at);
    }

    private BodyType typeOf(int from, int end) {
        var path = reader.path(from, end);
        cursor.at = end + 1;
        if (cursor.tryWord("rowtype")) {
            return new BodyType.RowOf(tableName(path));
        }
        cursor.requireWord("type");
        var found = reader.scope.find(path);
        if (found != null && found.variable().type() instanceof BodyType.AnyRow) {
            cursor.at = end;
            throw cursor.syntaxError();
        }
        if (found != null && found.used() == path.size()) {
            return found.variable().type();
        }
        if (path.size() == 1) {
            throw cursor.error(
                    from,
                    SqlState.UNDEFINED_OBJECT,
                    "type \"" + path.getFirst() + "\" does not exist");
        }
        return new BodyType.ColumnOf(tableName(path.subList(0, path.size() - 1)), path.getLast());
    }

    private BodyType named(int from, int end, int to) {
        SqlType type;
        try {
            type = SqlType.parse(cursor.between(from, to));
        } catch (PgException e) {
            int position = e.report().position();
            throw position == 0
                    ? e
                    : e.withPosition(
                            position + cursor.source.codePointCount(0, cursor.tokens.start(from)));
        }
        boolean isTable = type.oid() == 0 && !type.isArray() && end == to;
        return isTable
                ? new BodyType.RowOf(tableName(reader.path(from, end)))
                : BodyReader.scalar(type);
    }

    static TableName tableName(List<String> path) {
        return path.size() == 1
                ? new TableName(Optional.empty(), path.getFirst())
                : new TableName(Optional.of(path.get(path.size() - 2)), path.getLast());
    }

    /** A type ends where something starts that is none of its words. */
    private void skipType() {
        int depth = 0;
        for (int from = cursor.at; ; cursor.at++) {
            if (cursor.is("(") || cursor.is("[")) {
                depth++;
            } else if (cursor.is(")") || cursor.is("]")) {
                if (--depth < 0) {
                    return;
                }
            } else if (depth == 0 && endsType(from)) {
                return;
            }
            if (cursor.atEnd()) {
                throw cursor.near("incomplete data type declaration", cursor.at);
            }
        }
    }

    private boolean endsType(int from) {
        return cursor.is(";")
                || cursor.is(",")
                || cursor.is(":=")
                || cursor.is("=")
                || cursor.isWord("not")
                || cursor.isWord("default")
                || (cursor.isWord("collate") && cursor.at > from);
    }
}

package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.Copy.Place;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads COPY, with the options in parentheses and with those of older versions.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-copy.html">PostgreSQL: COPY</a>
 */
final class CopyGrammar {
    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    CopyGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** COPY, from its first word on. */
    Statement copy() {
        int from = cursor.at++;
        if (cursor.isPunctuation("(")) {
            return query(from);
        }
        var options = new ArrayList<CopyOption>();
        if (cursor.isWord("binary") && cursor.isColumnId(cursor.at + 1)) {
            options.add(format("binary"));
        }
        TableName table = grammar.from.relationName();
        List<String> columns = cursor.isPunctuation("(") ? columns() : List.of();
        boolean isFrom = cursor.tryWord("from");
        if (!isFrom) {
            cursor.requireWord("to");
        }
        Place place = place();
        if (cursor.isWord("using") || cursor.isWord("delimiters")) {
            int at = cursor.at;
            cursor.tryWord("using");
            cursor.requireWord("delimiters");
            options.add(word("delimiter", cursor.string(), at));
        }
        options(options);
        int whereAt = cursor.at;
        Optional<Engine> where =
                cursor.tryWord("where") ? Optional.of(condition()) : Optional.empty();
        if (where.isPresent() && !isFrom) {
            throw tokens.error(
                    whereAt, SqlState.SYNTAX_ERROR, "WHERE clause not allowed with COPY TO");
        }
        return new Statement.Copy(
                grammar.source(from, cursor.at),
                tokens.starts[from],
                isFrom,
                Optional.of(table),
                columns,
                Optional.empty(),
                place,
                List.copyOf(options),
                where);
    }

    private Statement query(int from) {
        cursor.requirePunctuation("(");
        Engine query = grammar.commands.engine();
        requireNoParameters(query);
        cursor.requirePunctuation(")");
        cursor.requireWord("to");
        Place place = place();
        var options = new ArrayList<CopyOption>();
        options(options);
        return new Statement.Copy(
                grammar.source(from, cursor.at),
                tokens.starts[from],
                false,
                Optional.empty(),
                List.of(),
                Optional.of(query),
                place,
                List.copyOf(options),
                Optional.empty());
    }

    private void requireNoParameters(Engine inner) {
        for (Facts.Site site : inner.tree().facts.sites) {
            throw tokens.error(
                    site.token(),
                    SqlState.UNDEFINED_PARAMETER,
                    "there is no parameter $" + site.number());
        }
    }

    private Place place() {
        boolean isProgram = cursor.tryWord("program");
        if (cursor.tryWord("stdin") || cursor.tryWord("stdout")) {
            if (isProgram) {
                throw new PgException(
                        SqlState.SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM");
            }
            return Place.CLIENT;
        }
        cursor.string();
        return isProgram ? Place.PROGRAM : Place.FILE;
    }

    /** The condition as a statement of its own, to be put into another one. */
    private Engine condition() {
        int from = cursor.at;
        grammar.push();
        try {
            grammar.expressions.expression();
            var condition =
                    grammar.commands.build(
                            from, Kind.SELECT, "SELECT", new Shape.Condition(), List.of());
            requireNoParameters(condition);
            return condition;
        } finally {
            grammar.pop();
        }
    }

    private List<String> columns() {
        cursor.requirePunctuation("(");
        List<String> names = names();
        cursor.requirePunctuation(")");
        return names;
    }

    private List<String> names() {
        var names = new ArrayList<String>();
        do {
            names.add(cursor.columnId());
        } while (cursor.tryPunctuation(","));
        return List.copyOf(names);
    }

    // ---- options

    private void options(List<CopyOption> options) {
        boolean with = cursor.tryWord("with");
        if (cursor.isPunctuation("(")) {
            cursor.at++;
            do {
                options.add(option());
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
            return;
        }
        int before = options.size();
        @Nullable CopyOption option = oldOption();
        while (option != null) {
            options.add(option);
            option = oldOption();
        }
        if (with && options.size() == before && cursor.isWord("with")) {
            throw cursor.syntaxError();
        }
    }

    private CopyOption option() {
        int at = cursor.at;
        String name = cursor.label();
        if (cursor.isPunctuation("(")) {
            cursor.at++;
            var list = new ArrayList<String>();
            do {
                list.add(value());
            } while (cursor.tryPunctuation(","));
            cursor.requirePunctuation(")");
            return list(name, list, at);
        }
        if (cursor.tryPunctuation("*")) {
            return list(name, CopyOption.ALL, at);
        }
        if (cursor.isPunctuation(",") || cursor.isPunctuation(")")) {
            return new CopyOption(name, Optional.empty(), Optional.empty(), position(at));
        }
        return word(name, value(), at);
    }

    /** A word, a string or a number. */
    private String value() {
        if (cursor.isPunctuation("-") || cursor.isPunctuation("+")) {
            String sign = tokens.texts[cursor.at++].equals("-") ? "-" : "";
            if (cursor.kind() != Token.INTEGER && cursor.kind() != Token.NUMBER) {
                throw cursor.syntaxError();
            }
            return sign + tokens.texts[cursor.at++];
        }
        return switch (cursor.kind()) {
            case STRING, INTEGER, NUMBER, QUOTED_NAME -> tokens.texts[cursor.at++];
            case WORD ->
                    cursor.isWord("true") || cursor.isWord("false") || cursor.isWord("on")
                            ? tokens.texts[cursor.at++]
                            : cursor.nonReservedWord();
            default -> throw cursor.syntaxError();
        };
    }

    private @Nullable CopyOption oldOption() {
        int at = cursor.at;
        if (cursor.kind() != Token.WORD) {
            return null;
        }
        return switch (cursor.text()) {
            case "binary", "csv" -> format(cursor.text());
            case "freeze", "header" -> {
                cursor.at++;
                yield word(tokens.texts[at], "true", at);
            }
            case "delimiter", "null", "quote", "escape" -> {
                cursor.at++;
                cursor.tryWord("as");
                yield word(tokens.texts[at], cursor.string(), at);
            }
            case "encoding" -> {
                cursor.at++;
                yield word("encoding", cursor.string(), at);
            }
            case "force" -> {
                cursor.at++;
                yield force(at);
            }
            default -> null;
        };
    }

    private CopyOption force(int at) {
        if (cursor.tryWord("quote")) {
            return list("force_quote", cursor.tryPunctuation("*") ? CopyOption.ALL : names(), at);
        }
        boolean not = cursor.tryWord("not");
        cursor.requireWord("null");
        return list(not ? "force_not_null" : "force_null", names(), at);
    }

    private CopyOption format(String name) {
        return word("format", name, cursor.at++);
    }

    private CopyOption word(String name, String value, int at) {
        return new CopyOption(name, Optional.of(value), Optional.empty(), position(at));
    }

    private CopyOption list(String name, List<String> names, int at) {
        return new CopyOption(
                name, Optional.empty(), Optional.of(List.copyOf(names)), position(at));
    }

    private int position(int token) {
        return Scanner.position(tokens.sql, tokens.starts[token]);
    }
}

package io.heliosdb.sql;

import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.TransactionModes.Isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads SET, SHOW, RESET and the modes of transactions.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-set.html">PostgreSQL: SET</a>
 */
final class SettingGrammar {
    private final Grammar grammar;
    private final Cursor cursor;

    SettingGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    Statement set() {
        int from = cursor.at++;
        boolean local = cursor.tryWord("local");
        boolean session =
                !local
                        && cursor.isWord("session")
                        && !isSettingName(1)
                        && cursor.tryWord("session");
        if (cursor.isWord("transaction") && !isSettingName(1)) {
            return transaction(from);
        }
        if (session && cursor.tryWord("characteristics")) {
            cursor.requireWord("as");
            cursor.requireWord("transaction");
            TransactionModes modes = requireModes();
            return new TransactionStatement.SetTransaction(source(from), offset(from), true, modes);
        }
        if (session && cursor.tryWord("authorization")) {
            List<String> role = authorization();
            return new Statement.Set(
                    source(from), offset(from), local, "session_authorization", role);
        }
        return setting(from, local);
    }

    private Statement transaction(int from) {
        cursor.at++;
        if (cursor.tryWord("snapshot")) {
            String snapshot = cursor.string();
            return new TransactionStatement.SetTransactionSnapshot(
                    source(from), offset(from), snapshot);
        }
        TransactionModes modes = requireModes();
        return new TransactionStatement.SetTransaction(source(from), offset(from), false, modes);
    }

    /** Whether what stands here is a setting that is called so, because TO or = follows. */
    private boolean isSettingName(int ahead) {
        return cursor.isWordAhead(ahead, "to")
                || cursor.isPunctuationAhead(ahead, "=")
                || cursor.isPunctuationAhead(ahead, ".");
    }

    private Statement setting(int from, boolean local) {
        String special = isSettingName(1) || cursor.kind() != Token.WORD ? "" : cursor.text();
        String name;
        List<String> values;
        switch (special) {
            case "time" -> {
                cursor.at++;
                cursor.requireWord("zone");
                name = "timezone";
                values = zone();
            }
            case "names" -> {
                cursor.at++;
                name = "client_encoding";
                values = encoding();
            }
            case "role" -> {
                cursor.at++;
                name = "role";
                values =
                        List.of(
                                cursor.kind() == Token.STRING
                                        ? cursor.string()
                                        : cursor.nonReservedWord());
            }
            case "schema" -> {
                cursor.at++;
                name = "search_path";
                values = List.of(cursor.string());
            }
            case "catalog" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "current database cannot be changed");
            case "constraints" -> {
                return constraints(from);
            }
            case "xml" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "SET XML OPTION is not supported");
            default -> {
                name = name();
                if (!cursor.tryWord("to") && !cursor.tryPunctuation("=")) {
                    throw cursor.syntaxError();
                }
                values = cursor.tryWord("default") ? List.of() : values();
            }
        }
        return new Statement.Set(source(from), offset(from), local, name, values);
    }

    private Statement constraints(int from) {
        cursor.at++;
        var names = new ArrayList<String>();
        if (!cursor.tryWord("all")) {
            do {
                names.add(cursor.tableName().name());
            } while (cursor.tryPunctuation(","));
        }
        boolean isDeferred = cursor.tryWord("deferred");
        if (!isDeferred) {
            cursor.requireWord("immediate");
        }
        return new Statement.SetConstraints(source(from), offset(from), names, isDeferred);
    }

    private List<String> authorization() {
        if (cursor.tryWord("default")) {
            return List.of();
        }
        return List.of(cursor.kind() == Token.STRING ? cursor.string() : cursor.nonReservedWord());
    }

    private List<String> encoding() {
        if (cursor.tryWord("default")) {
            return List.of();
        }
        return cursor.kind() == Token.STRING ? List.of(cursor.string()) : List.of();
    }

    private List<String> zone() {
        if (cursor.tryWord("default") || cursor.tryWord("local")) {
            return List.of();
        }
        if (cursor.tryWord("interval")) {
            String text = cursor.string();
            grammar.types.intervalFields();
            return List.of(text);
        }
        if (cursor.kind() == Token.STRING
                || cursor.kind() == Token.WORD
                || cursor.kind() == Token.QUOTED_NAME) {
            if (cursor.kind() == Token.WORD && Keyword.kind(cursor.text()) != null) {
                throw cursor.syntaxError();
            }
            return List.of(cursor.tokens.texts[cursor.at++]);
        }
        return List.of(number());
    }

    private String name() {
        var name = new StringBuilder(cursor.columnId());
        while (cursor.tryPunctuation(".")) {
            name.append('.').append(cursor.columnId());
        }
        return name.toString();
    }

    private List<String> values() {
        var values = new ArrayList<String>();
        do {
            values.add(value());
        } while (cursor.tryPunctuation(","));
        return values;
    }

    private String value() {
        return switch (cursor.kind()) {
            case STRING -> cursor.string();
            case WORD -> {
                String word = cursor.text();
                if (word.equals("true") || word.equals("false") || word.equals("on")) {
                    cursor.at++;
                    yield word;
                }
                yield cursor.nonReservedWord();
            }
            case QUOTED_NAME -> cursor.label();
            case INTEGER, NUMBER, OPERATOR -> number();
            default -> throw cursor.syntaxError();
        };
    }

    private String number() {
        boolean negative = cursor.isPunctuation("-");
        if (negative || cursor.isPunctuation("+")) {
            cursor.at++;
        }
        if (cursor.kind() != Token.INTEGER && cursor.kind() != Token.NUMBER) {
            throw cursor.syntaxError();
        }
        return (negative ? "-" : "") + cursor.tokens.texts[cursor.at++];
    }

    Statement show() {
        int from = cursor.at++;
        String name = nameOrSpecial();
        return new Statement.Show(source(from), offset(from), name);
    }

    Statement reset() {
        int from = cursor.at++;
        String name = nameOrSpecial();
        return new Statement.Reset(source(from), offset(from), name);
    }

    private String nameOrSpecial() {
        if (cursor.tryWord("all")) {
            return "all";
        }
        if (cursor.tryWords("time", "zone")) {
            return "timezone";
        }
        if (cursor.isWord("transaction") && cursor.isWordAhead(1, "isolation")) {
            cursor.at += 2;
            cursor.requireWord("level");
            return "transaction_isolation";
        }
        if (cursor.tryWords("session", "authorization")) {
            return "session_authorization";
        }
        return name();
    }

    // ---- transaction modes

    TransactionModes requireModes() {
        int from = cursor.at;
        TransactionModes modes = modes();
        if (cursor.at == from) {
            throw cursor.syntaxError();
        }
        return modes;
    }

    /** The modes of a transaction; commas between them are optional, as in PostgreSQL. */
    TransactionModes modes() {
        Optional<Isolation> isolation = Optional.empty();
        Optional<Boolean> readOnly = Optional.empty();
        Optional<Boolean> deferrable = Optional.empty();
        boolean first = true;
        while (true) {
            boolean comma = !first && cursor.tryPunctuation(",");
            if (cursor.tryWord("isolation")) {
                cursor.requireWord("level");
                isolation = Optional.of(isolation());
            } else if (cursor.tryWord("read")) {
                boolean only = cursor.tryWord("only");
                if (!only) {
                    cursor.requireWord("write");
                }
                readOnly = Optional.of(only);
            } else if (cursor.tryWord("deferrable")) {
                deferrable = Optional.of(true);
            } else if (cursor.tryWord("not")) {
                cursor.requireWord("deferrable");
                deferrable = Optional.of(false);
            } else {
                if (comma) {
                    throw cursor.syntaxError();
                }
                return new TransactionModes(isolation, readOnly, deferrable);
            }
            first = false;
        }
    }

    private Isolation isolation() {
        if (cursor.tryWord("read")) {
            if (cursor.tryWord("uncommitted")) {
                return Isolation.READ_UNCOMMITTED;
            }
            cursor.requireWord("committed");
            return Isolation.READ_COMMITTED;
        }
        if (cursor.tryWord("repeatable")) {
            cursor.requireWord("read");
            return Isolation.REPEATABLE_READ;
        }
        cursor.requireWord("serializable");
        return Isolation.SERIALIZABLE;
    }

    private String source(int from) {
        return grammar.source(from, cursor.at);
    }

    private int offset(int from) {
        return grammar.tokens.starts[from];
    }
}

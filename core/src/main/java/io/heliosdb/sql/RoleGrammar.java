package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads CREATE, ALTER and DROP of roles, users and groups.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-createrole.html">PostgreSQL: CREATE ROLE</a>
 */
final class RoleGrammar {
    private final Grammar grammar;
    private final Cursor cursor;

    RoleGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
    }

    /** After CREATE, at ROLE, USER or GROUP. */
    Statement create(int from) {
        boolean user = cursor.isWord("user");
        cursor.at++;
        String name = roleName();
        cursor.tryWord("with");
        RoleOptions given = options();
        RoleOptions options =
                new RoleOptions(
                        given.password(),
                        given.login().or(() -> Optional.of(user)),
                        given.superuser(),
                        given.replication(),
                        given.connectionLimit());
        return new Statement.CreateRole(
                grammar.source(from, cursor.at), grammar.tokens.starts[from], name, options);
    }

    /** After ALTER, at ROLE or USER. */
    Statement alter(int from) {
        cursor.at++;
        String name =
                cursor.isWord("current_user")
                                || cursor.isWord("session_user")
                                || cursor.isWord("current_role")
                        ? cursor.tokens.texts[cursor.at++]
                        : roleName();
        if (cursor.isWord("set")
                || cursor.isWord("reset")
                || cursor.isWord("in")
                || cursor.isWord("rename")) {
            throw cursor.error(
                    SqlState.FEATURE_NOT_SUPPORTED,
                    "ALTER ROLE … " + cursor.text().toUpperCase(Locale.ROOT) + " is not supported");
        }
        cursor.tryWord("with");
        RoleOptions options = options();
        return new Statement.AlterRole(
                grammar.source(from, cursor.at), grammar.tokens.starts[from], name, options);
    }

    /** After DROP, at ROLE, USER or GROUP. */
    Statement drop(int from) {
        cursor.at++;
        boolean ifExists = cursor.tryWords("if", "exists");
        List<String> names = new ArrayList<>();
        do {
            names.add(roleName());
        } while (cursor.tryPunctuation(","));
        return new Statement.DropRole(
                grammar.source(from, cursor.at),
                grammar.tokens.starts[from],
                ifExists,
                List.copyOf(names));
    }

    private String roleName() {
        if (cursor.isWord("public") || cursor.isWord("none")) {
            throw cursor.error(
                    new SqlState("42939"), "role name \"" + cursor.text() + "\" is reserved");
        }
        return cursor.nonReservedWord();
    }

    private RoleOptions options() {
        Optional<String> password = Optional.empty();
        Optional<Boolean> login = Optional.empty();
        Optional<Boolean> superuser = Optional.empty();
        Optional<Boolean> replication = Optional.empty();
        Optional<Integer> limit = Optional.empty();
        while (cursor.kind() == Token.WORD) {
            switch (cursor.text()) {
                case "encrypted", "password" -> {
                    if (cursor.tryWord("encrypted") && !cursor.isWord("password")) {
                        throw cursor.syntaxError();
                    }
                    cursor.at++;
                    password = Optional.of(cursor.tryWord("null") ? "" : cursor.string());
                }
                case "unencrypted" ->
                        throw cursor.error(
                                        SqlState.FEATURE_NOT_SUPPORTED,
                                        "UNENCRYPTED PASSWORD is no longer supported")
                                .withHint(
                                        "Remove UNENCRYPTED to store the password in encrypted form"
                                                + " instead.");
                case "login", "nologin" -> login = Optional.of(flag("login"));
                case "superuser", "nosuperuser" -> superuser = Optional.of(flag("superuser"));
                case "replication", "noreplication" ->
                        replication = Optional.of(flag("replication"));
                case "createdb",
                        "nocreatedb",
                        "createrole",
                        "nocreaterole",
                        "inherit",
                        "noinherit",
                        "bypassrls",
                        "nobypassrls" ->
                        cursor.at++;
                case "connection" -> {
                    cursor.at++;
                    cursor.requireWord("limit");
                    limit = Optional.of(integer());
                }
                case "valid" -> {
                    cursor.at++;
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "VALID UNTIL is not supported");
                }
                case "in", "role", "user", "admin", "sysid" ->
                        throw cursor.error(
                                SqlState.FEATURE_NOT_SUPPORTED,
                                "membership of roles is not supported");
                default -> throw unknownOption();
            }
        }
        return new RoleOptions(password, login, superuser, replication, limit);
    }

    private PgException unknownOption() {
        if (Keyword.kind(cursor.text()) == null) {
            return cursor.error(
                    SqlState.SYNTAX_ERROR, "unrecognized role option \"" + cursor.text() + '"');
        }
        return cursor.syntaxError();
    }

    private boolean flag(String name) {
        return cursor.tokens.texts[cursor.at++].equals(name);
    }

    private int integer() {
        boolean negative = cursor.tryPunctuation("-");
        if (cursor.kind() != Token.INTEGER) {
            throw cursor.syntaxError();
        }
        int value = Integer.parseInt(cursor.tokens.texts[cursor.at++]);
        return negative ? -value : value;
    }
}

package io.heliosdb.sql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Statement.DeclareCursor.Options;
import io.heliosdb.sql.Statement.Engine;
import io.heliosdb.sql.Statement.Engine.Kind;
import io.heliosdb.sql.Statement.Fetch.Direction;

import java.util.Optional;

/**
 * Reads DECLARE, FETCH, MOVE and CLOSE.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-declare.html">PostgreSQL: DECLARE</a>
 * @see <a href="https://www.postgresql.org/docs/15/sql-fetch.html">PostgreSQL: FETCH</a>
 */
final class CursorGrammar {
    private static final SqlState INVALID_CURSOR_DEFINITION = new SqlState("42P11");

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;

    CursorGrammar(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
    }

    /** DECLARE, from its first word on. */
    Statement declare() {
        int from = cursor.at++;
        String name = cursor.columnId();
        boolean binary = false;
        boolean scroll = false;
        boolean noScroll = false;
        boolean insensitive = false;
        boolean asensitive = false;
        while (!cursor.isWord("cursor")) {
            if (cursor.tryWords("no", "scroll")) {
                noScroll = true;
            } else if (cursor.tryWord("scroll")) {
                scroll = true;
            } else if (cursor.tryWord("binary")) {
                binary = true;
            } else if (cursor.tryWord("insensitive")) {
                insensitive = true;
            } else if (cursor.tryWord("asensitive")) {
                asensitive = true;
            } else {
                throw cursor.syntaxError();
            }
        }
        cursor.at++;
        boolean hold = cursor.tryWords("with", "hold");
        if (!hold && cursor.tryWord("without")) {
            cursor.requireWord("hold");
        }
        cursor.requireWord("for");
        Engine query = query();
        requireOne(scroll && noScroll, "SCROLL", "NO SCROLL");
        requireOne(insensitive && asensitive, "ASENSITIVE", "INSENSITIVE");
        requireReadOnly(query, hold, "DECLARE CURSOR WITH HOLD", "Holdable");
        requireReadOnly(query, scroll, "DECLARE SCROLL CURSOR", "Scrollable");
        boolean forward = noScroll || query.isWrite();
        return new Statement.DeclareCursor(
                source(from), offset(from), name, new Options(binary, !forward, hold), query);
    }

    private static void requireOne(boolean both, String first, String second) {
        if (both) {
            throw new PgException(
                    INVALID_CURSOR_DEFINITION, "cannot specify both " + first + " and " + second);
        }
    }

    private static void requireReadOnly(
            Engine query, boolean wanted, String command, String adjective) {
        if (wanted && query.isWrite()) {
            throw new PgException(
                            SqlState.FEATURE_NOT_SUPPORTED,
                            command + " ... FOR UPDATE is not supported")
                    .withDetail(adjective + " cursors must be READ ONLY.");
        }
    }

    /** A query and nothing that changes rows. */
    Engine query() {
        int from = cursor.at;
        if (!grammar.queries.startsQuery()) {
            throw cursor.syntaxError();
        }
        Engine query = grammar.commands.engine();
        if (query.kind() != Kind.SELECT) {
            throw tokens.syntaxError(from);
        }
        return query;
    }

    /** FETCH or MOVE, from its first word on. */
    Statement fetch() {
        int from = cursor.at;
        boolean isMove = tokens.texts[cursor.at++].equals("move");
        Direction direction = Direction.FORWARD;
        long count = 1;
        if (isSigned()) {
            count = signed();
        } else if (cursor.isWord("all") || namesDirection()) {
            String word = tokens.texts[cursor.at++];
            switch (word) {
                case "all" -> count = Statement.Fetch.ALL;
                case "prior" -> direction = Direction.BACKWARD;
                case "first" -> direction = Direction.ABSOLUTE;
                case "last" -> {
                    direction = Direction.ABSOLUTE;
                    count = -1;
                }
                case "absolute" -> {
                    direction = Direction.ABSOLUTE;
                    count = signed();
                }
                case "relative" -> {
                    direction = Direction.RELATIVE;
                    count = signed();
                }
                case "forward" -> count = several();
                case "backward" -> {
                    direction = Direction.BACKWARD;
                    count = several();
                }
                default -> {} // NEXT
            }
        }
        if (!cursor.tryWord("from")) {
            cursor.tryWord("in");
        }
        String name = cursor.columnId();
        return new Statement.Fetch(source(from), offset(from), name, direction, count, isMove);
    }

    /** A direction is a name too, where nothing follows it. */
    private boolean namesDirection() {
        if (cursor.kind() != Token.WORD) {
            return false;
        }
        return switch (cursor.text()) {
            case "next", "prior", "first", "last", "forward", "backward" -> isFollowed();
            case "absolute", "relative" -> isSigned(cursor.at + 1);
            default -> false;
        };
    }

    private boolean isFollowed() {
        int next = cursor.at + 1;
        return cursor.isColumnId(next)
                || isSigned(next)
                || cursor.isWordAhead(1, "from")
                || cursor.isWordAhead(1, "in")
                || cursor.isWordAhead(1, "all");
    }

    /** What may follow FORWARD and BACKWARD. */
    private long several() {
        if (cursor.tryWord("all")) {
            return Statement.Fetch.ALL;
        }
        return isSigned() ? signed() : 1;
    }

    private boolean isSigned() {
        return isSigned(cursor.at);
    }

    private boolean isSigned(int token) {
        boolean sign =
                token + 1 < tokens.count
                        && (tokens.texts[token].equals("-") || tokens.texts[token].equals("+"))
                        && tokens.kinds[token] != Token.QUOTED_NAME
                        && tokens.kinds[token] != Token.STRING;
        Token kind = tokens.kinds[sign ? token + 1 : token];
        return sign || kind == Token.INTEGER || kind == Token.NUMBER;
    }

    private int signed() {
        boolean negative = cursor.isPunctuation("-");
        if (negative || cursor.isPunctuation("+")) {
            cursor.at++;
        }
        if (cursor.kind() != Token.INTEGER) {
            throw cursor.syntaxError();
        }
        try {
            int number = Integer.parseInt(cursor.text());
            cursor.at++;
            return negative ? -number : number;
        } catch (NumberFormatException e) {
            throw cursor.syntaxError();
        }
    }

    /** CLOSE, from its first word on. */
    Statement close() {
        int from = cursor.at++;
        Optional<String> name =
                cursor.tryWord("all") ? Optional.empty() : Optional.of(cursor.columnId());
        return new Statement.CloseCursor(source(from), offset(from), name);
    }

    private String source(int from) {
        return grammar.source(from, cursor.at);
    }

    private int offset(int from) {
        return tokens.starts[from];
    }
}

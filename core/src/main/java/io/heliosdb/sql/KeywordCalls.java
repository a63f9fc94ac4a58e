package io.heliosdb.sql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the functions that have a grammar of their own (func_expr_common_subexpr): those whose
 * names are key words.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions.html">PostgreSQL: functions</a>
 */
final class KeywordCalls {
    /** Roles are settings of the session; the engine has one user for all. */
    private static final String SESSION_USER = "current_setting('session_authorization')";

    private static final String CURRENT_USER =
            "COALESCE(NULLIF(current_setting('role'), 'none'), " + SESSION_USER + ')';

    private final Grammar grammar;
    private final Cursor cursor;
    private final Tokens tokens;
    private final Edits edits;

    KeywordCalls(Grammar grammar) {
        this.grammar = grammar;
        this.cursor = grammar.cursor;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    /** A function whose name is a key word, or null where the word is none of them. */
    @Nullable Expression call(int from, String word) {
        boolean open = cursor.isPunctuationAhead(1, "(");
        return switch (word) {
            case "current_date" -> value(from, word, SqlType.named("date"));
            case "current_timestamp" -> precise(from, word, "CURRENT_TIMESTAMP", "timestamptz");
            case "current_time" -> precise(from, word, "CURRENT_TIME", "timetz");
            case "localtime" -> precise(from, word, "LOCALTIME", "time");
            case "localtimestamp" -> precise(from, word, "LOCALTIMESTAMP", "timestamp");
            case "current_user", "session_user", "current_role", "user" -> {
                edits.replace(from, word.equals("session_user") ? SESSION_USER : CURRENT_USER);
                yield value(from, word, SqlType.named("name"));
            }
            case "current_catalog" -> {
                edits.replace(from, "helios_current_database()");
                yield value(from, word, SqlType.named("name"));
            }
            case "current_schema" -> {
                Expression schema = value(from, word, SqlType.named("name"));
                if (open) {
                    cursor.at++;
                    cursor.requirePunctuation(")");
                    edits.remove(from + 1, cursor.at);
                }
                yield schema.spanning(from, cursor.at);
            }
            case "cast" -> cast(from);
            default -> open ? openCall(from, word) : null;
        };
    }

    private @Nullable Expression openCall(int from, String word) {
        return switch (word) {
            case "coalesce", "greatest", "least" -> {
                cursor.at += 2;
                List<Expression> list = list().stream().map(grammar::resolved).toList();
                grammar.facts.alike(list);
                yield new Expression(from, cursor.at, Form.OTHER, word, 2, common(list));
            }
            case "nullif" -> {
                cursor.at += 2;
                Expression left = grammar.expressions.expression();
                cursor.requirePunctuation(",");
                Expression right = grammar.expressions.expression();
                cursor.requirePunctuation(")");
                grammar.facts.alike(List.of(left, right));
                yield new Expression(from, cursor.at, Form.OTHER, word, 2, left.type());
            }
            case "grouping" -> {
                cursor.at += 2;
                list();
                yield Expression.named(from, cursor.at, word);
            }
            case "extract" -> extract(from);
            case "position" -> position(from);
            case "substring" -> substring(from);
            case "overlay" -> overlay(from);
            case "trim" -> trim(from);
            case "normalize" -> normalize(from);
            case "treat",
                    "xmlconcat",
                    "xmlelement",
                    "xmlexists",
                    "xmlforest",
                    "xmlparse",
                    "xmlpi",
                    "xmlroot",
                    "xmlserialize" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, word + "() is not supported");
            default -> null;
        };
    }

    private Expression value(int from, String label, @Nullable SqlType type) {
        cursor.at = from + 1;
        return new Expression(from, cursor.at, Form.CONSTANT, label, 2, type);
    }

    private Expression precise(int from, String label, String engine, String type) {
        cursor.at = from + 1;
        int precision = 6;
        if (cursor.tryPunctuation("(")) {
            if (cursor.kind() != Token.INTEGER) {
                throw cursor.syntaxError();
            }
            precision = Math.min(Integer.parseInt(tokens.texts[cursor.at++]), 6);
            cursor.requirePunctuation(")");
        }
        edits.fix(from, cursor.at, engine + '(' + precision + ')');
        return new Expression(from, cursor.at, Form.CONSTANT, label, 2, SqlType.named(type));
    }

    private List<Expression> list() {
        var list = new ArrayList<Expression>();
        do {
            list.add(grammar.expressions.expression());
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return list;
    }

    /** The one type that all have whose type is known; null where they differ. */
    private static @Nullable SqlType common(List<Expression> list) {
        SqlType common = null;
        for (Expression expression : list) {
            SqlType type = expression.type();
            boolean open = expression.is(Form.PARAMETER) || expression.is(Form.NULL);
            if (open || expression.is(Form.STRING)) {
                continue;
            }
            if (type == null || (common != null && common.oid() != type.oid())) {
                return null;
            }
            common = type;
        }
        return common;
    }

    private Expression cast(int from) {
        cursor.at++;
        cursor.requirePunctuation("(");
        Expression operand = grammar.expressions.expression();
        int mark = cursor.at;
        cursor.requireWord("as");
        int typeFrom = cursor.at;
        SqlType type = grammar.types.type();
        int typeTo = cursor.at;
        cursor.requirePunctuation(")");
        Casts.cast(grammar, operand, operand.from(), mark, typeFrom, typeTo, type);
        edits.remove(from, from + 1);
        return Casts.result(operand, from, cursor.at, type);
    }

    private Expression extract(int from) {
        cursor.at += 2;
        int field = cursor.at;
        if (cursor.kind() == Token.STRING) {
            edits.replace(field, field(field));
            cursor.at++;
        } else {
            cursor.label();
        }
        cursor.requireWord("from");
        Expression source = grammar.expressions.expression();
        cursor.requirePunctuation(")");
        String word = tokens.texts[field].toLowerCase(Locale.ROOT);
        edits.before(from, "helios_numeric(");
        edits.after(cursor.at - 1, fraction(word, source) + digits(word) + ')');
        return new Expression(from, cursor.at, Form.OTHER, "extract", 2, SqlType.named("numeric"));
    }

    /** What is to be added to a part of a moment: the engine's seconds are whole. */
    String fraction(String field, Expression source) {
        String micros =
                "EXTRACT(MICROSECOND FROM " + edits.copyOf(source.from(), source.to()) + ')';
        if (field.startsWith("second")) {
            return " + " + micros + " * 0.000001";
        }
        String seconds = "EXTRACT(SECOND FROM " + edits.copyOf(source.from(), source.to()) + ')';
        if (field.startsWith("millisecond")) {
            return " * 0 + " + seconds + " * 1000 + " + micros + " * 0.001";
        }
        return field.startsWith("microsecond") ? " + " + seconds + " * 1000000" : "";
    }

    private static String digits(String field) {
        if (field.startsWith("millisecond")) {
            return ", 40, 3";
        }
        return field.startsWith("second") || field.equals("epoch") ? ", 40, 6" : "";
    }

    private Expression position(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_position");
        text(grammar.expressions.restricted());
        edits.replace(cursor.at, ",");
        cursor.requireWord("in");
        text(grammar.expressions.restricted());
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "position", 2, SqlType.INT4);
    }

    private Expression substring(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_substring");
        text(grammar.expressions.expression());
        if (cursor.isPunctuation(",")) {
            while (cursor.tryPunctuation(",")) {
                number(grammar.expressions.expression());
            }
        } else {
            boolean start = cursor.isWord("from");
            if (start) {
                edits.replace(cursor.at++, ",");
                number(grammar.expressions.expression());
            }
            if (cursor.isWord("for")) {
                edits.replace(cursor.at++, start ? "," : ", 1,");
                number(grammar.expressions.expression());
            }
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "substring", 2, SqlType.TEXT);
    }

    private void text(Expression argument) {
        declare(argument, Oid.TEXT);
    }

    private void number(Expression argument) {
        declare(argument, Oid.INT4);
    }

    private void declare(Expression argument, int oid) {
        if (argument.is(Form.PARAMETER)) {
            grammar.facts.declare(argument.from(), Facts.Place.EXPRESSION, oid);
        }
    }

    private Expression overlay(int from) {
        cursor.at += 2;
        edits.replace(from, "helios_overlay");
        text(grammar.expressions.expression());
        edits.replace(cursor.at, ",");
        cursor.requireWord("placing");
        text(grammar.expressions.expression());
        edits.replace(cursor.at, ",");
        cursor.requireWord("from");
        number(grammar.expressions.expression());
        if (cursor.isWord("for")) {
            edits.replace(cursor.at++, ",");
            number(grammar.expressions.expression());
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, "overlay", 2, SqlType.TEXT);
    }

    private Expression trim(int from) {
        cursor.at += 2;
        String label =
                cursor.isWord("leading") ? "ltrim" : cursor.isWord("trailing") ? "rtrim" : "btrim";
        boolean side =
                cursor.tryWord("leading") || cursor.tryWord("trailing") || cursor.tryWord("both");
        if (!cursor.isWord("from")) {
            grammar.expressions.expression();
        }
        if (cursor.tryWord("from")) {
            grammar.expressions.expression();
        } else if (cursor.isPunctuation(",")) {
            // TRIM(text, characters) is PostgreSQL's own form, as in BTRIM.
            edits.replace(from, side ? label.toUpperCase(Locale.ROOT) : "BTRIM");
            if (side) {
                edits.remove(from + 2, from + 3);
            }
            while (cursor.tryPunctuation(",")) {
                grammar.expressions.expression();
            }
        }
        cursor.requirePunctuation(")");
        return new Expression(from, cursor.at, Form.OTHER, label, 2, SqlType.TEXT);
    }

    /** NORMALIZE of a text, by default in the form NFC. */
    private Expression normalize(int from) {
        edits.replace(cursor.at++, "helios_normalize");
        cursor.requirePunctuation("(");
        grammar.expressions.expression();
        if (cursor.tryPunctuation(",")) {
            int form = cursor.at;
            edits.replace(form, Edits.string(cursor.label()));
        } else {
            edits.before(cursor.at, ", 'NFC'");
        }
        cursor.requirePunctuation(")");
        return Expression.named(from, cursor.at, "normalize").withType(SqlType.TEXT);
    }

    /** The name of a part of a moment, as EXTRACT takes it. */
    String field(int token) {
        String field = tokens.texts[token].toLowerCase(Locale.ROOT);
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) < 'a' || field.charAt(i) > 'z') {
                throw tokens.error(
                        token,
                        SqlState.INVALID_PARAMETER_VALUE,
                        "unit \""
                                + tokens.texts[token]
                                + "\" not recognized for type timestamp with time zone");
            }
        }
        return field;
    }
}

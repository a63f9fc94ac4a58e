package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Token;
import io.heliosdb.trigger.plpgsql.Instruction.Condition;
import io.heliosdb.trigger.plpgsql.Instruction.DiagnosticsItem;
import io.heliosdb.trigger.plpgsql.Instruction.DiagnosticsValue;
import io.heliosdb.trigger.plpgsql.Instruction.Handler;
import io.heliosdb.trigger.plpgsql.Instruction.RaiseOption;
import io.heliosdb.trigger.plpgsql.Instruction.RaiseSetting;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads RAISE, ASSERT, EXCEPTION and GET DIAGNOSTICS.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-errors-and-messages.html">PostgreSQL:
 *     errors and messages</a>
 */
final class Raises {
    private static final Pattern STATE = Pattern.compile("[0-9A-Z]{5}");

    private final BodyReader reader;
    private final BodyCursor cursor;

    Raises(BodyReader reader) {
        this.reader = reader;
        this.cursor = reader.cursor;
    }

    // ---- EXCEPTION

    /** What follows EXCEPTION. */
    Instruction.Handlers handlers() {
        var outside = reader.scope;
        var state = reader.hidden("sqlstate", BodyReader.scalar(SqlType.TEXT));
        var message = reader.hidden("sqlerrm", BodyReader.scalar(SqlType.TEXT));
        var list = new ArrayList<Handler>();
        do {
            cursor.requireWord("when");
            var conditions = new ArrayList<Condition>();
            do {
                conditions.addAll(condition());
            } while (cursor.tryWord("or"));
            cursor.requireWord("then");
            list.add(new Handler(List.copyOf(conditions), reader.statements.statements()));
        } while (cursor.isWord("when"));
        reader.scope = outside;
        return new Instruction.Handlers(state, message, List.copyOf(list));
    }

    private List<Condition> condition() {
        int at = cursor.at;
        String name = cursor.anyName();
        if (name.equals("sqlstate")) {
            return List.of(new Condition(state()));
        }
        if (name.equals("others")) {
            return List.of(Condition.OTHERS);
        }
        cursor.at = at;
        return requireStates(name, at).stream().map(Condition::new).toList();
    }

    private String state() {
        String state = cursor.string();
        if (!STATE.matcher(state).matches()) {
            throw cursor.error(cursor.at - 1, "invalid SQLSTATE code");
        }
        return state;
    }

    private List<String> requireStates(String name, int at) {
        var states = ConditionNames.states(name);
        if (states == null) {
            throw new PgException(
                    SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + name + '"');
        }
        cursor.at = at + 1;
        return states;
    }

    // ---- RAISE

    Instruction raise(int line) {
        int start = cursor.at++;
        var severity = severity();
        String condition = null;
        String name = null;
        String format = null;
        var arguments = new ArrayList<Sql>();
        if (cursor.tokens.kind(cursor.at) == Token.STRING) {
            format = cursor.string();
            while (cursor.trySymbol(",")) {
                arguments.add(reader.sql.expression(reader.scope, ",", ";", "using"));
            }
        } else if (!cursor.is(";") && !cursor.isWord("using")) {
            int at = cursor.at;
            name = cursor.anyName();
            if (name.equals("sqlstate")) {
                condition = state();
                name = condition;
            } else {
                condition = requireStates(name, at).getFirst();
            }
        }
        var settings = cursor.tryWord("using") ? settings() : List.<RaiseSetting>of();
        if (format != null) {
            int end = cursor.at;
            cursor.at = start;
            requireArguments(format, arguments.size());
            cursor.at = end;
        }
        cursor.require(";");
        return new Instruction.Raise(
                line, severity, condition, name, format, List.copyOf(arguments), settings);
    }

    private Severity severity() {
        if (cursor.tokens.kind(cursor.at) != Token.WORD) {
            return Severity.ERROR;
        }
        Severity severity =
                switch (cursor.text()) {
                    case "exception" -> Severity.ERROR;
                    case "warning" -> Severity.WARNING;
                    case "notice" -> Severity.NOTICE;
                    case "info" -> Severity.INFO;
                    case "log" -> Severity.LOG;
                    case "debug" -> Severity.DEBUG;
                    default -> null;
                };
        if (severity == null) {
            return Severity.ERROR;
        }
        cursor.at++;
        return severity;
    }

    private static void requireArguments(String format, int given) {
        int wanted = 0;
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) == '%') {
                if (i + 1 < format.length() && format.charAt(i + 1) == '%') {
                    i++;
                } else {
                    wanted++;
                }
            }
        }
        if (wanted != given) {
            throw new PgException(
                    SqlState.SYNTAX_ERROR,
                    wanted > given
                            ? "too few parameters specified for RAISE"
                            : "too many parameters specified for RAISE");
        }
    }

    private List<RaiseSetting> settings() {
        var settings = new ArrayList<RaiseSetting>();
        do {
            int at = cursor.at;
            String name = cursor.anyName().toUpperCase(Locale.ROOT);
            var option =
                    Arrays.stream(RaiseOption.values())
                            .filter(known -> known.name().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () -> cursor.near("unrecognized RAISE statement option", at));
            if (!cursor.trySymbol(":=")) {
                cursor.require("=");
            }
            settings.add(new RaiseSetting(option, reader.sql.expression(reader.scope, ",", ";")));
        } while (cursor.trySymbol(","));
        return List.copyOf(settings);
    }

    // ---- ASSERT

    Instruction assertion(int line) {
        cursor.at++;
        var condition = reader.sql.expression(reader.scope, ",", ";");
        Sql message = null;
        if (cursor.trySymbol(",")) {
            message = reader.sql.expression(reader.scope, ";");
        }
        cursor.require(";");
        return new Instruction.Assert(line, condition, message);
    }

    // ---- GET DIAGNOSTICS

    Instruction diagnostics(int line) {
        cursor.at++;
        boolean isStacked = cursor.tryWord("stacked");
        if (!isStacked) {
            cursor.tryWord("current");
        }
        cursor.requireWord("diagnostics");
        var values = new ArrayList<DiagnosticsValue>();
        do {
            var target = reader.place();
            if (!cursor.trySymbol(":=")) {
                cursor.require("=");
            }
            values.add(new DiagnosticsValue(target, item(isStacked)));
        } while (cursor.trySymbol(","));
        cursor.require(";");
        return new Instruction.Diagnostics(line, isStacked, List.copyOf(values));
    }

    private DiagnosticsItem item(boolean isStacked) {
        int at = cursor.at;
        String word = cursor.anyName();
        DiagnosticsItem item = named(word);
        if (item == null) {
            throw cursor.near("unrecognized GET DIAGNOSTICS item", at);
        }
        boolean isCurrent = item == DiagnosticsItem.ROW_COUNT || item == DiagnosticsItem.PG_CONTEXT;
        if (isCurrent == isStacked) {
            throw cursor.error(
                    at,
                    "diagnostics item "
                            + item
                            + " is not allowed in GET "
                            + (isStacked ? "STACKED" : "CURRENT")
                            + " DIAGNOSTICS");
        }
        return item;
    }

    private static @Nullable DiagnosticsItem named(String word) {
        String name = word.equals("result_oid") ? "" : word.toUpperCase(Locale.ROOT);
        return Arrays.stream(DiagnosticsItem.values())
                .filter(item -> item.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}

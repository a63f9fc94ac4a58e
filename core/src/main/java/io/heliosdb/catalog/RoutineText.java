package io.heliosdb.catalog;

import io.heliosdb.pg.Identifier;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Locale;

/** Functions and procedures as CREATE statements, in the words and the order of PostgreSQL. */
final class RoutineText {
    private static final String TABLE = "t";

    private static final double USUAL_COST = 100;
    private static final double USUAL_ROWS = 1000;

    private RoutineText() {}

    static String language(Routine routine) {
        return switch ((int) routine.language()) {
            case 12 -> "internal";
            case 13 -> "c";
            case 14 -> "sql";
            default -> "plpgsql";
        };
    }

    /** The statement that creates it. */
    static String of(Context context, Routine routine) {
        boolean isProcedure = routine.kind().equals("p");
        String schema = String.valueOf(context.model().namespaceName(routine.namespace()));
        var text = new StringBuilder("CREATE OR REPLACE ");
        text.append(isProcedure ? "PROCEDURE " : "FUNCTION ")
                .append(Identifier.quoteWhereNeeded(schema))
                .append('.')
                .append(Identifier.quoteWhereNeeded(routine.name()))
                .append('(')
                .append(arguments(context, routine, false))
                .append(")\n");
        if (!isProcedure) {
            text.append(" RETURNS ").append(result(context, routine)).append('\n');
        }
        text.append(" LANGUAGE ").append(language(routine)).append('\n');
        String options = options(routine);
        if (!options.isEmpty()) {
            text.append(options).append('\n');
        }
        for (String setting : routine.settings()) {
            text.append(" SET ").append(setting(setting)).append('\n');
        }
        text.append("AS ");
        String tag = tag(isProcedure ? "procedure" : "function", routine.source());
        return text.append(tag).append(routine.source()).append(tag).append('\n').toString();
    }

    private static String tag(String word, String body) {
        String tag = '$' + word;
        while (body.contains(tag + '$')) {
            tag += 'x';
        }
        return tag + '$';
    }

    private static String options(Routine routine) {
        var text = new StringBuilder();
        text.append(routine.volatility().equals("i") ? " IMMUTABLE" : "");
        text.append(routine.volatility().equals("s") ? " STABLE" : "");
        text.append(routine.parallel().equals("s") ? " PARALLEL SAFE" : "");
        text.append(routine.parallel().equals("r") ? " PARALLEL RESTRICTED" : "");
        text.append(routine.isStrict() ? " STRICT" : "");
        text.append(routine.isDefiner() ? " SECURITY DEFINER" : "");
        text.append(routine.isLeakproof() ? " LEAKPROOF" : "");
        boolean isOwn = routine.language() > 13;
        if (routine.cost() != (isOwn ? USUAL_COST : 1)) {
            text.append(" COST ").append(number(routine.cost()));
        }
        if (routine.isSet() && routine.rows() != USUAL_ROWS && routine.rows() > 0) {
            text.append(" ROWS ").append(number(routine.rows()));
        }
        return text.toString();
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String setting(String pair) {
        int equals = pair.indexOf('=');
        String name = pair.substring(0, equals);
        String value = pair.substring(equals + 1).replace("'", "''");
        return Identifier.quoteWhereNeeded(name) + " TO '" + value + '\'';
    }

    /** What it returns; null for a procedure. */
    static @Nullable String result(Context context, Routine routine) {
        if (routine.kind().equals("p")) {
            return null;
        }
        if (!routine.modes().contains(TABLE)) {
            String type = new Names(context).typeText(routine.resultType());
            return (routine.isSet() ? "SETOF " : "") + type;
        }
        var columns = new ArrayList<String>();
        for (int i = 0; i < routine.modes().size(); i++) {
            if (routine.mode(i).equals(TABLE)) {
                columns.add(parameter(context, routine, i, ""));
            }
        }
        return "TABLE(" + String.join(", ", columns) + ')';
    }

    /**
     * Its parameters.
     *
     * @param isIdentity whether only what tells it from others of its name is said
     */
    static String arguments(Context context, Routine routine, boolean isIdentity) {
        var list = new ArrayList<String>();
        for (int i = 0; i < routine.parameterTypes().size(); i++) {
            String mode = routine.mode(i);
            if (mode.equals(TABLE) || (isIdentity && mode.equals("o"))) {
                continue;
            }
            String text = parameter(context, routine, i, word(routine, mode));
            String value = isIdentity ? null : defaultOf(context, routine, i);
            list.add(value == null ? text : text + " DEFAULT " + value);
        }
        return String.join(", ", list);
    }

    private static String word(Routine routine, String mode) {
        return switch (mode) {
            case "o" -> "OUT ";
            case "b" -> "INOUT ";
            case "v" -> "VARIADIC ";
            default -> routine.kind().equals("p") ? "IN " : "";
        };
    }

    private static String parameter(Context context, Routine routine, int i, String mode) {
        String name = i < routine.names().size() ? routine.names().get(i) : null;
        return mode
                + (name == null || name.isEmpty() ? "" : Identifier.quoteWhereNeeded(name) + ' ')
                + new Names(context).typeText(routine.parameterTypes().get(i));
    }

    /** What stands for a parameter, counted from 0, where a call leaves it out. */
    static @Nullable String defaultOf(Context context, Routine routine, int parameter) {
        int input = -1;
        for (int i = 0; i <= parameter && i < routine.parameterTypes().size(); i++) {
            boolean isInput = !routine.mode(i).equals("o") && !routine.mode(i).equals(TABLE);
            input += isInput ? 1 : 0;
            if (i == parameter && !isInput) {
                return null;
            }
        }
        if (routine.defaults() == 0 || parameter < 0 || input < 0) {
            return null;
        }
        var all = context.host().routineDefaults(routine.oid());
        int at = input - (routine.argumentTypes().size() - routine.defaults());
        if (at < 0 || at >= all.size() || parameter >= routine.parameterTypes().size()) {
            return null;
        }
        String type = new Names(context).typeText(routine.parameterTypes().get(parameter));
        return typed(all.get(at).strip(), type);
    }

    /** A constant without a type is shown with that of its parameter. */
    private static String typed(String text, String type) {
        boolean isString = text.matches("'(?:[^']|'')*'");
        boolean isNull = text.toLowerCase(Locale.ROOT).equals("null");
        return isString || isNull ? (isNull ? "NULL" : text) + "::" + type : text;
    }
}

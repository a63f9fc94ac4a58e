package io.heliosdb.sql;

import io.heliosdb.pg.Oid;

/**
 * Takes parameters of the type void out of a statement's calls, which is PostgreSQL's help for
 * JDBC: what a program writes as {@code {? = call f(?)}} reaches the server as {@code f($1, $2)},
 * where the first parameter stands for the result and has that type.
 */
public final class VoidArguments {
    private VoidArguments() {}

    /**
     * A statement without its arguments of the type void; every other character keeps its place.
     *
     * @param sql the statement
     * @param parameterOids the types that the client gives its parameters
     * @return the statement to be parsed
     */
    public static String removed(String sql, int[] parameterOids) {
        for (int oid : parameterOids) {
            if (oid == Oid.VOID) {
                return removeFrom(sql, parameterOids);
            }
        }
        return sql;
    }

    private static String removeFrom(String sql, int[] parameterOids) {
        Tokens tokens = Scanner.scan(sql);
        var text = new StringBuilder(sql);
        for (int i = 1; i + 1 < tokens.count; i++) {
            if (tokens.kinds[i] != Token.PARAMETER || !isVoid(tokens.texts[i], parameterOids)) {
                continue;
            }
            boolean isFirst = tokens.texts[i - 1].equals("(");
            boolean isLast = tokens.texts[i + 1].equals(")");
            if (isFirst && isLast) {
                blank(text, tokens.starts[i], tokens.ends[i]);
            } else if (tokens.texts[i + 1].equals(",") && (isFirst || isComma(tokens, i - 1))) {
                blank(text, tokens.starts[i], tokens.ends[i + 1]);
            } else if (isLast && isComma(tokens, i - 1)) {
                blank(text, tokens.starts[i - 1], tokens.ends[i]);
            }
        }
        return text.toString();
    }

    private static boolean isComma(Tokens tokens, int token) {
        return tokens.texts[token].equals(",");
    }

    private static boolean isVoid(String number, int[] parameterOids) {
        if (number.length() > 5) {
            return false;
        }
        int index = Integer.parseInt(number) - 1;
        return index >= 0 && index < parameterOids.length && parameterOids[index] == Oid.VOID;
    }

    private static void blank(StringBuilder text, int start, int end) {
        for (int i = start; i < end; i++) {
            text.setCharAt(i, ' ');
        }
    }
}

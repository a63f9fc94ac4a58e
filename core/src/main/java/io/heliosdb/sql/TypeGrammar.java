package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads type names and has the engine's words stand in their place. */
final class TypeGrammar {
    private final Cursor cursor;
    private final Edits edits;

    TypeGrammar(Cursor cursor, Edits edits) {
        this.cursor = cursor;
        this.edits = edits;
    }

    /** A type with its array bounds. */
    SqlType type() {
        int from = cursor.at;
        cursor.tryWord("setof");
        SqlType type = simple();
        type = bounds(type);
        edits.fix(from, cursor.at, type.engine());
        return type;
    }

    /** A type without array bounds; the tokens keep their text. */
    SqlType simple() {
        if (cursor.kind() == Token.WORD) {
            SqlType known = keywordType(cursor.text());
            if (known != null) {
                return known;
            }
        }
        return generic();
    }

    private SqlType bounds(SqlType type) {
        boolean array = false;
        if (cursor.tryWord("array")) {
            array = true;
            if (cursor.tryPunctuation("[")) {
                integer();
                cursor.requirePunctuation("]");
            }
        } else {
            while (cursor.tryPunctuation("[")) {
                array = true;
                if (cursor.kind() == Token.INTEGER) {
                    cursor.at++;
                }
                cursor.requirePunctuation("]");
            }
        }
        return array ? type.array() : type;
    }

    private @Nullable SqlType keywordType(String word) {
        return switch (word) {
            case "int", "integer", "smallint", "bigint", "real", "boolean" -> {
                cursor.at++;
                yield SqlType.named(word);
            }
            case "float" -> {
                cursor.at++;
                yield floating();
            }
            case "double" -> {
                if (!cursor.isWordAhead(1, "precision")) {
                    yield null;
                }
                cursor.at += 2;
                yield SqlType.named("float8");
            }
            case "decimal", "dec", "numeric" -> {
                cursor.at++;
                yield numeric(SqlType.named("numeric"));
            }
            case "character", "char", "varchar", "national", "nchar" -> character();
            case "bit" ->
                    throw cursor.error(
                            SqlState.FEATURE_NOT_SUPPORTED, "bit strings are not supported");
            case "time", "timestamp" -> {
                cursor.at++;
                yield datetime(word);
            }
            case "interval" -> {
                cursor.at++;
                yield interval();
            }
            default -> null;
        };
    }

    private SqlType floating() {
        int bits = 53;
        if (cursor.isPunctuation("(")) {
            int at = cursor.at + 1;
            bits = modifiers(1).getFirst();
            if (bits < 1 || bits > 53) {
                throw cursor.tokens.error(
                        at,
                        SqlState.INVALID_PARAMETER_VALUE,
                        bits < 1
                                ? "precision for type float must be at least 1 bit"
                                : "precision for type float must be less than 54 bits");
            }
        }
        return SqlType.named(bits <= 24 ? "float4" : "float8");
    }

    private SqlType numeric(SqlType type) {
        if (!cursor.isPunctuation("(")) {
            return type;
        }
        int at = cursor.at + 1;
        List<Integer> modifiers = modifiers(2);
        int precision = modifiers.get(0);
        int scale = modifiers.size() > 1 ? modifiers.get(1) : 0;
        if (precision < 1 || precision > 1000) {
            throw cursor.tokens.error(
                    at,
                    SqlState.INVALID_PARAMETER_VALUE,
                    "NUMERIC precision " + precision + " must be between 1 and 1000");
        }
        if (scale < -1000 || scale > 1000) {
            throw cursor.tokens.error(
                    at,
                    SqlState.INVALID_PARAMETER_VALUE,
                    "NUMERIC scale " + scale + " must be between -1000 and 1000");
        }
        return type.with(
                (precision << 16 | (scale & 0x7ff)) + 4,
                "NUMERIC(" + precision + ", " + scale + ')');
    }

    private SqlType character() {
        boolean national = cursor.tryWord("national");
        if (national && !cursor.isWord("character") && !cursor.isWord("char")) {
            throw cursor.syntaxError();
        }
        boolean varying = cursor.isWord("varchar");
        cursor.at++;
        if (!varying) {
            varying = cursor.tryWord("varying");
        }
        int length = varying ? 0 : 1;
        if (cursor.isPunctuation("(")) {
            length = length(varying ? "varchar" : "char");
        }
        if (varying) {
            return length == 0 ? SqlType.named("varchar") : varchar(length);
        }
        return SqlType.named("bpchar").with(length + 4, "CHARACTER(" + length + ')');
    }

    private int length(String name) {
        int at = cursor.at + 1;
        int length = modifiers(1).getFirst();
        if (length < 1) {
            throw cursor.tokens.error(
                    at,
                    SqlState.INVALID_PARAMETER_VALUE,
                    "length for type " + name + " must be at least 1");
        }
        if (length > 10_485_760) {
            throw cursor.tokens.error(
                    at,
                    SqlState.INVALID_PARAMETER_VALUE,
                    "length for type " + name + " cannot exceed 10485760");
        }
        return length;
    }

    private static SqlType varchar(int length) {
        return SqlType.named("varchar").with(length + 4, "CHARACTER VARYING(" + length + ')');
    }

    private SqlType datetime(String word) {
        int precision = cursor.isPunctuation("(") ? Math.min(modifiers(1).getFirst(), 6) : -1;
        boolean zone = zone();
        SqlType type = SqlType.named(zone ? word + "tz" : word);
        if (precision < 0) {
            return type;
        }
        String name = word.equals("time") ? "TIME(" : "TIMESTAMP(";
        return type.with(precision, name + precision + (zone ? ") WITH TIME ZONE" : ")"));
    }

    private boolean zone() {
        if ((cursor.isWord("with") || cursor.isWord("without")) && cursor.isWordAhead(1, "time")) {
            boolean with = cursor.isWord("with");
            cursor.at += 2;
            cursor.requireWord("zone");
            return with;
        }
        return false;
    }

    private SqlType interval() {
        if (cursor.isPunctuation("(")) {
            modifiers(1);
            return SqlType.named("interval");
        }
        intervalFields();
        return SqlType.named("interval");
    }

    /** The fields after INTERVAL, such as DAY TO SECOND(3), where there are any. */
    void intervalFields() {
        if (cursor.kind() != Token.WORD || !isField(cursor.text())) {
            return;
        }
        boolean second = cursor.isWord("second");
        cursor.at++;
        if (!second && cursor.isWord("to") && cursor.isWordAhead(1, "month")) {
            cursor.at += 2;
        } else if (!second && cursor.tryWord("to")) {
            second = cursor.isWord("second");
            if (!isField(cursor.text())) {
                throw cursor.syntaxError();
            }
            cursor.at++;
        }
        if (second && cursor.isPunctuation("(")) {
            modifiers(1);
        }
    }

    private static boolean isField(String word) {
        return switch (word) {
            case "year", "month", "day", "hour", "minute", "second" -> true;
            default -> false;
        };
    }

    private SqlType generic() {
        int from = cursor.at;
        if (!cursor.isTypeFunctionName(cursor.at)) {
            throw cursor.syntaxError();
        }
        boolean quoted = cursor.kind() == Token.QUOTED_NAME;
        String name = Identifier.truncate(cursor.tokens.texts[cursor.at++]);
        String schema = "";
        while (cursor.tryPunctuation(".")) {
            schema = name;
            quoted = cursor.kind() == Token.QUOTED_NAME;
            name = cursor.label();
        }
        if (schema.equals("pg_catalog")) {
            schema = "";
            quoted = true;
        }
        return schema.isEmpty() ? builtIn(name, quoted) : userType(from, schema, name);
    }

    private SqlType builtIn(String name, boolean quoted) {
        if (name.equals("char") && quoted) {
            return new SqlType("char", Oid.CHAR, -1, "CHARACTER VARYING(1)");
        }
        SqlType type = SqlType.named(name);
        if (type == null) {
            return userType(cursor.at - 1, "", name);
        }
        if (!cursor.isPunctuation("(")) {
            boolean timed = type.oid() == Oid.TIME || type.oid() == Oid.TIMESTAMP;
            assert !timed || quoted : "a key word was read as a name";
            return type;
        }
        return switch (type.oid()) {
            case Oid.NUMERIC -> numeric(type);
            case Oid.VARCHAR -> varchar(length("varchar"));
            case Oid.BPCHAR -> {
                int length = length("char");
                yield type.with(length + 4, "CHARACTER(" + length + ')');
            }
            case Oid.TIMESTAMPTZ -> {
                int precision = Math.min(modifiers(1).getFirst(), 6);
                yield type.with(precision, "TIMESTAMP(" + precision + ") WITH TIME ZONE");
            }
            default -> {
                int at = cursor.at;
                modifiers(16);
                throw cursor.tokens.error(
                        at - 1,
                        SqlState.SYNTAX_ERROR,
                        "type modifier is not allowed for type \"" + type.name() + '"');
            }
        };
    }

    /** A type that somebody has defined, or none; the engine knows. */
    private SqlType userType(int from, String schema, String name) {
        if (cursor.isPunctuation("(")) {
            modifiers(16);
            throw unknownType(from, name);
        }
        if (name.startsWith("reg") || name.equals("void") || name.startsWith("any")) {
            throw cursor.tokens.error(
                    from, SqlState.FEATURE_NOT_SUPPORTED, "type " + name + " is not supported");
        }
        String engine =
                (schema.isEmpty() ? "" : Identifier.quote(schema) + '.') + Identifier.quote(name);
        return new SqlType(name, 0, -1, engine);
    }

    private RuntimeException unknownType(int from, String name) {
        return cursor.tokens.error(
                from, SqlState.UNDEFINED_OBJECT, "type \"" + name + "\" does not exist");
    }

    private List<Integer> modifiers(int max) {
        cursor.requirePunctuation("(");
        var values = new ArrayList<Integer>();
        do {
            boolean negative = cursor.tryPunctuation("-");
            int value = integer();
            values.add(negative ? -value : value);
            if (values.size() > max) {
                throw cursor.tokens.error(
                        cursor.at - 1, SqlState.INVALID_PARAMETER_VALUE, "invalid type modifier");
            }
        } while (cursor.tryPunctuation(","));
        cursor.requirePunctuation(")");
        return values;
    }

    private int integer() {
        if (cursor.kind() != Token.INTEGER) {
            throw cursor.syntaxError();
        }
        return Integer.parseInt(cursor.tokens.texts[cursor.at++]);
    }
}

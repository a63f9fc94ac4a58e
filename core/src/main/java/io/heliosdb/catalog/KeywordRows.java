package io.heliosdb.catalog;

import io.heliosdb.engine.FunctionRows;
import io.heliosdb.sql.Keyword;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.util.ArrayList;

/**
 * {@code pg_get_keywords()}, which drivers and object mappers ask for what they must quote.
 *
 * @see <a href="https://www.postgresql.org/docs/15/functions-info.html">PostgreSQL: system
 *     information functions</a>
 */
public final class KeywordRows {
    private KeywordRows() {}

    /**
     * The key words.
     *
     * @return a row for each
     */
    public static ResultSet keywords() {
        var rows = new ArrayList<@Nullable Object[]>();
        Keyword.all()
                .forEach((word, kind) -> {
                    boolean isBare = Keyword.isBareLabel(word);
                    rows.add(
                            new Object[] {
                                word,
                                code(kind),
                                isBare,
                                description(kind),
                                isBare ? "can be bare label" : "requires AS"
                            });
                });
        return new FunctionRows()
                .text("word")
                .text("catcode")
                .truth("barelabel")
                .text("catdesc")
                .text("baredesc")
                .of(rows);
    }

    private static String code(Keyword.Kind kind) {
        return switch (kind) {
            case UNRESERVED -> "U";
            case COLUMN_NAME -> "C";
            case TYPE_FUNCTION_NAME -> "T";
            case RESERVED -> "R";
        };
    }

    private static String description(Keyword.Kind kind) {
        return switch (kind) {
            case UNRESERVED -> "unreserved";
            case COLUMN_NAME -> "unreserved (cannot be function or type name)";
            case TYPE_FUNCTION_NAME -> "reserved (can be function or type name)";
            case RESERVED -> "reserved";
        };
    }
}

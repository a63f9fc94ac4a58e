package io.heliosdb.catalog;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;

import java.util.List;

/** Names of types as {@code format_type} prints them. */
final class TypeNames {
    private static final int BIT = 1560;
    private static final int VARBIT = 1562;
    private static final int INTERVAL_FULL = 0x7fff;

    private TypeNames() {}

    /**
     * The SQL name of a type.
     *
     * @param modifier its modifier; null where the caller has none, which is not the same as -1
     */
    static String of(
            Model model,
            int oid,
            @org.jspecify.annotations.Nullable Integer modifier,
            List<String> path) {
        if (oid == 0) {
            return "-";
        }
        TypeEntry type = model.types().find(oid);
        if (type == null) {
            return "???";
        }
        if (type.isArray()) {
            return of(model, type.element(), modifier, path) + "[]";
        }
        if (type.namespace() == Model.PG_CATALOG && type.relation() == 0) {
            if (modifier != null && modifier < 0 && oid == Oid.BPCHAR) {
                return "bpchar";
            }
            String name = builtIn(oid, modifier == null ? -1 : modifier);
            return name.isEmpty() ? Identifier.quoteWhereNeeded(type.name()) : name;
        }
        String name = Identifier.quoteWhereNeeded(type.name());
        TypeEntry visible = model.visibleType(type.name(), path);
        return visible != null && visible.oid() == oid
                ? name
                : Identifier.quoteWhereNeeded(String.valueOf(model.namespaceName(type.namespace())))
                        + '.'
                        + name;
    }

    /** The name of one of PostgreSQL's own types with its modifier, -1 for none. */
    static String builtIn(int oid, int modifier) {
        return switch (oid) {
            case Oid.BOOL -> "boolean";
            case Oid.INT2 -> "smallint";
            case Oid.INT4 -> "integer";
            case Oid.INT8 -> "bigint";
            case Oid.FLOAT4 -> "real";
            case Oid.FLOAT8 -> "double precision";
            case Oid.NUMERIC -> "numeric" + numeric(modifier);
            case Oid.VARCHAR -> "character varying" + length(modifier);
            case Oid.BPCHAR -> "character" + length(modifier);
            case Oid.CHAR -> "\"char\"";
            case Oid.TIME -> "time" + precision(modifier) + " without time zone";
            case Oid.TIMETZ -> "time" + precision(modifier) + " with time zone";
            case Oid.TIMESTAMP -> "timestamp" + precision(modifier) + " without time zone";
            case Oid.TIMESTAMPTZ -> "timestamp" + precision(modifier) + " with time zone";
            case Oid.INTERVAL -> "interval" + interval(modifier);
            case BIT -> "bit" + (modifier < 0 ? "" : "(" + modifier + ')');
            case VARBIT -> "bit varying" + (modifier < 0 ? "" : "(" + modifier + ')');
            default -> {
                for (TypeEntry type : Types.builtIn()) {
                    if (type.oid() == oid) {
                        yield Identifier.quoteWhereNeeded(type.name());
                    }
                }
                yield "";
            }
        };
    }

    private static String length(int modifier) {
        return modifier < 4 ? "" : "(" + (modifier - 4) + ')';
    }

    private static String numeric(int modifier) {
        if (modifier < 4) {
            return "";
        }
        int scale = (modifier - 4) & 0x7ff;
        return "(" + ((modifier - 4) >> 16 & 0xffff) + ',' + ((scale ^ 1024) - 1024) + ')';
    }

    private static String precision(int modifier) {
        return modifier < 0 ? "" : "(" + modifier + ')';
    }

    private static String interval(int modifier) {
        int digits = modifier & 0xffff;
        boolean isAll = (modifier >> 16 & INTERVAL_FULL) == INTERVAL_FULL;
        return modifier < 0 || digits == 0xffff || !isAll ? "" : "(" + digits + ')';
    }
}

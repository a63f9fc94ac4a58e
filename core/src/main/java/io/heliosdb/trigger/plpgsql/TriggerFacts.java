package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;
import io.heliosdb.sql.SqlType;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The variables that tell a trigger function why it runs, beside NEW and OLD.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-trigger.html">PostgreSQL: trigger
 *     functions</a>
 */
final class TriggerFacts {
    static final List<String> NAMES =
            List.of(
                    "tg_op",
                    "tg_name",
                    "tg_when",
                    "tg_level",
                    "tg_relid",
                    "tg_relname",
                    "tg_table_name",
                    "tg_table_schema",
                    "tg_nargs",
                    "tg_argv");

    private TriggerFacts() {}

    static SqlType type(String name) {
        return switch (name) {
            case "tg_relid" -> SqlType.INT8;
            case "tg_nargs" -> SqlType.INT4;
            case "tg_argv" -> SqlType.TEXT.array();
            default -> SqlType.TEXT;
        };
    }

    static @Nullable Object value(String name, TriggerContext trigger, String operation) {
        return switch (name) {
            case "tg_op" -> operation;
            case "tg_name" -> trigger.name();
            case "tg_when" -> trigger.when();
            case "tg_level" -> trigger.level();
            case "tg_relid" -> (long) trigger.table().oid();
            case "tg_relname", "tg_table_name" -> trigger.table().id().name();
            case "tg_table_schema" -> trigger.table().id().schema();
            case "tg_nargs" -> trigger.arguments().size();
            case "tg_argv" -> PgArray.of(Oid.TEXT, trigger.arguments());
            default -> throw new IllegalStateException(name);
        };
    }
}

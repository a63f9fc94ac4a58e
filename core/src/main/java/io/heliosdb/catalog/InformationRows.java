package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Attribute;
import io.heliosdb.engine.Description.Identity;
import io.heliosdb.engine.Description.Kind;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.Description.Sequence;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * information_schema: schemas, tables, columns, views, sequences and domains.
 *
 * @see <a href="https://www.postgresql.org/docs/15/information-schema.html">PostgreSQL: the
 *     information schema</a>
 */
final class InformationRows {
    private static final int TEXT_OCTETS_MAX = 1_073_741_824;
    private static final int BYTES_A_CHARACTER_MAX = 4;

    private InformationRows() {}

    static void catalogName(Context context, Rows rows) {
        rows.add("catalog_name", context.host().database());
    }

    static void schemata(Context context, Rows rows) {
        String catalog = context.host().database();
        for (String name :
                List.of(
                        SystemRelations.PG_CATALOG,
                        SystemRelations.INFORMATION_SCHEMA,
                        "pg_toast")) {
            rows.add(
                    "catalog_name",
                    catalog,
                    "schema_name",
                    name,
                    "schema_owner",
                    Context.OWNER_NAME);
        }
        for (var each : context.model().description().namespaces()) {
            String owner = each.oid() == Model.PUBLIC ? "pg_database_owner" : Context.OWNER_NAME;
            rows.add("catalog_name", catalog, "schema_name", each.name(), "schema_owner", owner);
        }
    }

    // ---- tables

    static void tables(Context context, Rows rows) {
        for (String schema :
                List.of(SystemRelations.PG_CATALOG, SystemRelations.INFORMATION_SCHEMA)) {
            for (var each : SystemRelations.of(schema)) {
                boolean isTable = each.kind().equals("r");
                table(
                        context,
                        rows,
                        schema,
                        each.shape().name(),
                        isTable ? "BASE TABLE" : "VIEW",
                        isTable);
            }
        }
        for (Relation relation : context.model().description().relations()) {
            String schema = context.model().schemaName(relation);
            String name = relation.id().name();
            if (relation.isTemporary()) {
                table(context, rows, schema, name, "LOCAL TEMPORARY", true);
            } else if (relation.kind() != Kind.MATERIALIZED_VIEW) {
                boolean isTable = relation.kind() == Kind.TABLE;
                table(context, rows, schema, name, isTable ? "BASE TABLE" : "VIEW", isTable);
            }
        }
    }

    private static void table(
            Context context, Rows rows, String schema, String name, String type, boolean isTable) {
        rows.add(
                "table_catalog",
                context.host().database(),
                "table_schema",
                schema,
                "table_name",
                name,
                "table_type",
                type,
                "is_insertable_into",
                isTable ? "YES" : "NO",
                "is_typed",
                "NO",
                "commit_action",
                type.startsWith("LOCAL") ? "PRESERVE" : null);
    }

    static void views(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            if (relation.kind() == Kind.VIEW) {
                rows.add(
                        "table_catalog",
                        context.host().database(),
                        "table_schema",
                        context.model().schemaName(relation),
                        "table_name",
                        relation.id().name(),
                        "view_definition",
                        Definitions.view(relation),
                        "check_option",
                        "NONE",
                        "is_updatable",
                        "NO",
                        "is_insertable_into",
                        "NO",
                        "is_trigger_updatable",
                        "NO",
                        "is_trigger_deletable",
                        "NO",
                        "is_trigger_insertable_into",
                        "NO");
            }
        }
    }

    // ---- columns

    static void columns(Context context, Rows rows) {
        Model model = context.model();
        for (String schema :
                List.of(SystemRelations.PG_CATALOG, SystemRelations.INFORMATION_SCHEMA)) {
            for (var each : SystemRelations.of(schema)) {
                int number = 0;
                for (var column : each.columns()) {
                    var base =
                            new Attribute(
                                    column.name(),
                                    column.typeOid(),
                                    column.typeModifier(),
                                    0,
                                    !column.isNotNull(),
                                    false,
                                    Identity.NONE,
                                    0,
                                    null,
                                    null);
                    column(
                            context,
                            rows,
                            schema,
                            each.shape().name(),
                            base,
                            ++number,
                            model.types().require(column.typeOid()),
                            each.kind().equals("r"),
                            null,
                            null);
                }
            }
        }
        for (Relation relation : model.description().relations()) {
            if (relation.kind() == Kind.MATERIALIZED_VIEW) {
                continue;
            }
            int number = 0;
            for (Attribute column : relation.columns()) {
                Sequence sequence =
                        column.identity() == Identity.NONE
                                ? null
                                : model.sequence(column.sequence());
                column(
                        context,
                        rows,
                        model.schemaName(relation),
                        relation.id().name(),
                        column,
                        ++number,
                        ClassRows.type(model, column),
                        relation.kind() == Kind.TABLE,
                        ClassRows.defaultText(model, relation, column, context.names().path()),
                        sequence);
            }
        }
    }

    private static void column(
            Context context,
            Rows rows,
            String schema,
            String table,
            Attribute column,
            int number,
            TypeEntry type,
            boolean isTable,
            @Nullable String value,
            @Nullable Sequence sequence) {
        Model model = context.model();
        boolean isDomain = type.kind().equals("d");
        TypeEntry base = isDomain ? model.types().require(type.base()) : type;
        int modifier = isDomain ? type.modifier() : column.typeModifier();
        boolean isIdentity =
                sequence != null
                        && (column.identity() == Identity.ALWAYS
                                || column.identity() == Identity.BY_DEFAULT);
        String catalog = context.host().database();
        rows.add(
                "table_catalog",
                catalog,
                "table_schema",
                schema,
                "table_name",
                table,
                "column_name",
                column.name(),
                "ordinal_position",
                number,
                "column_default",
                column.isGenerated() ? null : value,
                "is_nullable",
                column.isNullable() || !isTable ? "YES" : "NO",
                "data_type",
                dataType(base),
                "character_maximum_length",
                length(base, modifier),
                "character_octet_length",
                octets(base, modifier),
                "numeric_precision",
                precision(base, modifier),
                "numeric_precision_radix",
                radix(base),
                "numeric_scale",
                scale(base, modifier),
                "datetime_precision",
                datetime(base, modifier),
                "domain_catalog",
                isDomain ? catalog : null,
                "domain_schema",
                isDomain ? model.namespaceName(type.namespace()) : null,
                "domain_name",
                isDomain ? type.name() : null,
                "udt_catalog",
                catalog,
                "udt_schema",
                model.namespaceName(base.namespace()),
                "udt_name",
                base.name(),
                "dtd_identifier",
                Integer.toString(number),
                "is_self_referencing",
                "NO",
                "is_identity",
                isIdentity ? "YES" : "NO",
                "identity_generation",
                !isIdentity ? null : column.identity() == Identity.ALWAYS ? "ALWAYS" : "BY DEFAULT",
                "identity_start",
                isIdentity ? Long.toString(sequence.start()) : null,
                "identity_increment",
                isIdentity ? Long.toString(sequence.increment()) : null,
                "identity_maximum",
                isIdentity ? Long.toString(sequence.max()) : null,
                "identity_minimum",
                isIdentity ? Long.toString(sequence.min()) : null,
                "identity_cycle",
                isIdentity && sequence.isCycle() ? "YES" : "NO",
                "is_generated",
                column.isGenerated() ? "ALWAYS" : "NEVER",
                "generation_expression",
                column.isGenerated() ? value : null,
                "is_updatable",
                isTable ? "YES" : "NO");
    }

    static String dataType(TypeEntry type) {
        if (type.isArray()) {
            return "ARRAY";
        }
        return type.namespace() == Model.PG_CATALOG
                ? TypeNames.builtIn(type.oid(), -1)
                : "USER-DEFINED";
    }

    static @Nullable Integer length(TypeEntry type, int modifier) {
        boolean isText = type.oid() == Oid.VARCHAR || type.oid() == Oid.BPCHAR;
        return isText && modifier >= 4 ? (Integer) (modifier - 4) : null;
    }

    static @Nullable Integer octets(TypeEntry type, int modifier) {
        boolean isText =
                type.oid() == Oid.VARCHAR || type.oid() == Oid.BPCHAR || type.oid() == Oid.TEXT;
        if (!isText) {
            return null;
        }
        Integer length = length(type, modifier);
        return length == null ? TEXT_OCTETS_MAX : length * BYTES_A_CHARACTER_MAX;
    }

    static @Nullable Integer precision(TypeEntry type, int modifier) {
        return switch (type.oid()) {
            case Oid.INT2 -> 16;
            case Oid.INT4 -> 32;
            case Oid.INT8 -> 64;
            case Oid.FLOAT4 -> 24;
            case Oid.FLOAT8 -> 53;
            case Oid.NUMERIC -> modifier < 0 ? null : (Integer) ((modifier - 4) >> 16 & 0xffff);
            default -> null;
        };
    }

    static @Nullable Integer radix(TypeEntry type) {
        return switch (type.oid()) {
            case Oid.INT2, Oid.INT4, Oid.INT8, Oid.FLOAT4, Oid.FLOAT8 -> 2;
            case Oid.NUMERIC -> 10;
            default -> null;
        };
    }

    static @Nullable Integer scale(TypeEntry type, int modifier) {
        return switch (type.oid()) {
            case Oid.INT2, Oid.INT4, Oid.INT8 -> 0;
            case Oid.NUMERIC -> modifier < 0 ? null : (Integer) ((modifier - 4) & 0x7ff);
            default -> null;
        };
    }

    static @Nullable Integer datetime(TypeEntry type, int modifier) {
        return switch (type.oid()) {
            case Oid.DATE -> 0;
            case Oid.TIME, Oid.TIMETZ, Oid.TIMESTAMP, Oid.TIMESTAMPTZ, Oid.INTERVAL ->
                    modifier < 0 ? 6 : modifier & 0xffff;
            default -> null;
        };
    }

    // ---- sequences and domains

    static void sequences(Context context, Rows rows) {
        for (Sequence sequence : context.model().description().sequences()) {
            if (sequence.isInternal()) {
                continue;
            }
            TypeEntry type = context.model().types().require(sequence.typeOid());
            rows.add(
                    "sequence_catalog",
                    context.host().database(),
                    "sequence_schema",
                    sequence.schema(),
                    "sequence_name",
                    sequence.name(),
                    "data_type",
                    dataType(type),
                    "numeric_precision",
                    precision(type, -1),
                    "numeric_precision_radix",
                    2,
                    "numeric_scale",
                    0,
                    "start_value",
                    Long.toString(sequence.start()),
                    "minimum_value",
                    Long.toString(sequence.min()),
                    "maximum_value",
                    Long.toString(sequence.max()),
                    "increment",
                    Long.toString(sequence.increment()),
                    "cycle_option",
                    sequence.isCycle() ? "YES" : "NO");
        }
    }

    static void domains(Context context, Rows rows) {
        String catalog = context.host().database();
        for (var domain : context.model().description().domains()) {
            if (domain.baseOid() == Oid.UNSPECIFIED) {
                continue;
            }
            TypeEntry base = context.model().types().require(domain.baseOid());
            var value = domain.value();
            rows.add(
                    "domain_catalog",
                    catalog,
                    "domain_schema",
                    domain.schema(),
                    "domain_name",
                    domain.name(),
                    "data_type",
                    dataType(base),
                    "character_maximum_length",
                    length(base, domain.typeModifier()),
                    "character_octet_length",
                    octets(base, domain.typeModifier()),
                    "numeric_precision",
                    precision(base, domain.typeModifier()),
                    "numeric_precision_radix",
                    radix(base),
                    "numeric_scale",
                    scale(base, domain.typeModifier()),
                    "datetime_precision",
                    datetime(base, domain.typeModifier()),
                    "domain_default",
                    value == null ? null : value.full(),
                    "udt_catalog",
                    catalog,
                    "udt_schema",
                    SystemRelations.PG_CATALOG,
                    "udt_name",
                    base.name(),
                    "dtd_identifier",
                    "1");
        }
    }
}

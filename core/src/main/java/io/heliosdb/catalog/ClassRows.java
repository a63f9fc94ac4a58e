package io.heliosdb.catalog;

import io.heliosdb.engine.Description.Attribute;
import io.heliosdb.engine.Description.Identity;
import io.heliosdb.engine.Description.Index;
import io.heliosdb.engine.Description.Relation;
import io.heliosdb.engine.Description.Sequence;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * pg_class, pg_attribute, pg_attrdef, pg_index and pg_namespace.
 *
 * @see <a href="https://www.postgresql.org/docs/15/catalogs.html">PostgreSQL: system catalogs</a>
 */
final class ClassRows {
    /** Added to a table's oid and a column's number for the number of its default. */
    private static final long DEFAULTS = 1_200_000_000;

    private static final int COLUMNS_MAX = 2_000;
    private static final int HEAP = 2;
    static final int BTREE = 403;

    private ClassRows() {}

    static void namespaces(Context context, Rows rows) {
        namespace(rows, Model.PG_CATALOG, SystemRelations.PG_CATALOG);
        namespace(rows, Model.PG_TOAST, "pg_toast");
        namespace(rows, Model.INFORMATION_SCHEMA, SystemRelations.INFORMATION_SCHEMA);
        context.model()
                .description()
                .temporarySchema()
                .ifPresent(name -> namespace(rows, Model.TEMPORARY, name));
        for (var each : context.model().description().namespaces()) {
            rows.add(
                    "oid",
                    each.oid(),
                    "nspname",
                    each.name(),
                    "nspowner",
                    each.oid() == Model.PUBLIC ? 6171 : Context.OWNER,
                    "nspacl",
                    each.oid() == Model.PUBLIC
                            ? acl("pg_database_owner=UC/pg_database_owner", "=U/pg_database_owner")
                            : null);
        }
    }

    private static void namespace(Rows rows, int oid, String name) {
        boolean isOpen = oid == Model.PG_CATALOG || oid == Model.INFORMATION_SCHEMA;
        rows.add(
                "oid",
                oid,
                "nspname",
                name,
                "nspowner",
                Context.OWNER,
                "nspacl",
                isOpen ? acl("postgres=UC/postgres", "=U/postgres") : null);
    }

    private static PgArray acl(String... items) {
        return PgArray.of(Oid.TEXT, List.of(items));
    }

    // ---- pg_class

    static void classes(Context context, Rows rows) {
        Model model = context.model();
        systemClasses(rows, SystemRelations.PG_CATALOG, Model.PG_CATALOG);
        systemClasses(rows, SystemRelations.INFORMATION_SCHEMA, Model.INFORMATION_SCHEMA);
        var targets = targets(model);
        var triggered = new HashSet<Object>();
        context.host().triggers(context.session()).forEach(each -> triggered.add(each.table()));
        for (Relation relation : model.description().relations()) {
            boolean hasTriggers =
                    targets.contains(relation.oid())
                            || triggered.contains(relation.id())
                            || relation.constraints().stream().anyMatch(c -> c.type() == 'f');
            relation(rows, model, relation, hasTriggers, context.host());
            for (Index index : relation.indexes()) {
                index(rows, model, relation, index);
            }
        }
        for (Sequence sequence : model.description().sequences()) {
            basic(
                    rows,
                    sequence.oid(),
                    sequence.name(),
                    model.namespaceOf(sequence.schema()),
                    "S",
                    3,
                    "relnatts",
                    3,
                    "relfilenode",
                    sequence.oid(),
                    "relpages",
                    1,
                    "reltuples",
                    1f);
        }
    }

    private static Set<Integer> targets(Model model) {
        var targets = new HashSet<Integer>();
        for (var each : model.constraints()) {
            var target = each.constraint().target();
            Relation relation = target == null ? null : model.relation(target);
            if (relation != null) {
                targets.add(relation.oid());
            }
        }
        return targets;
    }

    private static void relation(
            Rows rows, Model model, Relation relation, boolean hasTriggers, CatalogHost host) {
        boolean isView = relation.kind() == io.heliosdb.engine.Description.Kind.VIEW;
        long checks = relation.constraints().stream().filter(c -> c.type() == 'c').count();
        basic(
                rows,
                relation.oid(),
                relation.id().name(),
                model.namespaceOf(relation),
                Model.kind(relation),
                relation.columns().size(),
                "reltype",
                Types.rowType(relation.oid()),
                "relam",
                isView ? 0 : HEAP,
                "relfilenode",
                isView ? 0 : relation.oid(),
                "reltuples",
                isView ? 0f : -1f,
                "relhasindex",
                !relation.indexes().isEmpty(),
                "relpersistence",
                relation.isTemporary() ? "t" : "p",
                "relchecks",
                checks,
                "relhasrules",
                isView,
                "relhastriggers",
                hasTriggers,
                "relreplident",
                isView ? "n" : host.replicaIdentity(relation.id()));
    }

    private static void index(Rows rows, Model model, Relation table, Index index) {
        basic(
                rows,
                index.oid(),
                index.name(),
                model.namespaceOf(table),
                "i",
                index.keys().size(),
                "relam",
                BTREE,
                "relfilenode",
                index.oid(),
                "relpages",
                1,
                "relpersistence",
                table.isTemporary() ? "t" : "p");
    }

    private static void systemClasses(Rows rows, String schema, int namespace) {
        for (var each : SystemRelations.of(schema)) {
            boolean isTable = each.kind().equals("r");
            basic(
                    rows,
                    each.shape().oid(),
                    each.shape().name(),
                    namespace,
                    each.kind(),
                    each.columns().size(),
                    "reltype",
                    each.rowType(),
                    "relam",
                    isTable ? HEAP : 0,
                    "relhasindex",
                    isTable,
                    "relhasrules",
                    !isTable,
                    "relacl",
                    acl("postgres=arwdDxt/postgres", "=r/postgres"));
        }
    }

    /** A row with what most relations have, and what this one has otherwise. */
    private static void basic(
            Rows rows,
            int oid,
            String name,
            int namespace,
            String kind,
            int columns,
            @Nullable Object... others) {
        var all = new @Nullable Object[BASIC.length + 10 + others.length];
        System.arraycopy(BASIC, 0, all, 0, BASIC.length);
        var own =
                new Object[] {
                    "oid",
                    oid,
                    "relname",
                    name,
                    "relnamespace",
                    namespace,
                    "relkind",
                    kind,
                    "relnatts",
                    columns
                };
        System.arraycopy(own, 0, all, BASIC.length, own.length);
        System.arraycopy(others, 0, all, BASIC.length + own.length, others.length);
        rows.add(all);
    }

    private static final Object[] BASIC = {
        "reltype",
        0,
        "reloftype",
        0,
        "relowner",
        Context.OWNER,
        "relam",
        0,
        "relfilenode",
        0,
        "reltablespace",
        0,
        "relpages",
        0,
        "reltuples",
        0f,
        "relallvisible",
        0,
        "reltoastrelid",
        0,
        "relhasindex",
        false,
        "relisshared",
        false,
        "relpersistence",
        "p",
        "relchecks",
        0,
        "relhasrules",
        false,
        "relhastriggers",
        false,
        "relhassubclass",
        false,
        "relrowsecurity",
        false,
        "relforcerowsecurity",
        false,
        "relispopulated",
        true,
        "relreplident",
        "n",
        "relispartition",
        false,
        "relrewrite",
        0,
        "relfrozenxid",
        0,
        "relminmxid",
        0,
    };

    // ---- pg_attribute, pg_attrdef

    static void attributes(Context context, Rows rows) {
        Model model = context.model();
        for (String schema :
                List.of(SystemRelations.PG_CATALOG, SystemRelations.INFORMATION_SCHEMA)) {
            for (var each : SystemRelations.of(schema)) {
                int number = 0;
                for (var column : each.columns()) {
                    attribute(
                            rows,
                            model.types().require(column.typeOid()),
                            each.shape().oid(),
                            column.name(),
                            ++number,
                            column.typeModifier(),
                            column.isNotNull(),
                            false,
                            "",
                            "");
                }
            }
        }
        for (Relation relation : model.description().relations()) {
            attributes(rows, model, relation);
        }
        for (Sequence sequence : model.description().sequences()) {
            int oid = sequence.oid();
            Types types = model.types();
            attribute(rows, types.require(Oid.INT8), oid, "last_value", 1, -1, true, false, "", "");
            attribute(rows, types.require(Oid.INT8), oid, "log_cnt", 2, -1, true, false, "", "");
            attribute(rows, types.require(Oid.BOOL), oid, "is_called", 3, -1, true, false, "", "");
        }
    }

    private static void attributes(Rows rows, Model model, Relation relation) {
        int number = 0;
        for (Attribute column : relation.columns()) {
            attribute(
                    rows,
                    type(model, column),
                    relation.oid(),
                    column.name(),
                    ++number,
                    column.domain() == 0 ? column.typeModifier() : -1,
                    !column.isNullable()
                            && relation.kind() == io.heliosdb.engine.Description.Kind.TABLE,
                    hasDefault(column),
                    identity(column),
                    column.isGenerated() ? "s" : "");
        }
        for (Index index : relation.indexes()) {
            number = 0;
            for (var key : index.keys()) {
                Attribute column = relation.columns().get(key.column() - 1);
                attribute(
                        rows,
                        type(model, column),
                        index.oid(),
                        column.name(),
                        ++number,
                        column.domain() == 0 ? column.typeModifier() : -1,
                        false,
                        false,
                        "",
                        "");
            }
        }
    }

    static TypeEntry type(Model model, Attribute column) {
        return model.types().require(column.domain() == 0 ? column.typeOid() : column.domain());
    }

    static boolean hasDefault(Attribute column) {
        return column.value() != null || column.identity() == Identity.SERIAL;
    }

    static String identity(Attribute column) {
        return switch (column.identity()) {
            case NONE, SERIAL -> "";
            case ALWAYS -> "a";
            case BY_DEFAULT -> "d";
        };
    }

    private static void attribute(
            Rows rows,
            TypeEntry type,
            int relation,
            String name,
            int number,
            int modifier,
            boolean isNotNull,
            boolean hasDefault,
            String identity,
            String generated) {
        rows.add(
                "attrelid",
                relation,
                "attname",
                name,
                "atttypid",
                type.oid(),
                "attstattarget",
                -1,
                "attlen",
                type.length(),
                "attnum",
                number,
                "attndims",
                type.isArray() ? 1 : 0,
                "attcacheoff",
                -1,
                "atttypmod",
                modifier,
                "attbyval",
                type.isByValue(),
                "attalign",
                type.alignment(),
                "attstorage",
                type.storage(),
                "attcompression",
                "",
                "attnotnull",
                isNotNull,
                "atthasdef",
                hasDefault,
                "atthasmissing",
                false,
                "attidentity",
                identity,
                "attgenerated",
                generated,
                "attisdropped",
                false,
                "attislocal",
                true,
                "attinhcount",
                0,
                "attcollation",
                type.collation());
    }

    static void defaults(Context context, Rows rows) {
        for (Relation relation : context.model().description().relations()) {
            int number = 0;
            for (Attribute column : relation.columns()) {
                number++;
                String text =
                        defaultText(context.model(), relation, column, context.names().path());
                if (text != null) {
                    rows.add(
                            "oid",
                            defaultOid(relation, number),
                            "adrelid",
                            relation.oid(),
                            "adnum",
                            number,
                            "adbin",
                            text);
                }
            }
        }
    }

    static long defaultOid(Relation relation, int column) {
        return DEFAULTS + (long) relation.oid() * COLUMNS_MAX % DEFAULTS + column;
    }

    /** A column's default as {@code pg_get_expr} prints it; null where it has none. */
    static @Nullable String defaultText(
            Model model, Relation relation, Attribute column, List<String> path) {
        if (column.identity() == Identity.SERIAL) {
            Sequence sequence = model.sequence(column.sequence());
            if (sequence == null) {
                return null;
            }
            var named = model.named(sequence.oid());
            assert named != null : "a sequence is an object";
            String shown = model.shown(named, path);
            return "nextval('" + shown.replace("'", "''") + "'::regclass)";
        }
        var value = column.value();
        return value == null ? null : value.full();
    }

    // ---- pg_index

    static void indexes(Context context, Rows rows) {
        Model model = context.model();
        for (var each : model.indexes()) {
            Index index = each.index();
            int count = index.keys().size();
            rows.add(
                    "indexrelid",
                    index.oid(),
                    "indrelid",
                    each.table().oid(),
                    "indnatts",
                    count,
                    "indnkeyatts",
                    count,
                    "indisunique",
                    index.isUnique(),
                    "indnullsnotdistinct",
                    false,
                    "indisprimary",
                    index.isPrimary(),
                    "indisexclusion",
                    false,
                    "indimmediate",
                    true,
                    "indisclustered",
                    false,
                    "indisvalid",
                    true,
                    "indcheckxmin",
                    false,
                    "indisready",
                    true,
                    "indislive",
                    true,
                    "indisreplident",
                    false,
                    "indkey",
                    numbers(
                            Oid.INT2,
                            index.keys().stream()
                                    .map(key -> (Object) (short) key.column())
                                    .toList()),
                    "indcollation",
                    numbers(
                            Oid.OID,
                            index.keys().stream()
                                    .map(key ->
                                            (Object)
                                                    (long)
                                                            column(model, each, key.column())
                                                                    .collation())
                                    .toList()),
                    "indclass",
                    numbers(
                            Oid.OID,
                            index.keys().stream()
                                    .map(key ->
                                            (Object)
                                                    (long)
                                                            OperatorClasses.btree(
                                                                    column(
                                                                            model,
                                                                            each,
                                                                            key.column())))
                                    .toList()),
                    "indoption",
                    numbers(
                            Oid.INT2,
                            index.keys().stream()
                                    .map(key ->
                                            (Object)
                                                    (short)
                                                            ((key.isDescending() ? 1 : 0)
                                                                    | (key.isNullsFirst() ? 2 : 0)))
                                    .toList()));
        }
    }

    private static TypeEntry column(Model model, Model.IndexOf index, int number) {
        return type(model, index.table().columns().get(number - 1));
    }

    static PgArray numbers(int elementOid, List<Object> numbers) {
        return PgArray.of(elementOid, numbers);
    }
}

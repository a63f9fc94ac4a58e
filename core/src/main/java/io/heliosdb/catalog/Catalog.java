package io.heliosdb.catalog;

import io.heliosdb.engine.CatalogRelation;
import io.heliosdb.engine.CatalogSource;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.Inspection;
import io.heliosdb.pg.Oid;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The rows of pg_catalog and information_schema. They are made from one {@link Model} of the
 * schema, which is read anew after a change, and from what a {@link CatalogHost} tells; nothing is
 * made before a statement asks for it. Safe for use by many threads.
 *
 * <p>A view that this database has nothing for is there with its columns, and empty.
 */
public final class Catalog implements CatalogSource {
    private interface Writer extends BiConsumer<Context, Rows> {}

    private static final Map<String, Writer> PG_CATALOG = new HashMap<>();
    private static final Map<String, Writer> INFORMATION = new HashMap<>();

    /** What changes without the schema. */
    private static final Set<String> CHANGING =
            Set.of(
                    "pg_authid",
                    "pg_roles",
                    "pg_user",
                    "pg_shadow",
                    "pg_group",
                    "pg_stat_activity",
                    "pg_settings",
                    "pg_prepared_statements",
                    "pg_cursors",
                    "pg_sequences",
                    "pg_trigger",
                    "pg_class",
                    "pg_attrdef",
                    "columns",
                    "pg_proc",
                    "triggers",
                    "routines",
                    "parameters",
                    "pg_publication",
                    "pg_publication_rel",
                    "pg_publication_namespace",
                    "pg_publication_tables",
                    "pg_stat_replication",
                    "pg_stat_replication_slots",
                    "pg_replication_slots",
                    "pg_stat_user_tables",
                    "pg_stat_all_tables");

    static {
        PG_CATALOG.put("pg_namespace", ClassRows::namespaces);
        PG_CATALOG.put("pg_class", ClassRows::classes);
        PG_CATALOG.put("pg_attribute", ClassRows::attributes);
        PG_CATALOG.put("pg_attrdef", ClassRows::defaults);
        PG_CATALOG.put("pg_index", ClassRows::indexes);
        PG_CATALOG.put("pg_type", TypeRows::types);
        PG_CATALOG.put("pg_constraint", ConstraintRows::constraints);
        PG_CATALOG.put("pg_sequence", ConstraintRows::sequences);
        PG_CATALOG.put("pg_enum", ConstraintRows::labels);
        PG_CATALOG.put("pg_rewrite", ConstraintRows::rules);
        PG_CATALOG.put("pg_depend", ConstraintRows::depends);
        PG_CATALOG.put("pg_trigger", TriggerRows::triggers);
        PG_CATALOG.put("pg_proc", Routines::rows);
        PG_CATALOG.put("pg_description", ConstraintRows::descriptions);
        PG_CATALOG.put("pg_authid", RoleRows::authids);
        PG_CATALOG.put("pg_roles", RoleRows::roles);
        PG_CATALOG.put("pg_user", RoleRows::users);
        PG_CATALOG.put("pg_shadow", RoleRows::users);
        PG_CATALOG.put("pg_group", RoleRows::groups);
        PG_CATALOG.put("pg_database", RoleRows::databases);
        PG_CATALOG.put("pg_stat_activity", ActivityRows::activity);
        PG_CATALOG.put("pg_settings", ActivityRows::settings);
        PG_CATALOG.put("pg_prepared_statements", ActivityRows::prepared);
        PG_CATALOG.put("pg_cursors", ActivityRows::cursors);
        PG_CATALOG.put("pg_tables", ListRows::tables);
        PG_CATALOG.put("pg_views", ListRows::views);
        PG_CATALOG.put("pg_matviews", ListRows::materializedViews);
        PG_CATALOG.put("pg_indexes", ListRows::indexes);
        PG_CATALOG.put("pg_sequences", ListRows::sequences);
        PG_CATALOG.put("pg_stat_user_tables", ListRows::tableStatistics);
        PG_CATALOG.put("pg_stat_all_tables", ListRows::tableStatistics);
        PG_CATALOG.put("pg_stat_user_indexes", ListRows::indexStatistics);
        PG_CATALOG.put("pg_stat_all_indexes", ListRows::indexStatistics);
        INFORMATION.put("information_schema_catalog_name", InformationRows::catalogName);
        INFORMATION.put("schemata", InformationRows::schemata);
        INFORMATION.put("tables", InformationRows::tables);
        INFORMATION.put("views", InformationRows::views);
        INFORMATION.put("columns", InformationRows::columns);
        INFORMATION.put("sequences", InformationRows::sequences);
        INFORMATION.put("domains", InformationRows::domains);
        INFORMATION.put("table_constraints", InformationConstraints::constraints);
        INFORMATION.put("key_column_usage", InformationConstraints::keyColumns);
        INFORMATION.put("referential_constraints", InformationConstraints::references);
        INFORMATION.put("check_constraints", InformationConstraints::checks);
        INFORMATION.put("constraint_column_usage", InformationConstraints::columnUsage);
        INFORMATION.put("constraint_table_usage", InformationConstraints::tableUsage);
        INFORMATION.put("triggers", TriggerRows::information);
        INFORMATION.put("routines", InformationRoutines::routines);
        INFORMATION.put("parameters", InformationRoutines::parameters);
    }

    private final CatalogHost host;

    /** Racing threads put equal ones. */
    private volatile @Nullable Known known;

    private record Known(long version, Model model) {}

    /** The model of a session with temporary tables, for one statement. */
    private volatile @Nullable Own own;

    private record Own(EngineSession session, long statement, Model model) {}

    /**
     * A catalog.
     *
     * @param host what it shows and does not know itself
     */
    public Catalog(CatalogHost host) {
        this.host = host;
    }

    @Override
    public @Nullable Object version(EngineSession session, CatalogRelation relation) {
        return CHANGING.contains(relation.name()) || Inspection.hasTemporaryObjects(session)
                ? null
                : session.schemaVersion();
    }

    @Override
    public List<@Nullable Object[]> rows(EngineSession session, CatalogRelation relation) {
        var rows = new Rows(relation);
        boolean isOwn = relation.schema().equals(SystemRelations.PG_CATALOG);
        Writer writer = (isOwn ? PG_CATALOG : INFORMATION).get(relation.name());
        boolean isWhole = relation.name().equals("pg_type") || relation.name().equals("pg_authid");
        if (isOwn && BuiltIns.has(relation.name()) && !isWhole) {
            rows.addAll(BuiltIns.rows(relation));
        }
        if (writer != null) {
            writer.accept(context(session, relation.name().equals("pg_sequences")), rows);
        } else if (isOwn) {
            host.rows(relation.name(), new ModelNumbers(context(session)))
                    .forEach(row -> add(rows, row));
        }
        return rows.list();
    }

    /**
     * The name that a value of a reg type shows.
     *
     * @param session the session that reads
     * @param type the oid of the type
     * @param oid the value
     * @return the name; the number where there is no such object
     */
    public String shown(EngineSession session, int type, long oid) {
        var names = new Names(context(session));
        return switch (type) {
            case Oid.REGCLASS -> names.relationText(oid);
            case Oid.REGTYPE -> names.typeText(oid);
            case Oid.REGPROC -> names.functionText(oid);
            case Oid.REGPROCEDURE -> names.procedureText(oid);
            case Oid.REGNAMESPACE -> names.namespaceText(oid);
            case Oid.REGROLE -> names.roleText(oid);
            default -> Long.toString(oid);
        };
    }

    private static void add(Rows rows, Map<String, @Nullable Object> row) {
        var pairs = new ArrayList<@Nullable Object>();
        row.forEach((column, value) -> {
            pairs.add(column);
            pairs.add(value);
        });
        rows.add(pairs.toArray());
    }

    CatalogHost host() {
        return host;
    }

    /** The schema as a session sees it now. */
    Context context(EngineSession session) {
        return context(session, false);
    }

    private Context context(EngineSession session, boolean isAnew) {
        return new Context(session, model(session, isAnew), host);
    }

    private Model model(EngineSession session, boolean isAnew) {
        if (isAnew) {
            return new Model(Inspection.describe(session));
        }
        if (Inspection.hasTemporaryObjects(session)) {
            return forStatement(session);
        }
        long version = session.schemaVersion();
        Known current = known;
        if (current == null || current.version != version) {
            current = new Known(version, new Model(Inspection.describe(session)));
            known = current;
        }
        return current.model;
    }

    private Model forStatement(EngineSession session) {
        Own current = own;
        if (current == null
                || current.session != session
                || current.statement != session.statementNumber()) {
            current =
                    new Own(
                            session,
                            session.statementNumber(),
                            new Model(Inspection.describe(session)));
            own = current;
        }
        return current.model;
    }
}

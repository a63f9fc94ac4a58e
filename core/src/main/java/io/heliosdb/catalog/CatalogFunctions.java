package io.heliosdb.catalog;

import io.heliosdb.engine.FunctionLibrary;
import io.heliosdb.engine.SqlFunction;
import io.heliosdb.pg.Oid;

import java.util.ArrayList;
import java.util.List;

/** The functions of this package, by their names in SQL. */
public final class CatalogFunctions implements FunctionLibrary {
    private static final List<SqlFunction> ALL = all();

    /** For {@link java.util.ServiceLoader}. */
    public CatalogFunctions() {}

    @Override
    public List<SqlFunction> functions() {
        return ALL;
    }

    private static List<SqlFunction> all() {
        var list = new ArrayList<SqlFunction>();
        text(list, NameFunctions.class, "format_type", "formatType", Oid.OID, Oid.INT4);
        add(list, NameFunctions.class, "helios_regclass", "regclass", Oid.REGCLASS);
        add(list, NameFunctions.class, "helios_regtype", "regtype", Oid.REGTYPE);
        add(list, NameFunctions.class, "helios_regproc", "regproc", Oid.REGPROC);
        add(list, NameFunctions.class, "helios_regprocedure", "regprocedure", Oid.REGPROCEDURE);
        add(list, NameFunctions.class, "helios_regnamespace", "regnamespace", Oid.REGNAMESPACE);
        add(list, NameFunctions.class, "helios_regrole", "regrole", Oid.REGROLE);
        text(list, NameFunctions.class, "helios_regclass_text", "regclassText");
        text(list, NameFunctions.class, "helios_regtype_text", "regtypeText");
        text(list, NameFunctions.class, "helios_regproc_text", "regprocText");
        text(list, NameFunctions.class, "helios_regprocedure_text", "regprocedureText");
        text(list, NameFunctions.class, "helios_regnamespace_text", "regnamespaceText");
        text(list, NameFunctions.class, "helios_regrole_text", "regroleText");
        add(list, NameFunctions.class, "to_regclass", "toRegclass", Oid.REGCLASS, Oid.TEXT);
        add(list, NameFunctions.class, "to_regtype", "toRegtype", Oid.REGTYPE, Oid.TEXT);
        add(list, NameFunctions.class, "to_regproc", "toRegproc", Oid.REGPROC, Oid.TEXT);
        add(
                list,
                NameFunctions.class,
                "to_regprocedure",
                "toRegprocedure",
                Oid.REGPROCEDURE,
                Oid.TEXT);
        add(
                list,
                NameFunctions.class,
                "to_regnamespace",
                "toRegnamespace",
                Oid.REGNAMESPACE,
                Oid.TEXT);
        add(list, NameFunctions.class, "to_regrole", "toRegrole", Oid.REGROLE, Oid.TEXT);
        add(list, NameFunctions.class, "pg_get_userbyid", "userById", Oid.NAME, Oid.OID);
        add(
                list,
                NameFunctions.class,
                "current_schemas",
                "currentSchemas",
                Oid.NAME_ARRAY,
                Oid.BOOL);
        visible(list, "pg_table_is_visible", "isTableVisible");
        visible(list, "pg_type_is_visible", "isTypeVisible");
        visible(list, "pg_function_is_visible", "isFunctionVisible");
        for (String kind :
                List.of(
                        "operator",
                        "opclass",
                        "opfamily",
                        "collation",
                        "conversion",
                        "statistics_obj",
                        "ts_parser",
                        "ts_dict",
                        "ts_template",
                        "ts_config")) {
            visible(list, "pg_" + kind + "_is_visible", "isBuiltInVisible");
        }
        definitions(list);
        privileges(list);
        sizes(list);
        arrays(list);
        list.add(new SqlFunction("pg_get_keywords", KeywordRows.class, "keywords"));
        return List.copyOf(list);
    }

    private static void definitions(List<SqlFunction> list) {
        Class<?> owner = DefinitionFunctions.class;
        text(list, owner, "pg_get_indexdef", "indexDefinition", Oid.OID, Oid.INT4, Oid.BOOL);
        text(list, owner, "pg_get_constraintdef", "constraintDefinition", Oid.OID, Oid.BOOL);
        text(list, owner, "pg_get_viewdef", "viewDefinition");
        text(list, owner, "pg_get_ruledef", "ruleDefinition", Oid.OID, Oid.BOOL);
        text(list, owner, "pg_get_triggerdef", "triggerDefinition", Oid.OID, Oid.BOOL);
        text(list, owner, "pg_get_expr", "expression", Oid.TEXT, Oid.OID, Oid.BOOL);
        text(list, owner, "pg_get_serial_sequence", "serialSequence", Oid.TEXT, Oid.TEXT);
        text(list, owner, "pg_get_partkeydef", "partitionKey", Oid.OID);
        text(list, owner, "pg_partition_ancestors", "partitionKey", Oid.OID);
        text(list, owner, "obj_description", "description", Oid.OID, Oid.NAME);
        text(list, owner, "col_description", "columnDescription", Oid.OID, Oid.INT4);
        text(list, owner, "shobj_description", "sharedDescription", Oid.OID, Oid.NAME);
        text(list, owner, "pg_get_statisticsobjdef_columns", "partitionKey", Oid.OID);
        text(list, RoutineFunctions.class, "pg_get_function_arguments", "arguments", Oid.OID);
        text(
                list,
                RoutineFunctions.class,
                "pg_get_function_identity_arguments",
                "identityArguments",
                Oid.OID);
        text(list, RoutineFunctions.class, "oidvectortypes", "typeNames");
        text(list, RoutineFunctions.class, "pg_get_function_result", "result", Oid.OID);
        text(list, RoutineFunctions.class, "pg_get_functiondef", "definition", Oid.OID);
        text(
                list,
                RoutineFunctions.class,
                "pg_get_function_arg_default",
                "argumentDefault",
                Oid.OID,
                Oid.INT4);
        text(list, RoutineFunctions.class, "pg_get_function_sqlbody", "sqlBody", Oid.OID);
    }

    private static void privileges(List<SqlFunction> list) {
        for (String kind :
                List.of(
                        "table",
                        "schema",
                        "database",
                        "function",
                        "sequence",
                        "type",
                        "language",
                        "tablespace",
                        "server",
                        "foreign_data_wrapper",
                        "any_column")) {
            list.add(
                    new SqlFunction(
                            "has_" + kind + "_privilege",
                            PrivilegeFunctions.class,
                            "hasPrivilege",
                            Oid.BOOL,
                            List.of()));
        }
        add(list, PrivilegeFunctions.class, "has_column_privilege", "hasColumnPrivilege", Oid.BOOL);
        add(list, PrivilegeFunctions.class, "pg_has_role", "hasRole", Oid.BOOL);
        add(list, PrivilegeFunctions.class, "row_security_active", "isRowSecurityActive", Oid.BOOL);
    }

    private static void sizes(List<SqlFunction> list) {
        Class<?> owner = ServerFunctions.class;
        for (String name : List.of("pg_relation_size", "pg_total_relation_size", "pg_table_size")) {
            add(list, owner, name, "relationSize", Oid.INT8);
        }
        add(list, owner, "pg_indexes_size", "indexesSize", Oid.INT8);
        add(list, owner, "pg_database_size", "databaseSize", Oid.INT8);
        text(list, owner, "pg_size_pretty", "prettySize");
        add(list, owner, "pg_postmaster_start_time", "started", Oid.TIMESTAMPTZ);
        add(list, owner, "pg_conf_load_time", "started", Oid.TIMESTAMPTZ);
        add(list, owner, "pg_my_temp_schema", "temporarySchema", Oid.OID);
        add(list, owner, "pg_is_other_temp_schema", "isOtherTemporarySchema", Oid.BOOL, Oid.OID);
        add(list, owner, "pg_relation_is_publishable", "isPublishable", Oid.BOOL);
        text(list, owner, "pg_tablespace_location", "tablespaceLocation", Oid.OID);
        text(list, owner, "getdatabaseencoding", "databaseEncoding");
        add(list, owner, "inet_server_addr", "noAddress", Oid.TEXT);
        add(list, owner, "inet_client_addr", "noAddress", Oid.TEXT);
        add(list, owner, "inet_server_port", "noPort", Oid.INT4);
        add(list, owner, "inet_client_port", "noPort", Oid.INT4);
    }

    private static void arrays(List<SqlFunction> list) {
        Class<?> owner = ArrayFunctions.class;
        add(list, owner, "array_remove", "remove", Oid.TEXT_ARRAY);
        text(list, owner, "array_to_string", "toText");
        add(list, owner, "array_upper", "upper", Oid.INT4);
        add(list, owner, "array_lower", "lower", Oid.INT4);
        add(list, owner, "array_position", "position", Oid.INT4);
    }

    private static void visible(List<SqlFunction> list, String name, String method) {
        add(list, NameFunctions.class, name, method, Oid.BOOL, Oid.OID);
    }

    private static void text(
            List<SqlFunction> list, Class<?> owner, String name, String method, Integer... types) {
        add(list, owner, name, method, Oid.TEXT, types);
    }

    private static void add(
            List<SqlFunction> list,
            Class<?> owner,
            String name,
            String method,
            int result,
            Integer... types) {
        list.add(new SqlFunction(name, owner, method, result, List.of(types)));
    }
}

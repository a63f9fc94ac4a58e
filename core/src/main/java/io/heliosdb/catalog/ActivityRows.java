package io.heliosdb.catalog;

import io.heliosdb.catalog.CatalogHost.SessionInfo;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgArray;

/** What runs now: pg_stat_activity, pg_settings, pg_prepared_statements and pg_cursors. */
final class ActivityRows {
    private ActivityRows() {}

    static void activity(Context context, Rows rows) {
        for (SessionInfo session : context.host().sessions()) {
            rows.add(
                    "datid",
                    Context.DATABASE,
                    "datname",
                    context.host().database(),
                    "pid",
                    session.pid(),
                    "usesysid",
                    RoleRows.oid(session.user()),
                    "usename",
                    session.user(),
                    "application_name",
                    session.application(),
                    "backend_start",
                    session.started(),
                    "client_addr",
                    session.address().isEmpty() ? null : session.address(),
                    "xact_start",
                    session.transactionStart().orElse(null),
                    "query_start",
                    session.queryStart().orElse(null),
                    "state_change",
                    session.stateChange(),
                    "wait_event_type",
                    session.waits().map(CatalogHost.Wait::type).orElse(null),
                    "wait_event",
                    session.waits().map(CatalogHost.Wait::event).orElse(null),
                    "state",
                    session.state(),
                    "query",
                    session.query(),
                    "backend_type",
                    "client backend");
        }
    }

    static void settings(Context context, Rows rows) {
        for (var setting : context.host().settings(context.session())) {
            rows.add(
                    "name",
                    setting.name(),
                    "setting",
                    setting.value(),
                    "category",
                    setting.name().contains(".")
                            ? "Customized Options"
                            : "Client Connection Defaults",
                    "short_desc",
                    "",
                    "context",
                    setting.isFixed() ? "internal" : "user",
                    "vartype",
                    setting.type(),
                    "source",
                    setting.value().equals(setting.reset()) ? "default" : "session",
                    "boot_val",
                    setting.reset(),
                    "reset_val",
                    setting.reset(),
                    "pending_restart",
                    false);
        }
    }

    static void prepared(Context context, Rows rows) {
        for (var each : context.session().services().preparedStatements()) {
            rows.add(
                    "name",
                    each.name(),
                    "statement",
                    each.statement(),
                    "prepare_time",
                    each.preparedAt(),
                    "parameter_types",
                    PgArray.of(
                            Oid.OID,
                            each.parameterOids().stream().map(Integer::longValue).toList()),
                    "from_sql",
                    each.isFromSql(),
                    "generic_plans",
                    0L,
                    "custom_plans",
                    0L);
        }
    }

    static void cursors(Context context, Rows rows) {
        for (var each : context.session().services().cursors()) {
            rows.add(
                    "name",
                    each.name(),
                    "statement",
                    each.statement(),
                    "is_holdable",
                    each.isHold(),
                    "is_binary",
                    each.isBinary(),
                    "is_scrollable",
                    each.isScrollable(),
                    "creation_time",
                    each.createdAt());
        }
    }
}

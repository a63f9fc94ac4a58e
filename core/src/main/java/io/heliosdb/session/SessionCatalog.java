package io.heliosdb.session;

import io.heliosdb.catalog.CatalogHost;
import io.heliosdb.catalog.ObjectNumbers;
import io.heliosdb.engine.EngineSession;
import io.heliosdb.engine.RowEvent;
import io.heliosdb.engine.TableId;
import io.heliosdb.sql.FunctionTriggerDefinition;
import io.heliosdb.sql.TriggerDefinition.Timing;
import io.heliosdb.trigger.Trigger;
import io.heliosdb.trigger.TriggerAction;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the catalog shows of roles, sessions, settings and triggers. Thread-safe. */
final class SessionCatalog implements CatalogHost {
    private final Instance instance;
    private final OffsetDateTime started = OffsetDateTime.now(ZoneOffset.UTC);

    SessionCatalog(Instance instance) {
        this.instance = instance;
    }

    @Override
    public List<RoleInfo> roles() {
        return instance.roles().all().stream()
                .map(role ->
                        new RoleInfo(
                                role.name(),
                                role.isSuperuser(),
                                role.canLogin(),
                                role.canReplicate(),
                                role.connectionLimit(),
                                role.verifier() != null))
                .toList();
    }

    @Override
    public List<SessionInfo> sessions() {
        return instance.sessions().stream().map(SessionCatalog::session).toList();
    }

    private static SessionInfo session(Session session) {
        var now = session.activity();
        boolean isActive = now.state().equals("active");
        Wait waits =
                isActive ? new Wait("Lock", "transactionid") : new Wait("Client", "ClientRead");
        return new SessionInfo(
                session.pid(),
                session.user(),
                session.applicationName(),
                session.clientAddress(),
                session.started(),
                now.state(),
                Activity.shown(now.query()),
                Optional.ofNullable(now.queryStart()).map(SessionCatalog::moment),
                moment(now.changed()),
                Optional.ofNullable(now.transactionStart()).map(SessionCatalog::moment),
                isActive && !session.isBlocked() ? Optional.empty() : Optional.of(waits));
    }

    private static OffsetDateTime moment(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<SettingInfo> settings(EngineSession session) {
        var infos = new ArrayList<SettingInfo>();
        for (var setting : Setting.all()) {
            String value = session.services().setting(setting.name(), true);
            String boot = setting.show(setting.boot());
            infos.add(
                    new SettingInfo(
                            setting.name(),
                            value == null ? boot : value,
                            type(setting.kind()),
                            boot,
                            setting.isFixed()));
        }
        return infos;
    }

    private static String type(Setting.Kind kind) {
        return switch (kind) {
            case Setting.Kind.Flag ignored -> "bool";
            case Setting.Kind.Whole ignored -> "integer";
            case Setting.Kind.Millis ignored -> "integer";
            case Setting.Kind.Real ignored -> "real";
            case Setting.Kind.Choice ignored -> "enum";
            case Setting.Kind.Text ignored -> "string";
            case Setting.Kind.Zone ignored -> "string";
            case Setting.Kind.DateStyle ignored -> "string";
            case Setting.Kind.Encoding ignored -> "string";
        };
    }

    @Override
    public List<TriggerInfo> triggers(EngineSession session) {
        return instance.triggers().committed().all().stream()
                .filter(each -> !each.isRule())
                .map(SessionCatalog::trigger)
                .toList();
    }

    private static int timing(Timing timing) {
        return switch (timing) {
            case BEFORE -> 1 << 1;
            case AFTER -> 0;
            case INSTEAD -> 1 << 6;
        };
    }

    private static TriggerInfo trigger(Trigger trigger) {
        int type = (trigger.isRow() ? 1 : 0) | timing(trigger.timing());
        for (RowEvent event : trigger.events()) {
            type |=
                    switch (event) {
                        case INSERT -> 1 << 2;
                        case DELETE -> 1 << 3;
                        case UPDATE -> 1 << 4;
                        case TRUNCATE -> 1 << 5;
                    };
        }
        var function =
                trigger.action() instanceof TriggerAction.CallFunction call
                        ? Optional.of(call)
                        : Optional.<TriggerAction.CallFunction>empty();
        var definition = function.map(TriggerAction.CallFunction::definition);
        return new TriggerInfo(
                trigger.oid(),
                trigger.table(),
                trigger.name(),
                type,
                trigger.columns(),
                trigger.mode(),
                function.map(TriggerAction.CallFunction::function).orElse(0),
                definition.map(FunctionTriggerDefinition::arguments).orElse(List.of()),
                definition.flatMap(FunctionTriggerDefinition::condition),
                definition
                        .filter(FunctionTriggerDefinition::isConstraint)
                        .map(each -> new Waits(each.isDeferrable(), each.isDeferred())),
                definition.flatMap(FunctionTriggerDefinition::oldTable),
                definition.flatMap(FunctionTriggerDefinition::newTable),
                trigger.source());
    }

    @Override
    public List<Map<String, @Nullable Object>> routines(
            EngineSession session, ObjectNumbers names) {
        return instance.routines().committed().all().stream()
                .map(each -> RoutineInfo.row(each, names))
                .toList();
    }

    @Override
    public List<String> routineDefaults(long oid) {
        var routine = instance.routines().committed().find((int) oid);
        return routine == null
                ? List.of()
                : routine.definition().inputs().stream()
                        .flatMap(each -> each.defaultText().stream())
                        .toList();
    }

    @Override
    public List<Map<String, @Nullable Object>> rows(String table, ObjectNumbers names) {
        return switch (table) {
            case "pg_replication_slots" -> SlotInfo.slots(instance);
            case "pg_stat_replication" -> SlotInfo.senders(instance);
            default ->
                    PublicationInfo.rows(
                            table,
                            instance.publications().committed(),
                            instance.engine().schema(),
                            names::namespace);
        };
    }

    @Override
    public String replicaIdentity(TableId table) {
        return String.valueOf(instance.publications().committed().identity(table).kind());
    }

    @Override
    public OffsetDateTime started() {
        return started;
    }

    @Override
    public String database() {
        return Instance.DATABASE;
    }
}

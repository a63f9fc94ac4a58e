package io.heliosdb.session;

import io.heliosdb.engine.EngineSession;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.TextStyle;
import io.heliosdb.pubsub.ListenAction;
import io.heliosdb.pubsub.Message;
import io.heliosdb.pubsub.PubSub;
import io.heliosdb.pubsub.Subscription;
import io.heliosdb.replication.SessionPublications;
import io.heliosdb.trigger.SessionTriggers;
import io.heliosdb.trigger.plpgsql.PlpgsqlRuntime;
import io.heliosdb.trigger.routine.Routine;
import io.heliosdb.trigger.routine.SessionRoutines;

import org.jspecify.annotations.Nullable;

import java.time.ZoneId;
import java.util.List;

/**
 * What the parts of one session share: its identity, settings, rows, effects, triggers and
 * transaction. Confined to the thread that uses the session.
 */
final class SessionState {
    private final Instance instance;
    private final int pid;
    private final int secretKey;
    private final String loginUser;
    private final SessionClient client;
    private final Settings settings;
    private final Effects effects;
    private final Subscription deliveries;
    private final EngineSession rows;
    private final SessionTriggers triggers;
    private final SessionRoutineHost routineHost;
    private final SessionRoutines routines;
    private final SessionPublications publications;
    private final Cancellation cancellation;
    private final TextStyles styles;
    private final Portals portals;
    private final PreparedStatements statements;
    private final SessionWork work;
    private final TransactionBlock block;
    private SearchPath searchPath;

    /** Written by the session's thread, read by the one that sends notifications. */
    private volatile boolean takesGaps;

    private String searchPathSetting = "";
    private String searchPathUser = "";
    private int appliedVersion = -1;
    private long appliedSchemaVersion = -1;

    SessionState(
            Instance instance, int pid, int secretKey, SessionRequest request, Settings settings) {
        this.instance = instance;
        this.pid = pid;
        this.secretKey = secretKey;
        loginUser = request.user();
        this.client = request.client();
        this.settings = settings;
        effects = new Effects(instance.options().transactionBytesMax());
        deliveries = instance.pubSub().openSubscription(instance.listenOptions(client));
        rows = instance.engine().newSession(new SessionFunctions(this));
        routineHost = new SessionRoutineHost(this);
        routines =
                new SessionRoutines(
                        instance.routines(),
                        rows,
                        routineHost,
                        new PlpgsqlRuntime(routineHost, rows));
        triggers =
                new SessionTriggers(
                        instance.triggers(),
                        rows,
                        new SessionTriggerHost(this),
                        routines,
                        instance.routines());
        publications =
                new SessionPublications(
                        instance.publications(), rows, new SessionReplicationHost(this));
        cancellation = new Cancellation(rows::cancel, instance.timers());
        searchPath = SearchPath.of("public", loginUser, rows, routines::signatures);
        styles = new TextStyles(settings);
        portals = new Portals(instance.options().statementsMax());
        statements = new PreparedStatements(instance.options().statementsMax());
        work = new SessionWork(this);
        block = new TransactionBlock(work);
    }

    Instance instance() {
        return instance;
    }

    PubSub pubSub() {
        return instance.pubSub();
    }

    int pid() {
        return pid;
    }

    int secretKey() {
        return secretKey;
    }

    /** Who the client authenticated as. */
    String loginUser() {
        return loginUser;
    }

    /** Who it is after SET SESSION AUTHORIZATION. */
    String sessionUser() {
        return settings.value("session_authorization");
    }

    /** Who it acts as after SET ROLE. */
    String user() {
        return settings.user();
    }

    void requireSuperuser(String otherwise) {
        if (!instance.roles().find(loginUser).map(Role::isSuperuser).orElse(false)) {
            throw new PgException(SqlState.INSUFFICIENT_PRIVILEGE, otherwise);
        }
    }

    Settings settings() {
        return settings;
    }

    Effects effects() {
        return effects;
    }

    Subscription deliveries() {
        return deliveries;
    }

    EngineSession rows() {
        return rows;
    }

    SessionTriggers triggers() {
        return triggers;
    }

    SessionRoutineHost routineHost() {
        return routineHost;
    }

    SessionRoutines routines() {
        return routines;
    }

    SessionPublications publications() {
        return publications;
    }

    /** The schemas of the search path that exist. */
    List<String> existingSchemas() {
        return List.of(existing(searchPath.schemas()));
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** Where names without a schema are looked up. */
    SearchPath searchPath() {
        return searchPath;
    }

    /** Tells the engine of settings that have changed since its last statement. */
    void applySettings() {
        long schemaVersion = rows.schemaVersion();
        if (settings.version() == appliedVersion && schemaVersion == appliedSchemaVersion) {
            return;
        }
        // A schema that the path names may have come or gone.
        boolean isPathOld =
                schemaVersion != appliedSchemaVersion
                        || !settings.searchPath().equals(searchPathSetting)
                        || !user().equals(searchPathUser);
        appliedVersion = settings.version();
        appliedSchemaVersion = schemaVersion;
        if (isPathOld) {
            searchPathSetting = settings.searchPath();
            searchPathUser = user();
            searchPath = SearchPath.of(searchPathSetting, user(), rows, routines::signatures);
            rows.searchPath(existing(searchPath.schemas()));
        }
        rows.timeZone(ZoneId.of(settings.value("TimeZone")));
        rows.lockTimeout(settings.lockTimeout());
    }

    private String[] existing(List<String> schemas) {
        var names = instance.engine().schema().names();
        var known = schemas.stream().filter(names::contains).toArray(String[]::new);
        return known.length == 0 ? new String[] {"public"} : known;
    }

    /** How values look by its settings. */
    TextStyle textStyle() {
        return styles.current();
    }

    /** Its portals and cursors. */
    Portals portals() {
        return portals;
    }

    /** Its prepared statements. */
    PreparedStatements statements() {
        return statements;
    }

    SessionWork work() {
        return work;
    }

    TransactionBlock block() {
        return block;
    }

    /** Notes a notification for the commit; name and payload are checked here and now. */
    void notify(String channel, String payload) {
        pubSub().requireChannel(channel);
        pubSub().requirePayload(payload);
        effects.addNotification(new Message(channel, payload));
    }

    void listen(ListenAction action) {
        pubSub().requireEnabled();
        effects.add(action);
    }

    /** Listens as heliosdb_listen does; null, or what is missing. */
    @Nullable String listenSince(String channel, @Nullable String since) {
        pubSub().requireEnabled();
        var from = since == null ? null : SinceText.parse(since, textStyle());
        var action = pubSub().listenFrom(channel, from);
        effects.add(action);
        takesGaps = true;
        var start = action.start();
        return start == null || start.gaps().isEmpty() ? null : SinceText.print(start.gaps());
    }

    /** Whether the client has shown that it knows of gaps. */
    boolean takesGaps() {
        return takesGaps;
    }

    /** Notes a change of what is listened to, also where LISTEN is switched off. */
    void listenQuietly(ListenAction action) {
        effects.add(action);
    }

    /** Channels this session listens to; what the open transaction does to them does not show. */
    List<String> listeningChannels() {
        return deliveries.channels();
    }

    /** Tells the client, unless it asked not to hear of such. */
    void notice(Report report) {
        if (report.severity().compareTo(least()) <= 0 || report.severity() == Severity.INFO) {
            client.notice(report);
        }
    }

    void warning(SqlState code, String message) {
        notice(Report.of(Severity.WARNING, code, message));
    }

    void close() {
        try {
            block.rollback();
            if (RoutineSchemas.dropTemporary(this, this::dropUsers)) {
                work.commitRowsAndEffects();
            }
        } catch (PgException e) {
            // The transaction ends with its engine session anyway.
            BrokenInvariant.log("rollback at the end of a session", e);
        } finally {
            instance.advisoryLocks().release(pid, true, true);
            deliveries.close();
            triggers.close();
            routines.close();
            rows.close();
        }
    }

    private void dropUsers(Routine routine) {
        triggers.calling(routine.oid()).forEach(triggers::dropWithFunction);
    }

    private Severity least() {
        return switch (settings.value("client_min_messages")) {
            case "error" -> Severity.PANIC;
            case "warning" -> Severity.WARNING;
            case "notice" -> Severity.NOTICE;
            case "log" -> Severity.LOG;
            default -> Severity.DEBUG;
        };
    }
}

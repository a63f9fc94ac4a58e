package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.Encoding;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The settings of one session. SET is undone when its transaction is, SET LOCAL ends with it; so
 * the values are two immutable maps, and undoing is keeping an old reference. Confined to the
 * session.
 */
final class Settings {
    /** The values at a moment, to go back to. */
    record Snapshot(Map<String, String> session, Map<String, String> local) {}

    private final Map<String, String> defaults;
    private Map<String, String> session = Map.of();
    private Map<String, String> local = Map.of();

    private long statementTimeoutMillis;
    private Duration lockTimeout = Duration.ZERO;
    private long idleInTransactionMillis;
    private boolean isSynchronous;
    private boolean notifiesWait;
    private boolean isReadOnly;
    private String searchPath = "";
    private String user = "";
    private int version;
    private String encoding = Encoding.UTF8.name();
    private Consumer<Encoding> onEncoding = changed -> {};

    /**
     * Starts with defaults that differ from PostgreSQL's own: of the configuration, the role or the
     * start-up packet.
     */
    Settings(Map<String, String> overrides) {
        var accepted = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        overrides.forEach((name, value) -> accepted.put(name, Setting.require(name).accept(value)));
        defaults = accepted;
        refresh();
    }

    /** Tells of the client's encoding now, unless it is UTF8, and whenever it changes. */
    void onEncoding(Consumer<Encoding> listener) {
        onEncoding = listener;
        encoding = Encoding.UTF8.name();
        refreshEncoding();
    }

    private void refreshEncoding() {
        var now = value("client_encoding");
        if (!now.equals(encoding)) {
            encoding = now;
            onEncoding.accept(Encoding.find(now).orElseThrow());
        }
    }

    /** The value of a setting in the form in which it is kept. */
    String value(Setting setting) {
        var name = key(setting);
        var value = local.get(name);
        if (value == null) {
            value = session.get(name);
        }
        return value == null ? boot(setting) : value;
    }

    String value(String name) {
        return value(Setting.require(name));
    }

    String shown(String name) {
        var setting = Setting.require(name);
        return setting.show(value(setting));
    }

    boolean has(String name) {
        return Setting.find(name).isPresent()
                && (name.indexOf('.') < 0
                        || local.containsKey(lower(name))
                        || session.containsKey(lower(name)));
    }

    /** Sets a value for the session, or until the transaction ends; null takes the default back. */
    void set(Setting setting, @Nullable String value, boolean isLocal) {
        requireChangeable(setting);
        put(setting, value == null ? null : setting.accept(value), isLocal);
    }

    /** Sets what users may not, such as who the session runs as. */
    void force(String name, String value, boolean isLocal) {
        put(Setting.require(name), value, isLocal);
    }

    /** Takes the defaults back, of all but who the session acts as. */
    void resetAll() {
        var kept = new TreeMap<String, String>();
        session.forEach((name, value) -> {
            if (Setting.require(name).isFixed() || name.equals("role")) {
                kept.put(name, value);
            }
        });
        session = kept;
        local = Map.of();
        refresh();
    }

    Snapshot snapshot() {
        return new Snapshot(session, local);
    }

    void restore(Snapshot snapshot) {
        if (!session.equals(snapshot.session) || !local.equals(snapshot.local)) {
            session = snapshot.session;
            local = snapshot.local;
            refresh();
        }
    }

    void endLocal() {
        if (!local.isEmpty()) {
            local = Map.of();
            refresh();
        }
    }

    /** The settings that a client is told of, in PostgreSQL's order. */
    Map<String, String> reported() {
        var reported = new LinkedHashMap<String, String>();
        for (var setting : Setting.all()) {
            if (setting.isReported()) {
                reported.put(setting.name(), value(setting));
            }
        }
        return reported;
    }

    long statementTimeoutMillis() {
        return statementTimeoutMillis;
    }

    /** Zero is no limit. */
    Duration lockTimeout() {
        return lockTimeout;
    }

    long idleInTransactionMillis() {
        return idleInTransactionMillis;
    }

    boolean isSynchronous() {
        return isSynchronous;
    }

    /** Whether a transaction that only notifies waits for the disk. */
    boolean notifiesWait() {
        return notifiesWait;
    }

    /** Whether the transaction may not write. */
    boolean isReadOnly() {
        return isReadOnly;
    }

    String searchPath() {
        return searchPath;
    }

    /** Who the session acts as: the role that was set, or the session's user. */
    String user() {
        return user;
    }

    private void put(Setting setting, @Nullable String accepted, boolean isLocal) {
        if (isLocal) {
            local = with(local, setting, accepted == null ? boot(setting) : accepted);
        } else {
            session = with(session, setting, accepted);
            local = with(local, setting, null);
        }
        refresh();
    }

    private static Map<String, String> with(
            Map<String, String> map, Setting setting, @Nullable String value) {
        var changed = new TreeMap<>(map);
        if (value == null) {
            changed.remove(key(setting));
        } else {
            changed.put(key(setting), value);
        }
        return changed;
    }

    private String boot(Setting setting) {
        if (setting.name().startsWith("transaction_")) {
            // The modes of a transaction are those that the session gives all of them.
            var byDefault = Setting.find("default_" + setting.name());
            if (byDefault.isPresent()) {
                return value(byDefault.get());
            }
        }
        return defaults.getOrDefault(setting.name(), setting.boot());
    }

    /** Changes with every change of a value. */
    int version() {
        return version;
    }

    private void refresh() {
        version++;
        statementTimeoutMillis = Long.parseLong(value("statement_timeout"));
        lockTimeout = Duration.ofMillis(Long.parseLong(value("lock_timeout")));
        idleInTransactionMillis = Long.parseLong(value("idle_in_transaction_session_timeout"));
        isSynchronous = !value("synchronous_commit").equals("off");
        notifiesWait = value("heliosdb.synchronous_notify").equals("on");
        isReadOnly = value("transaction_read_only").equals("on");
        searchPath = value("search_path");
        refreshEncoding();
        var role = value("role");
        user = role.equals("none") ? value("session_authorization") : role;
    }

    private static void requireChangeable(Setting setting) {
        if (setting.isFixed()) {
            throw new PgException(
                    SqlState.CANT_CHANGE_RUNTIME_PARAM,
                    "parameter \"" + setting.name() + "\" cannot be changed");
        }
    }

    private static String key(Setting setting) {
        return lower(setting.name());
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

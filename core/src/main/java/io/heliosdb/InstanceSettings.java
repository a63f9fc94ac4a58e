package io.heliosdb;

import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Setting;
import io.heliosdb.config.Settings;
import io.heliosdb.engine.EngineOptions;
import io.heliosdb.engine.WalOptions;
import io.heliosdb.pubsub.HistoryRules;
import io.heliosdb.pubsub.OverflowPolicy;
import io.heliosdb.pubsub.PubSubOptions;
import io.heliosdb.session.InstanceOptions;
import io.heliosdb.spi.HttpRequest;
import io.heliosdb.spi.ServeRequest;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A configuration in the words of the parts that it sets up. */
final class InstanceSettings {
    /** Of the memory that a database may use, the share of its page cache. */
    private static final int CACHE_SHARE = 4;

    private InstanceSettings() {}

    /** How an instance is opened; {@code socket} is where others may join it, empty for nowhere. */
    static InstanceOptions instance(HeliosConfig config, String socket) {
        var defaults = InstanceOptions.of(EngineOptions.inMemory());
        var engine =
                new EngineOptions(
                        config.dataDirectory(),
                        cacheKb(config),
                        Math.toIntExact(config.get(Settings.PAGE_SIZE)),
                        "",
                        socket,
                        wal(config));
        return new InstanceOptions(
                engine,
                pubSub(config),
                Math.max(defaults.maxConnections(), config.get(Settings.MAX_CONNECTIONS)),
                config.get(Settings.MAX_TRANSACTION_BYTES),
                defaults.planCacheSize(),
                defaults.statementsMax(),
                config.get(Settings.MAX_REPLICATION_SLOTS),
                config.get(Settings.MAX_WAL_SENDERS),
                config.get(Settings.IDLE_REPLICATION_SLOT_TIMEOUT),
                sessionDefaults(config));
    }

    /** How the log is kept; empty where there is none. */
    private static Optional<WalOptions> wal(HeliosConfig config) {
        if (config.dataDirectory().isEmpty() || !config.get(Settings.ENABLE_WAL)) {
            return Optional.empty();
        }
        var defaults = WalOptions.defaults();
        var log =
                defaults.log()
                        .withKeep(
                                config.get(Settings.WAL_KEEP_SIZE),
                                config.get(Settings.WAL_KEEP_TIME))
                        .withHoldBytesMax(config.get(Settings.MAX_SLOT_WAL_KEEP_SIZE));
        return Optional.of(
                defaults.withLog(log)
                        .withCheckpoints(
                                config.get(Settings.MAX_WAL_SIZE),
                                config.get(Settings.CHECKPOINT_TIMEOUT))
                        .withTransactionBytesMax(config.get(Settings.MAX_TRANSACTION_BYTES)));
    }

    private static int cacheKb(HeliosConfig config) {
        return config.isSet(Settings.MEMORY_LIMIT_MB)
                ? config.get(Settings.MEMORY_LIMIT_MB) * 1024 / CACHE_SHARE
                : EngineOptions.inMemory().cacheKb();
    }

    static ServeRequest serve(HeliosConfig config) {
        return new ServeRequest(
                config.get(Settings.LISTEN_ADDRESS),
                config.get(Settings.PORT),
                config.get(Settings.AUTH),
                config.get(Settings.MAX_CONNECTIONS),
                config.get(Settings.MAX_MESSAGE_BYTES),
                config.get(Settings.AUTHENTICATION_TIMEOUT),
                config.get(Settings.CLIENT_WRITE_TIMEOUT),
                config.get(Settings.TLS_CERT_FILE),
                config.get(Settings.TLS_KEY_FILE));
    }

    static HttpRequest http(HeliosConfig config) {
        var limits =
                new HttpRequest.Limits(
                        config.get(HttpSettings.MAX_PEERS),
                        config.get(HttpSettings.MAX_SUBSCRIPTIONS),
                        Math.toIntExact(config.get(HttpSettings.MAX_FRAME_BYTES)),
                        config.get(HttpSettings.MAX_MESSAGES_PER_SECOND),
                        config.get(HttpSettings.QUEUE_SIZE),
                        config.get(HttpSettings.MAX_UNACKED),
                        config.get(HttpSettings.IDLE_TIMEOUT),
                        config.get(HttpSettings.WRITE_TIMEOUT));
        var access =
                new HttpRequest.Access(
                        list(config.get(HttpSettings.ANONYMOUS_CHANNELS)),
                        list(config.get(HttpSettings.ALLOWED_HOSTS)),
                        list(config.get(HttpSettings.ALLOWED_ORIGINS)),
                        config.get(HttpSettings.JWT_SECRET_FILE),
                        config.get(HttpSettings.JWKS_FILE),
                        config.get(HttpSettings.JWT_ISSUER),
                        config.get(HttpSettings.JWT_AUDIENCE),
                        config.get(HttpSettings.API_KEYS_FILE));
        return new HttpRequest(
                config.get(HttpSettings.LISTEN_ADDRESS),
                config.get(HttpSettings.PORT),
                limits,
                access,
                config.dataDirectory());
    }

    /** The words of a list that commas separate. */
    private static List<String> list(Optional<String> text) {
        return text.stream()
                .flatMap(all -> Arrays.stream(all.split(",", -1)))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static PubSubOptions pubSub(HeliosConfig config) {
        var options =
                PubSubOptions.defaults()
                        .withEnabled(config.get(Settings.PUBSUB_ENABLED))
                        .withMaxChannels(config.get(Settings.MAX_CHANNELS))
                        .withMaxPayloadBytes(
                                Math.toIntExact(config.get(Settings.MAX_PAYLOAD_BYTES)))
                        .withNotificationQueueSize(config.get(Settings.NOTIFICATION_QUEUE_SIZE))
                        .withHistory(history(config));
        Optional<String> overflow = config.get(Settings.OVERFLOW);
        return overflow.map(OverflowPolicy::valueOf)
                .or(() -> wal(config).map(log -> OverflowPolicy.CATCH_UP))
                .map(options::withOverflow)
                .orElse(options);
    }

    private static HistoryRules history(HeliosConfig config) {
        var kinds = new HashMap<String, HistoryRules.Kind>();
        config.get(Settings.HISTORY)
                .forEach((name, word) -> {
                    kinds.put(name, HistoryRules.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
                });
        return HistoryRules.of(kinds, config.get(Settings.HISTORY_MEMORY_SIZE));
    }

    private static Map<String, String> sessionDefaults(HeliosConfig config) {
        var settings = new HashMap<String, String>();
        put(settings, "statement_timeout", config, Settings.STATEMENT_TIMEOUT);
        put(settings, "lock_timeout", config, Settings.LOCK_TIMEOUT);
        put(
                settings,
                "idle_in_transaction_session_timeout",
                config,
                Settings.IDLE_IN_TRANSACTION_SESSION_TIMEOUT);
        put(settings, "idle_session_timeout", config, Settings.IDLE_SESSION_TIMEOUT);
        if (!config.get(Settings.ENABLE_WAL)) {
            settings.put("synchronous_commit", "off");
        }
        return settings;
    }

    private static void put(
            Map<String, String> settings,
            String name,
            HeliosConfig config,
            Setting<Duration> setting) {
        settings.put(name, String.valueOf(config.get(setting).toMillis()));
    }
}

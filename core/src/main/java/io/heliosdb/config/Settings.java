package io.heliosdb.config;

import io.heliosdb.config.SettingType.Assignments;
import io.heliosdb.config.SettingType.Choice;
import io.heliosdb.config.SettingType.Count;
import io.heliosdb.config.SettingType.Location;
import io.heliosdb.config.SettingType.Maybe;
import io.heliosdb.config.SettingType.Size;
import io.heliosdb.config.SettingType.Text;
import io.heliosdb.config.SettingType.Time;
import io.heliosdb.config.SettingType.Toggle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every key of heliosdb.toml, with its unit, bounds and default. The file, the environment and
 * docs/configuration.md follow it.
 */
public final class Settings {
    /** A database in memory has this path; nothing is written. */
    public static final Path MEMORY = Path.of(":memory:");

    private static final long KB = 1L << 10;
    private static final long MB = 1L << 20;
    private static final long GB = 1L << 30;
    private static final long TB = 1L << 40;
    private static final Duration LONGEST = Duration.ofDays(24);
    private static final Time TIME_LIMIT = new Time("ms", Duration.ZERO, LONGEST);

    /** The directory of the database; default {@code heliosdb-data} in the working directory. */
    public static final Setting<Path> PATH =
            new Setting<>(
                    "database",
                    "path",
                    new Location(),
                    Path.of("heliosdb-data"),
                    "Directory of the database; `:memory:` keeps everything in memory."
                            + " `HELIOSDB_DATA_DIR` replaces all but its last name.");

    /**
     * Memory for caches, queues and buffers, in MB, from 16 to 1048576; default 512. The launcher
     * gives it to the JVM as heap.
     */
    public static final Setting<Integer> MEMORY_LIMIT_MB =
            new Setting<>(
                    "database",
                    "memory_limit_mb",
                    new Count(16, 1_048_576),
                    512,
                    "Memory for caches, queues and buffers, in MB. The launcher gives it to the JVM"
                            + " as heap.");

    /** Whether an acknowledged commit has been flushed to disk; default true. */
    public static final Setting<Boolean> ENABLE_WAL =
            new Setting<>(
                    "database",
                    "enable_wal",
                    new Toggle(),
                    true,
                    "Whether a commit is flushed to disk before it is acknowledged; without it a"
                            + " crash loses what came after the last checkpoint.");

    /** The store's page, in bytes, from 512 to 65536; default 4096. */
    public static final Setting<Long> PAGE_SIZE =
            new Setting<>(
                    "database",
                    "page_size",
                    new Size(512, 64 * KB),
                    4 * KB,
                    "Size of the store's pages.");

    /** The longest a statement may run, in milliseconds; default 0, which is off. */
    public static final Setting<Duration> STATEMENT_TIMEOUT =
            new Setting<>(
                    "database",
                    "statement_timeout",
                    TIME_LIMIT,
                    Duration.ZERO,
                    "Longest run of a statement; then 57014.");

    /** The longest a statement may wait for a lock, in milliseconds; default 0, which is off. */
    public static final Setting<Duration> LOCK_TIMEOUT =
            new Setting<>(
                    "database",
                    "lock_timeout",
                    TIME_LIMIT,
                    Duration.ZERO,
                    "Longest wait for a lock; then 55P03.");

    /**
     * The longest a session may stay idle in a transaction, in milliseconds; default 0, which is
     * off.
     */
    public static final Setting<Duration> IDLE_IN_TRANSACTION_SESSION_TIMEOUT =
            new Setting<>(
                    "database",
                    "idle_in_transaction_session_timeout",
                    TIME_LIMIT,
                    Duration.ZERO,
                    "Longest pause inside a transaction; then the session ends with 25P03.");

    /**
     * What one transaction may hold in notifications, in bytes, from 64 kB to 1 TB; default 256 MB.
     */
    public static final Setting<Long> MAX_TRANSACTION_BYTES =
            new Setting<>(
                    "database",
                    "max_transaction_bytes",
                    new Size(64 * KB, TB),
                    256 * MB,
                    "Most that one transaction may hold in notifications, and write to the log;"
                            + " beyond it 54000.");

    /** How many rewritten statements are kept, from 0 to 1000000; default 1000. */
    public static final Setting<Integer> STATEMENT_CACHE_SIZE =
            new Setting<>(
                    "database",
                    "statement_cache_size",
                    new Count(0, 1_000_000),
                    1000,
                    "Rewritten statements that are kept for use again.");

    /** Whether LISTEN and NOTIFY work; default true, otherwise LISTEN fails with 0A000. */
    public static final Setting<Boolean> PUBSUB_ENABLED =
            new Setting<>(
                    "pubsub",
                    "enabled",
                    new Toggle(),
                    true,
                    "Whether channels can be listened to; if not, LISTEN fails with 0A000.");

    /** How many channels may be listened to at once, from 1 to 100000000; default 1000000. */
    public static final Setting<Integer> MAX_CHANNELS =
            new Setting<>(
                    "pubsub",
                    "max_channels",
                    new Count(1, 100_000_000),
                    1_000_000,
                    "Most channels that are listened to at once; beyond it LISTEN fails with"
                            + " 53400.");

    /** A payload has fewer bytes than this, from 1 to 16 MB; default 8000, as in PostgreSQL. */
    public static final Setting<Long> MAX_PAYLOAD_BYTES =
            new Setting<>(
                    "pubsub",
                    "max_payload_bytes",
                    new Size(1, 16 * MB),
                    8000L,
                    "A payload must have fewer bytes than this; else 22023.");

    /** How many transactions wait for one subscriber, from 1 to 16777216; default 65536. */
    public static final Setting<Integer> NOTIFICATION_QUEUE_SIZE =
            new Setting<>(
                    "pubsub",
                    "notification_queue_size",
                    new Count(1, 1 << 24),
                    65_536,
                    "Transactions that may wait for one subscriber before `overflow` applies. With"
                            + " CATCH_UP one that takes nothing while 8,192 come reads from the"
                            + " log before that.");

    /**
     * What happens to a subscriber whose queue is full; default: CATCH_UP where there is a log,
     * without one CLOSE in the process and REFUSE over the wire.
     */
    public static final Setting<Optional<String>> OVERFLOW =
            new Setting<>(
                    "pubsub",
                    "overflow",
                    new Maybe<>(
                            new Choice(
                                    List.of(
                                            "CATCH_UP",
                                            "DROP_OLDEST",
                                            "COALESCE",
                                            "CLOSE",
                                            "BLOCK",
                                            "REFUSE"))),
                    Optional.empty(),
                    "What happens when a subscriber's queue is full. Not set: CATCH_UP, and where"
                            + " no log is kept CLOSE in the process and REFUSE over the wire.");

    /** Where notifications are kept, by channel; default: all of them in the log. */
    public static final Setting<Map<String, String>> HISTORY =
            new Setting<>(
                    "pubsub",
                    "history",
                    new Assignments(List.of("log", "memory", "none")),
                    Map.of("*", "log"),
                    "Where the notifications of which channels are kept for those who come back;"
                            + " the longest name that matches counts, all others are in the log.");

    /** How much of the history is in memory, in bytes, from 64 kB to 64 GB; default 16 MB. */
    public static final Setting<Long> HISTORY_MEMORY_SIZE =
            new Setting<>(
                    "pubsub",
                    "history_memory_size",
                    new Size(64 * KB, 64 * GB),
                    16 * MB,
                    "Most memory for the notifications of the channels whose history is there.");

    /** Whether measurements are kept; default true. */
    public static final Setting<Boolean> METRICS_ENABLED =
            new Setting<>(
                    "monitoring",
                    "metrics_enabled",
                    new Toggle(),
                    true,
                    "Whether measurements are kept.");

    /** Whether the log tells each connection and statement; default false. */
    public static final Setting<Boolean> VERBOSE_LOGGING =
            new Setting<>(
                    "monitoring",
                    "verbose_logging",
                    new Toggle(),
                    false,
                    "Whether the log goes into detail.");

    /** The address that PostgreSQL clients connect to; default 127.0.0.1. */
    public static final Setting<String> LISTEN_ADDRESS =
            new Setting<>(
                    "server",
                    "listen_address",
                    new Text(255),
                    "127.0.0.1",
                    "Address for PostgreSQL clients.");

    /**
     * The port that PostgreSQL clients connect to, from 0 to 65535, 0 for any free one; default
     * 5432.
     */
    public static final Setting<Integer> PORT =
            new Setting<>(
                    "server",
                    "port",
                    new Count(0, 65_535),
                    5432,
                    "Port for PostgreSQL clients; 0 takes any free one.");

    /**
     * How clients prove who they are, trust or scram-sha-256; default trust, which serves loopback
     * addresses only.
     */
    public static final Setting<String> AUTH =
            new Setting<>(
                    "server",
                    "auth",
                    new Choice(List.of("trust", "scram-sha-256")),
                    "trust",
                    "How clients prove who they are; trust is refused on any address but"
                            + " loopback.");

    /** How many clients may be connected, from 1 to 1000000; default 2000. */
    public static final Setting<Integer> MAX_CONNECTIONS =
            new Setting<>(
                    "server",
                    "max_connections",
                    new Count(1, 1_000_000),
                    2000,
                    "Most connections at once; beyond it 53300.");

    /** The longest message a client may send, in bytes, from 10 kB to 1 GB; default 64 MB. */
    public static final Setting<Long> MAX_MESSAGE_BYTES =
            new Setting<>(
                    "server",
                    "max_message_bytes",
                    new Size(10 * KB, GB),
                    64 * MB,
                    "Longest message of a client; a longer one closes its connection.");

    /** The longest a client may take to log in, in seconds, from 1 s to 10 min; default 60. */
    public static final Setting<Duration> AUTHENTICATION_TIMEOUT =
            new Setting<>(
                    "server",
                    "authentication_timeout",
                    new Time("s", Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    Duration.ofMinutes(1),
                    "Longest time to log in.");

    /**
     * The longest a session may stay idle outside a transaction, in milliseconds; default 0, which
     * is off.
     */
    public static final Setting<Duration> IDLE_SESSION_TIMEOUT =
            new Setting<>(
                    "server",
                    "idle_session_timeout",
                    TIME_LIMIT,
                    Duration.ZERO,
                    "Longest pause outside a transaction; then the session ends with 57P05.");

    /**
     * The longest the server waits for a client that has stopped reading, in milliseconds, from 1
     * s; default 60 s.
     */
    public static final Setting<Duration> CLIENT_WRITE_TIMEOUT =
            new Setting<>(
                    "server",
                    "client_write_timeout",
                    new Time("ms", Duration.ofSeconds(1), LONGEST),
                    Duration.ofMinutes(1),
                    "Longest wait for a client that has stopped reading; then its connection is"
                            + " closed.");

    /**
     * The server's certificate chain as a PEM file; default none, which answers N to a request for
     * TLS.
     */
    public static final Setting<Optional<Path>> TLS_CERT_FILE =
            new Setting<>(
                    "server",
                    "tls_cert_file",
                    new Maybe<>(new Location()),
                    Optional.empty(),
                    "Certificate chain in PEM; with `tls_key_file` it switches TLS on.");

    /** The private key of the certificate as a PEM file in PKCS #8; default none. */
    public static final Setting<Optional<Path>> TLS_KEY_FILE =
            new Setting<>(
                    "server",
                    "tls_key_file",
                    new Maybe<>(new Location()),
                    Optional.empty(),
                    "Private key of the certificate, PKCS #8 in PEM.");

    /** How many replication slots there may be, from 0 to 10000; default 10. */
    public static final Setting<Integer> MAX_REPLICATION_SLOTS =
            new Setting<>(
                    "replication",
                    "max_replication_slots",
                    new Count(0, 10_000),
                    10,
                    "Most replication slots.");

    /** How many clients may stream changes, from 0 to 10000; default 10. */
    public static final Setting<Integer> MAX_WAL_SENDERS =
            new Setting<>(
                    "replication",
                    "max_wal_senders",
                    new Count(0, 10_000),
                    10,
                    "Most connections that stream changes at one time.");

    /**
     * How much log a slot may hold back beyond what is kept anyway, in bytes, from 1 MB to 1 TB;
     * default 1 GB. A slot that lags more is lost.
     */
    public static final Setting<Long> MAX_SLOT_WAL_KEEP_SIZE =
            new Setting<>(
                    "replication",
                    "max_slot_wal_keep_size",
                    new Size(MB, TB),
                    GB,
                    "Most log that a slot holds back; one that lags more is lost.");

    /**
     * How long a slot may have no reader, in seconds, up to 24 days, 0 for ever; default 0. A slot
     * without one for longer is lost, which is looked at when a checkpoint is made.
     */
    public static final Setting<Duration> IDLE_REPLICATION_SLOT_TIMEOUT =
            new Setting<>(
                    "replication",
                    "idle_replication_slot_timeout",
                    new Time("s", Duration.ZERO, LONGEST),
                    Duration.ZERO,
                    "Longest that a slot has no reader; then it is lost.");

    /** How much log is kept for resuming listeners, in bytes, from 1 MB to 1 TB; default 256 MB. */
    public static final Setting<Long> WAL_KEEP_SIZE =
            new Setting<>(
                    "retention",
                    "wal_keep_size",
                    new Size(MB, TB),
                    256 * MB,
                    "Most log that is kept for listeners that come back.");

    /** How long log is kept for resuming listeners, in seconds, up to 24 days; default 1 d. */
    public static final Setting<Duration> WAL_KEEP_TIME =
            new Setting<>(
                    "retention",
                    "wal_keep_time",
                    new Time("s", Duration.ZERO, LONGEST),
                    Duration.ofDays(1),
                    "Longest that log is kept for listeners that come back.");

    /**
     * How much log is written before a checkpoint, in bytes, from 2 MB to 1 TB; default 16 MB. A
     * sixteenth of the heap is a bound as well, since what is not in a checkpoint is in memory.
     */
    public static final Setting<Long> MAX_WAL_SIZE =
            new Setting<>(
                    "retention",
                    "max_wal_size",
                    new Size(2 * MB, TB),
                    16 * MB,
                    "Most log between two checkpoints; a sixteenth of the heap is a bound as"
                            + " well. A recovery replays so much in a second or two; more is for"
                            + " disks that are slow to flush.");

    /**
     * How long after a change the next checkpoint comes, in seconds, up to 24 days; default 5 min;
     * 0 is never by time.
     */
    public static final Setting<Duration> CHECKPOINT_TIMEOUT =
            new Setting<>(
                    "retention",
                    "checkpoint_timeout",
                    new Time("s", Duration.ZERO, LONGEST),
                    Duration.ofMinutes(5),
                    "Longest time from a change to the next checkpoint.");

    /** The name of the device, up to 255 characters; default none. A label of the measurements. */
    public static final Setting<Optional<String>> DEVICE_ID =
            new Setting<>(
                    "edge",
                    "device_id",
                    new Maybe<>(new Text(255)),
                    Optional.empty(),
                    "Name of the device, a label of the measurements.");

    /** Where the device is, up to 255 characters; default none. A label of the measurements. */
    public static final Setting<Optional<String>> LOCATION =
            new Setting<>(
                    "edge",
                    "location",
                    new Maybe<>(new Text(255)),
                    Optional.empty(),
                    "Where the device is, a label of the measurements.");

    private static final List<Setting<?>> ALL =
            Stream.of(
                            List.<Setting<?>>of(
                                    PATH,
                                    MEMORY_LIMIT_MB,
                                    ENABLE_WAL,
                                    PAGE_SIZE,
                                    STATEMENT_TIMEOUT,
                                    LOCK_TIMEOUT,
                                    IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                                    MAX_TRANSACTION_BYTES,
                                    STATEMENT_CACHE_SIZE,
                                    PUBSUB_ENABLED,
                                    MAX_CHANNELS,
                                    MAX_PAYLOAD_BYTES,
                                    NOTIFICATION_QUEUE_SIZE,
                                    OVERFLOW,
                                    HISTORY,
                                    HISTORY_MEMORY_SIZE,
                                    METRICS_ENABLED,
                                    VERBOSE_LOGGING,
                                    LISTEN_ADDRESS,
                                    PORT,
                                    AUTH,
                                    MAX_CONNECTIONS,
                                    MAX_MESSAGE_BYTES,
                                    AUTHENTICATION_TIMEOUT,
                                    IDLE_SESSION_TIMEOUT,
                                    CLIENT_WRITE_TIMEOUT,
                                    TLS_CERT_FILE,
                                    TLS_KEY_FILE),
                            HttpSettings.all(),
                            List.<Setting<?>>of(
                                    MAX_REPLICATION_SLOTS,
                                    MAX_WAL_SENDERS,
                                    MAX_SLOT_WAL_KEEP_SIZE,
                                    IDLE_REPLICATION_SLOT_TIMEOUT,
                                    WAL_KEEP_SIZE,
                                    WAL_KEEP_TIME,
                                    MAX_WAL_SIZE,
                                    CHECKPOINT_TIMEOUT,
                                    DEVICE_ID,
                                    LOCATION))
                    .flatMap(List::stream)
                    .toList();

    private Settings() {}

    /**
     * The whole table.
     *
     * @return in the order of the reference page
     */
    public static List<Setting<?>> all() {
        return ALL;
    }
}

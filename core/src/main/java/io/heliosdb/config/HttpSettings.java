package io.heliosdb.config;

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
import java.util.Optional;

/** The section {@code http}: where browsers and services connect, who may, and what bounds them. */
public final class HttpSettings {
    private static final String SECTION = "http";
    private static final long KB = 1024;
    private static final long MB = 1024 * KB;
    private static final int LIST_LENGTH_MAX = 4000;

    /** Whether the HTTP server starts; default true. */
    public static final Setting<Boolean> ENABLED =
            new Setting<>(
                    SECTION, "enabled", new Toggle(), true, "Whether the HTTP server starts.");

    /** The address of the HTTP server; default 127.0.0.1. */
    public static final Setting<String> LISTEN_ADDRESS =
            new Setting<>(
                    SECTION,
                    "listen_address",
                    new Text(255),
                    "127.0.0.1",
                    "Address for browsers and services.");

    /** The port of the HTTP server, from 0 to 65535, 0 for any free one; default 8080. */
    public static final Setting<Integer> PORT =
            new Setting<>(
                    SECTION,
                    "port",
                    new Count(0, 65_535),
                    8080,
                    "Port for browsers and services; 0 takes any free one.");

    /** How many peers may be connected, from 1 to 1000000; default 20000. */
    public static final Setting<Integer> MAX_PEERS =
            new Setting<>(
                    SECTION,
                    "max_peers",
                    new Count(1, 1_000_000),
                    20_000,
                    "Most peers at once; beyond it 503.");

    /** How many subscriptions a peer may have, from 1 to 100000; default 100. */
    public static final Setting<Integer> MAX_SUBSCRIPTIONS =
            new Setting<>(
                    SECTION,
                    "max_subscriptions",
                    new Count(1, 100_000),
                    100,
                    "Most subscriptions of a peer; beyond it 53400.");

    /** The longest message of a peer in bytes, from 1 kB to 64 MB; default 1 MB. */
    public static final Setting<Long> MAX_FRAME_BYTES =
            new Setting<>(
                    SECTION,
                    "max_frame_bytes",
                    new Size(KB, 64 * MB),
                    MB,
                    "Longest message of a peer; a longer one closes its connection with 1009.");

    /** How many messages a peer may send in a second, from 1 to 1000000; default 1000. */
    public static final Setting<Integer> MAX_MESSAGES_PER_SECOND =
            new Setting<>(
                    SECTION,
                    "max_messages_per_second",
                    new Count(1, 1_000_000),
                    1000,
                    "Most messages of a peer in a second; beyond it its connection is closed with"
                            + " 1008.");

    /** How many transactions wait for a slow subscription, from 1 to 1048576; default 1024. */
    public static final Setting<Integer> QUEUE_SIZE =
            new Setting<>(
                    SECTION,
                    "queue_size",
                    new Count(1, 1 << 20),
                    1024,
                    "Transactions that wait for a subscription of a slow peer before its policy"
                            + " applies.");

    /** How many events a peer may leave unacknowledged, from 1 to 1000000; default 1000. */
    public static final Setting<Integer> MAX_UNACKED =
            new Setting<>(
                    SECTION,
                    "max_unacked",
                    new Count(1, 1_000_000),
                    1000,
                    "Most events that a subscription with acknowledgements may have open.");

    /** How long a peer may be silent, ping or not, from 1 s to 1 d; default 1 min. */
    public static final Setting<Duration> IDLE_TIMEOUT =
            new Setting<>(
                    SECTION,
                    "idle_timeout",
                    new Time("s", Duration.ofSeconds(1), Duration.ofDays(1)),
                    Duration.ofMinutes(1),
                    "Longest silence of a peer; it is pinged after half of it.");

    /** How long a peer may leave what is sent to it unread, from 1 s to 1 h; default 10 s. */
    public static final Setting<Duration> WRITE_TIMEOUT =
            new Setting<>(
                    SECTION,
                    "write_timeout",
                    new Time("ms", Duration.ofMillis(100), Duration.ofHours(1)),
                    Duration.ofSeconds(10),
                    "Longest wait for a peer that has stopped reading; then its connection is"
                            + " closed.");

    /** The channels that anybody may subscribe to, by pattern; default none. */
    public static final Setting<Optional<String>> ANONYMOUS_CHANNELS =
            list(
                    "anonymous_channels",
                    "Channels that a peer without a token may subscribe to, such as"
                            + " `prices.*, news`.");

    /** The host names that a request may name, beside addresses and localhost; default none. */
    public static final Setting<Optional<String>> ALLOWED_HOSTS =
            list(
                    "allowed_hosts",
                    "Names by which the server is reached, beside `localhost` and addresses; other"
                            + " names are refused.");

    /** The origins whose pages may connect, beside the server's own; default none. */
    public static final Setting<Optional<String>> ALLOWED_ORIGINS =
            list(
                    "allowed_origins",
                    "Origins whose pages may connect beside the server's own, such as"
                            + " `https://shop.example`.");

    /** The file with the secret that signs tokens with HS256; default none. */
    public static final Setting<Optional<Path>> JWT_SECRET_FILE =
            file(
                    "jwt_secret_file",
                    "Secret of tokens signed with HS256, at least 32 bytes; a line break at its end"
                            + " does not count.");

    /** The file with the public keys of tokens, a JWK set; default none. */
    public static final Setting<Optional<Path>> JWKS_FILE =
            file("jwks_file", "Public keys of tokens signed with RS256 or ES256, a JWK set.");

    /** Who must have issued a token; default anybody with the key. */
    public static final Setting<Optional<String>> JWT_ISSUER =
            new Setting<>(
                    SECTION,
                    "jwt_issuer",
                    new Maybe<>(new Text(255)),
                    Optional.empty(),
                    "What claim `iss` of a token must be.");

    /** For whom a token must be; default anybody. */
    public static final Setting<Optional<String>> JWT_AUDIENCE =
            new Setting<>(
                    SECTION,
                    "jwt_audience",
                    new Maybe<>(new Text(255)),
                    Optional.empty(),
                    "What claim `aud` of a token must hold.");

    /** The file with the keys of services; default none. */
    public static final Setting<Optional<Path>> API_KEYS_FILE =
            file("api_keys_file", "Keys of services and what they grant, as JSON.");

    private HttpSettings() {}

    /**
     * The section.
     *
     * @return in the order of the reference page
     */
    public static List<Setting<?>> all() {
        return List.of(
                ENABLED,
                LISTEN_ADDRESS,
                PORT,
                MAX_PEERS,
                MAX_SUBSCRIPTIONS,
                MAX_FRAME_BYTES,
                MAX_MESSAGES_PER_SECOND,
                QUEUE_SIZE,
                MAX_UNACKED,
                IDLE_TIMEOUT,
                WRITE_TIMEOUT,
                ANONYMOUS_CHANNELS,
                ALLOWED_HOSTS,
                ALLOWED_ORIGINS,
                JWT_SECRET_FILE,
                JWKS_FILE,
                JWT_ISSUER,
                JWT_AUDIENCE,
                API_KEYS_FILE);
    }

    private static Setting<Optional<String>> list(String name, String meaning) {
        return new Setting<>(
                SECTION, name, new Maybe<>(new Text(LIST_LENGTH_MAX)), Optional.empty(), meaning);
    }

    private static Setting<Optional<Path>> file(String name, String meaning) {
        return new Setting<>(SECTION, name, new Maybe<>(new Location()), Optional.empty(), meaning);
    }
}

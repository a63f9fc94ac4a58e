package io.heliosdb.cli;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import java.io.Console;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL server is, as libpq writes it.
 *
 * @param hosts one or more {@code host:port}, separated by commas
 * @param user the role
 * @param password its password, if it is given
 * @param database the database
 * @param options further options as pgjdbc names them, {@code a=b&c=d}
 * @see <a href="https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING">PostgreSQL:
 *     connection URIs</a>
 */
record ServerUrl(
        String hosts, String user, Optional<String> password, String database, String options) {
    private static final Pattern URL =
            Pattern.compile(
                    "(?:jdbc:)?postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?([^/?@]*)(?:/([^?]*))?(?:\\?(.*))?");

    static ServerUrl parse(String text) {
        var matcher = URL.matcher(text);
        if (!matcher.matches()) {
            throw new PgException(
                            SqlState.INVALID_PARAMETER_VALUE, "not a URL of a server: " + text)
                    .withHint("It looks like postgresql://postgres@127.0.0.1:5432/postgres.");
        }
        String user = decoded(matcher.group(1)).orElse("postgres");
        return new ServerUrl(
                matcher.group(3).isEmpty() ? "127.0.0.1:5432" : matcher.group(3),
                user,
                decoded(matcher.group(2))
                        .or(() -> Optional.ofNullable(System.getenv("PGPASSWORD"))),
                decoded(matcher.group(4)).orElse(user),
                matcher.group(5) == null ? "" : "?" + matcher.group(5));
    }

    /** Connects; asks for the password on a terminal if the server wants one. */
    Connection connect(String applicationName, String queryMode) throws SQLException {
        try {
            return connect(applicationName, queryMode, password);
        } catch (SQLException refused) {
            var console = TerminalConsole.find();
            if (password.isPresent() || !wantsPassword(refused) || console.isEmpty()) {
                throw refused;
            }
            return connect(applicationName, queryMode, ask(console.get()));
        }
    }

    private Optional<String> ask(Console console) {
        char[] typed = console.readPassword("Password for user %s: ", user);
        return Optional.of(typed == null ? "" : new String(typed));
    }

    private static boolean wantsPassword(SQLException refused) {
        return String.valueOf(refused.getMessage()).contains("no password was provided");
    }

    private Connection connect(String applicationName, String queryMode, Optional<String> secret)
            throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        secret.ifPresent(word -> properties.setProperty("password", word));
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("preferQueryMode", queryMode);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    private String jdbcUrl() {
        return "jdbc:postgresql://"
                + hosts
                + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8)
                + options;
    }

    private static Optional<String> decoded(@Nullable String part) {
        if (part == null || part.isEmpty()) {
            return Optional.empty();
        }
        // A plus sign stands for itself in this part of a URL.
        return Optional.of(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
}

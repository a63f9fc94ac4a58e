package io.heliosdb.pgwire;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.proto.StartupPacket;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The session that a client asks for.
 *
 * @param user the role
 * @param database the database
 * @param settings of {@code options} first, then those with a name of their own, as PostgreSQL
 *     applies them
 * @param isReplication whether it may speak the replication protocol
 */
record StartupRequest(
        String user, String database, Map<String, String> settings, boolean isReplication) {
    /**
     * Reads the parameters of a start-up packet.
     *
     * @throws PgException FATAL 28000 without a user, 42601 for options that do not read
     */
    static StartupRequest of(StartupPacket.Startup packet) {
        var settings = new LinkedHashMap<String, String>();
        var rest = new LinkedHashMap<>(packet.parameters());
        var user = Identifier.truncate(rest.getOrDefault("user", ""));
        var database = Identifier.truncate(rest.getOrDefault("database", ""));
        var replication = rest.getOrDefault("replication", "off");
        putOptions(rest.getOrDefault("options", ""), settings);
        rest.keySet().removeAll(List.of("user", "database", "replication", "options"));
        rest.keySet().removeAll(packet.protocolOptions());
        settings.putAll(rest);

        if (user.isEmpty()) {
            throw PgException.fatal(
                    SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                    "no PostgreSQL user name specified in startup packet");
        }
        return new StartupRequest(
                user, database.isEmpty() ? user : database, settings, isReplication(replication));
    }

    /** A walsender without a database has the one there is. */
    private static boolean isReplication(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "off", "false", "no", "0", "f", "n" -> false;
            case "on", "true", "yes", "1", "t", "y", "database" -> true;
            default ->
                    throw PgException.fatal(
                            SqlState.INVALID_PARAMETER_VALUE,
                            "invalid value for parameter \"replication\": \"" + value + '"');
        };
    }

    /** {@code -c name=value}, {@code -cname=value} and {@code --name=value}. */
    private static void putOptions(String options, Map<String, String> settings) {
        var words = split(options);
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (word.equals("-c") && i + 1 < words.size()) {
                putSetting(words.get(++i), word, settings);
            } else if (word.startsWith("-c") || word.startsWith("--")) {
                putSetting(word.substring(2), word, settings);
            } else {
                throw invalid(word);
            }
        }
    }

    private static void putSetting(String pair, String word, Map<String, String> settings) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
            throw PgException.fatal(
                    SqlState.SYNTAX_ERROR,
                    (word.startsWith("--") ? "--" : "-c ") + pair + " requires a value");
        }
        settings.put(pair.substring(0, equals).replace('-', '_'), pair.substring(equals + 1));
    }

    private static PgException invalid(String word) {
        return PgException.fatal(
                SqlState.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
    }

    /** Splits at blanks; a backslash takes the next character as it is. */
    private static List<String> split(String options) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < options.length(); i++) {
            char c = options.charAt(i);
            if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                inWord = true;
                boolean escapes = c == '\\' && i + 1 < options.length();
                word.append(escapes ? options.charAt(++i) : c);
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}

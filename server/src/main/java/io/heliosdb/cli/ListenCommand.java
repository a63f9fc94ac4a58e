package io.heliosdb.cli;

import io.heliosdb.pg.Identifier;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Prints the notifications of channels as they come. */
@Command(
        name = "listen",
        description = {
            "Prints the notifications of channels as they come.",
            "",
            "Each is one line on standard output: channel, process id of the sender and payload,"
                    + " separated by tabs.",
            "A backslash, a tab and a line's end inside them are written \\\\, \\t and \\n. It ends"
                    + " on Ctrl-C, or with 1 when the",
            "connection is lost."
        },
        mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "The server: postgresql://user@host:port/database.")
    private String url = "";

    @Parameters(
            index = "1..*",
            paramLabel = "CHANNEL",
            arity = "1..*",
            description = "Channels by their exact names; nothing is folded to lower case.")
    private List<String> channels = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "End with 0 after this many notifications.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--since",
            paramLabel = "TOKEN|TIME",
            description = {
                "Begin with what was sent after a token, or since a time: -1h, '-1 day'.",
                "Then * and names that end in .* are wildcards. Where something is not kept any"
                        + " more, standard error tells.",
                "Servers other than HeliosDB-Lite cannot do this."
            })
    private Optional<String> since = Optional.empty();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws SQLException {
        try (var connection = ServerUrl.parse(url).connect("heliosdb listen", "simple")) {
            if (since.isPresent()) {
                listenSince(connection, since.get());
            } else {
                listen(connection);
            }
            spec.commandLine().getErr().println("listening to " + String.join(", ", channels));
            print(connection);
        }
        return CommandLine.ExitCode.OK;
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var channel : channels) {
                statement.execute("LISTEN " + Identifier.quote(channel));
            }
        }
    }

    /** All in one transaction, so that they are replayed in one order. */
    private void listenSince(Connection connection, String from) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement("SELECT heliosdb_listen(?, ?)")) {
            for (var channel : channels) {
                statement.setString(1, channel);
                statement.setString(2, from);
                try (var rows = statement.executeQuery()) {
                    rows.next();
                    if (rows.getString(1) != null) {
                        spec.commandLine().getErr().println("lost " + rows.getString(1));
                    }
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /**
     * Waits in the socket's read: a notification is printed as soon as it is there, and nothing
     * runs until then.
     */
    private void print(Connection connection) throws SQLException {
        var notified = connection.unwrap(PGConnection.class);
        var out = spec.commandLine().getOut();
        long printed = 0;
        while (printed < count) {
            warn(connection);
            for (var notification : notified.getNotifications(0)) {
                out.println(line(notification));
                printed++;
                if (printed == count) {
                    break;
                }
            }
        }
    }

    /** A gap comes as a notice. */
    private void warn(Connection connection) throws SQLException {
        var warning = connection.getWarnings();
        while (warning != null) {
            spec.commandLine().getErr().println(warning.getMessage());
            warning = warning.getNextWarning();
        }
        connection.clearWarnings();
    }

    private static String line(PGNotification notification) {
        return escaped(notification.getName())
                + "\t"
                + notification.getPID()
                + "\t"
                + escaped(notification.getParameter());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}

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
            paramLabel = "TOKEN",
            description = "Not supported yet: it needs the log of a later version.")
    private Optional<String> since = Optional.empty();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws SQLException {
        if (since.isPresent()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--since is not supported yet: this version keeps no history of notifications");
        }
        try (var connection = ServerUrl.parse(url).connect("heliosdb listen", "simple")) {
            listen(connection);
            spec.commandLine().getErr().println("listening to " + String.join(", ", channels));
            print(connection.unwrap(PGConnection.class));
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

    /**
     * Waits in the socket's read: a notification is printed as soon as it is there, and nothing
     * runs until then.
     */
    private void print(PGConnection connection) throws SQLException {
        var out = spec.commandLine().getOut();
        long printed = 0;
        while (printed < count) {
            for (var notification : connection.getNotifications(0)) {
                out.println(line(notification));
                printed++;
                if (printed == count) {
                    break;
                }
            }
        }
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

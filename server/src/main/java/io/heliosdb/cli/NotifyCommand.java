package io.heliosdb.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.sql.SQLException;
import java.util.concurrent.Callable;

/** Sends one notification. */
@Command(
        name = "notify",
        description = "Sends one notification; it has been committed when this ends with 0.",
        mixinStandardHelpOptions = true)
final class NotifyCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "The server: postgresql://user@host:port/database.")
    private String url = "";

    @Parameters(
            index = "1",
            paramLabel = "CHANNEL",
            description = "The channel's exact name; nothing is folded to lower case.")
    private String channel = "";

    @Parameters(
            index = "2",
            paramLabel = "PAYLOAD",
            arity = "0..1",
            description = "The text to send; empty when it is left out.")
    private String payload = "";

    @Override
    public Integer call() throws SQLException {
        try (var connection = ServerUrl.parse(url).connect("heliosdb notify", "extended");
                var statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, channel);
            statement.setString(2, payload);
            statement.execute();
        }
        return CommandLine.ExitCode.OK;
    }
}

package io.heliosdb.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;

/** A shell for SQL, and a runner of scripts. */
@Command(
        name = "sql",
        description = {
            "A shell for SQL. On a terminal it edits several lines, keeps a history and shows"
                    + " notifications as they come.",
            "Otherwise it runs the statements of its standard input and ends with 1 at the first"
                    + " that fails."
        },
        mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "The server: postgresql://user@host:port/database.")
    private String url = "";

    @Option(
            names = {"-c", "--command"},
            paramLabel = "SQL",
            description = "Run this and end; may be given several times.")
    private List<String> commands = List.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() throws SQLException, IOException {
        try (var connection = ServerUrl.parse(url).connect("heliosdb sql", "simple")) {
            if (!commands.isEmpty()) {
                return runScript(connection, Reader.of(String.join(";\n", commands)));
            }
            if (TerminalConsole.find().isPresent()) {
                new SqlShell(connection).run();
                return CommandLine.ExitCode.OK;
            }
            return runScript(connection, new InputStreamReader(System.in, StandardCharsets.UTF_8));
        }
    }

    private int runScript(Connection connection, Reader script) throws SQLException, IOException {
        var run =
                new StatementRun(
                        connection, spec.commandLine().getOut(), spec.commandLine().getErr());
        var statements = new StatementSplitter();
        var lines = new BufferedReader(script);
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            statements.add(line + "\n");
            for (var next = statements.next(); next.isPresent(); next = statements.next()) {
                if (!run.run(next.get())) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
            }
        }
        boolean succeeded = statements.rest().isEmpty() || run.run(statements.rest());
        return succeeded ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}

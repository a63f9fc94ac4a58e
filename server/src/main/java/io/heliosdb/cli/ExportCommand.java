package io.heliosdb.cli;

import io.heliosdb.HeliosDb;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/** Writes a database as SQL that PostgreSQL loads. */
@Command(
        name = "export",
        description = {
            "Writes a database as SQL and data that a PostgreSQL loads with psql; also while"
                    + " another process has it open and serves it.",
            "What PostgreSQL has no like of is left out with a comment."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "The data directory.")
    private Path directory = Path.of("");

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Write there, into a new file; without it, to standard output.")
    private @Nullable Path file;

    @Override
    public Integer call() throws SQLException, IOException {
        if (!Files.isDirectory(directory)) {
            throw new PgException(
                    SqlState.UNDEFINED_FILE, "there is no directory \"" + directory + "\"");
        }
        try (var db = HeliosDb.openOrJoin(directory);
                var connection = db.dataSource().getConnection()) {
            if (file == null) {
                new SqlExport(connection, SqlExport.utf8(new BufferedOutputStream(System.out)))
                        .run();
            } else {
                try (var out = SqlExport.utf8(Files.newOutputStream(file))) {
                    new SqlExport(connection, out).run();
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }
}

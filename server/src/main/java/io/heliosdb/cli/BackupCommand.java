package io.heliosdb.cli;

import io.heliosdb.HeliosDb;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Copies a database, open or not. */
@Command(
        name = "backup",
        description = {
            "Copies a database, also while another process has it open and serves it.",
            "The copy is a database of its own, as this one was at the position that is printed."
        },
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "The data directory.")
    private Path directory = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "A directory that is empty or does not exist.")
    private Path target = Path.of("");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new PgException(
                    SqlState.UNDEFINED_FILE, "there is no directory \"" + directory + "\"");
        }
        try (var db = HeliosDb.openOrJoin(directory)) {
            var lsn = db.backup(target);
            spec.commandLine().getOut().println("backup of \"" + directory + "\" at " + lsn);
        }
        return CommandLine.ExitCode.OK;
    }
}

package io.heliosdb.cli;

import io.heliosdb.engine.Engine;
import io.heliosdb.log.LogCopy;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;

/** Makes a database of a backup and a log. */
@Command(
        name = "restore",
        description = {
            "Makes a database of a backup, as it was then or, with a log, at a later moment.",
            "The log is that of the database that went on. Nothing of backup and log is changed."
        },
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "BACKUP", description = "What backup has made.")
    private Path backup = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "A directory that is empty or does not exist.")
    private Path target = Path.of("");

    @Option(
            names = "--log",
            paramLabel = "DIR",
            description =
                    "The data directory of the database that went on, open or not; what its log"
                            + " still has is bounded by retention.wal_keep_size and wal_keep_time.")
    private @Nullable Path log;

    @Option(
            names = "--to-lsn",
            paramLabel = "LSN",
            description = "End there: what pg_current_wal_lsn() gave, such as 0/16B3748.")
    private @Nullable String lsn;

    @Option(
            names = "--to-time",
            paramLabel = "TIME",
            description = "Nothing that was committed later, such as 2026-03-01T12:00:00Z.")
    private @Nullable String time;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public Integer call() {
        var until =
                new LogCopy.Until(
                        lsn == null ? null : Lsn.parse(lsn), time == null ? null : instant(time));
        var end = Engine.restore(backup, log == null ? backup : log, until, target);
        spec.commandLine().getOut().println("restored \"" + target + "\" up to " + end);
        return CommandLine.ExitCode.OK;
    }

    private Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        } catch (DateTimeParseException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "not a time with an offset, such as 2026-03-01T12:00:00Z: " + text,
                    e);
        }
    }
}

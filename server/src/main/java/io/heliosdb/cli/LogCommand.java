package io.heliosdb.cli;

import io.heliosdb.log.LogCheck;
import io.heliosdb.log.LogRecord;
import io.heliosdb.log.Timeline;
import io.heliosdb.pg.Lsn;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Looks at the log of a database, which need not be open; changes nothing. */
@Command(
        name = "log",
        description = "Looks at a database's log, without opening the database; changes nothing.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class LogCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    @Command(
            name = "verify",
            description =
                    "Reads every record and checks every checksum; ends with 1 where something that"
                            + " was acknowledged is damaged.",
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "DIR", description = "The data directory.") Path directory) {
        return summary(LogCheck.of(directory).verify());
    }

    @Command(
            name = "dump",
            description = "Prints every record, one line for each thing that it did.",
            mixinStandardHelpOptions = true)
    int dump(@Parameters(paramLabel = "DIR", description = "The data directory.") Path directory) {
        return summary(LogCheck.of(directory).dump(this::print));
    }

    private void print(LogRecord record) {
        var out = out();
        var entry = record.entry();
        out.printf(
                "%s commit xid=%d pid=%d time=%s token=%s%n",
                record.lsn(), entry.xid(), entry.pid(), record.commitTime(), record.token(0));
        for (var row : entry.rows()) {
            out.printf(
                    "  %s %s.%s key=%d%n",
                    row.operation(), row.table().schema(), row.table().name(), row.key());
        }
        for (var notice : entry.notifications()) {
            out.printf("  NOTIFY \"%s\" '%s'%n", notice.channel(), notice.payload());
        }
        for (var ddl : entry.ddl()) {
            out.printf("  DDL %s%n", ddl.text());
        }
        for (var base : entry.sequences()) {
            out.printf("  SEQUENCE %s.%s from %d%n", base.schema(), base.name(), base.next());
        }
    }

    private int summary(LogCheck.Report report) {
        var out = out();
        for (Timeline timeline : report.timelines()) {
            out.printf(
                    "timeline %016x from %s since %s%n",
                    timeline.id(), new Lsn(timeline.begin()), timeline.since());
        }
        out.printf(
                "%d records from %s to %s, segments of %d bytes, %s%n",
                report.records(),
                report.first(),
                report.end(),
                report.segmentBytes(),
                report.isClosed() ? "closed" : "not closed");
        report.damage().forEach(damage -> out.println("damage: " + damage));
        return report.damage().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}

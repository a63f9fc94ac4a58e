package io.heliosdb.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * The program {@code heliosdb}. It ends with 0 when all went well, 1 after an error and 2 when it
 * was called wrongly; an error is one line on standard error that says what to do.
 */
@Command(
        name = "heliosdb",
        description =
                "An embedded, PostgreSQL-compatible database whose commits are real-time events.",
        mixinStandardHelpOptions = true,
        versionProvider = HeliosCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            SqlCommand.class,
            ListenCommand.class,
            NotifyCommand.class,
            LogCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ExportCommand.class,
            DoctorCommand.class
        },
        footer = {
            "",
            "URL is postgresql://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]. What is left out is the"
                    + " user postgres, the",
            "port 5432 and the database named as the user. PGPASSWORD holds a password that is not"
                    + " to be seen in",
            "the list of processes. heliosdb COMMAND --help says more."
        })
public final class HeliosCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    HeliosCommand() {}

    /**
     * Runs the program and ends the process.
     *
     * @param arguments command and options
     */
    public static void main(String[] arguments) {
        Logging.start();
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return new CommandLine(new HeliosCommand())
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler(ErrorLine::ofUsage)
                .setExecutionExceptionHandler(ErrorLine::ofExecution)
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = HeliosCommand.class.getPackage().getImplementationVersion();
            return new String[] {"HeliosDB-Lite " + (version == null ? "(not packaged)" : version)};
        }
    }
}

package io.heliosdb.cli;

import io.heliosdb.pg.PgException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

import picocli.CommandLine;

import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Optional;

/** Says what went wrong in one line; the stack of a fault of ours goes to the log. */
final class ErrorLine {
    private ErrorLine() {}

    static int ofUsage(CommandLine.ParameterException fault, String[] arguments) {
        var command = fault.getCommandLine();
        String suggestion =
                CommandLine.UnmatchedArgumentException.class.isInstance(fault)
                        ? suggestion((CommandLine.UnmatchedArgumentException) fault)
                        : "";
        command.getErr()
                .println(
                        "heliosdb: "
                                + oneLine(fault.getMessage())
                                + suggestion
                                + " (see "
                                + command.getCommandSpec().qualifiedName()
                                + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    static int ofExecution(Exception fault, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("heliosdb: " + of(fault));
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** The line for an error. */
    static String of(Exception fault) {
        return switch (fault) {
            case PgException error -> line(error.getMessage(), error.hint());
            case PSQLException error when error.getServerErrorMessage() != null ->
                    line(
                            error.getServerErrorMessage().getMessage(),
                            Optional.ofNullable(error.getServerErrorMessage().getHint()));
            case SQLException error -> line(error.getMessage(), Optional.empty());
            case java.io.IOException error -> line(error.getMessage(), Optional.empty());
            default -> {
                System.getLogger("io.heliosdb.cli")
                        .log(Level.ERROR, "this should not have happened", fault);
                yield line(
                        "internal error: " + fault,
                        Optional.of("The log above shows where; please report it."));
            }
        };
    }

    private static String line(@Nullable String message, Optional<String> hint) {
        return oneLine(message) + hint.map(h -> " (hint: " + oneLine(h) + ")").orElse("");
    }

    private static String suggestion(CommandLine.UnmatchedArgumentException fault) {
        var suggestions = fault.getSuggestions();
        return suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?";
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "unknown error" : text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}

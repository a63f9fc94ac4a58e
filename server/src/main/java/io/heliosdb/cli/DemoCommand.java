package io.heliosdb.cli;

import io.heliosdb.config.SettingType;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Runs the sales dashboard from end to end. */
@Command(
        name = "demo",
        description = {
            "Runs a sales dashboard from end to end on a temporary database.",
            "",
            "A table of orders has a trigger that sends an event for each new row. Orders are"
                    + " inserted at a",
            "steady rate, one in ten is rolled back, and the events are received by a PostgreSQL"
                    + " client over",
            "TCP and by a subscriber in the process. It ends with a summary, and with 1 if an event"
                    + " was lost;",
            "on a terminal the database then stays up until Ctrl-C.",
            ""
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final SettingType.Time TIME =
            new SettingType.Time("s", Duration.ofSeconds(1), Duration.ofDays(1));

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "How long orders come in. Default: 15s.")
    private Duration time = Duration.ofSeconds(15);

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Orders a second, from 1 to 10000. Default: 10.")
    private int rate = 10;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private static final class TimeConverter implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return TIME.read(text)
                    .orElseThrow(() ->
                            new CommandLine.TypeConversionException(
                                    TIME.expected() + " is expected"));
        }
    }

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        if (rate < 1 || rate > 10_000) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--rate must be a whole number from 1 to 10000");
        }
        var out = spec.commandLine().getOut();
        try (var demo = SalesDemo.open(out)) {
            if (TerminalConsole.find().isPresent()) {
                Browser.open(demo.page());
            }
            boolean nothingLost = demo.run(time, rate);
            if (TerminalConsole.find().isPresent()) {
                out.println();
                out.println(
                        "The database stays up until Ctrl-C, and events are still shown. In another"
                                + " terminal:");
                out.println(
                        "  psql "
                                + demo.url()
                                + " -c \"INSERT INTO sales_orders (customer_id, amount) VALUES (7,"
                                + " 99.90)\"");
                new CountDownLatch(1).await();
            }
            return nothingLost ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}

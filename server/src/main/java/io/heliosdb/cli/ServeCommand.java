package io.heliosdb.cli;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.HeliosServer;
import io.heliosdb.config.HttpSettings;
import io.heliosdb.config.Settings;

import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens a database and serves PostgreSQL clients until the process is told to stop. */
@Command(
        name = "serve",
        description = {
            "Opens a database and serves PostgreSQL clients.",
            "",
            "Once clients can connect it prints one line on standard output,",
            "  ready pg=HOST:PORT http=HOST:PORT pid=PID",
            "and it logs to standard error. SIGTERM and Ctrl-C stop it cleanly. A flag comes before"
                    + " the",
            "environment, the environment before the file; docs/configuration.md lists every key.",
            ""
        },
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(ServeCommand.class.getName());

    @Option(names = "--config", paramLabel = "FILE", description = "Read this heliosdb.toml.")
    private Optional<Path> file = Optional.empty();

    @ArgGroup(exclusive = true)
    private Place place = new Place();

    @Option(
            names = "--pg",
            paramLabel = "HOST:PORT",
            converter = HostPortConverter.class,
            description =
                    "Listen here for PostgreSQL clients; port 0 takes any free one. Default:"
                            + " 127.0.0.1:5432.")
    private Optional<HostPort> pg = Optional.empty();

    @ArgGroup(exclusive = true)
    private Http http = new Http();

    @Option(
            names = "--auth",
            paramLabel = "METHOD",
            description = {
                "trust or scram-sha-256. Default: trust, which is refused on any address but"
                        + " loopback.",
                "HELIOSDB_PASSWORD or HELIOSDB_PASSWORD_FILE gives role postgres its first"
                        + " password."
            })
    private Optional<String> auth = Optional.empty();

    /** Written by the thread that runs the command, read when the process ends. */
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private static final class Place {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "The data directory. Default: ./heliosdb-data.")
        private Optional<Path> directory = Optional.empty();

        @Option(names = "--memory", description = "Keep everything in memory.")
        private boolean inMemory;
    }

    private static final class Http {
        @Option(
                names = "--http",
                paramLabel = "HOST:PORT",
                converter = HostPortConverter.class,
                description =
                        "Listen here for browsers and services; port 0 takes any free one."
                                + " Default: 127.0.0.1:8080.")
        private Optional<HostPort> address = Optional.empty();

        @Option(names = "--no-http", description = "Start no HTTP server.")
        private boolean none;
    }

    private static final class HostPortConverter implements CommandLine.ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            return HostPort.parse(text);
        }
    }

    @Override
    public Integer call() {
        var config = config();
        if (config.get(Settings.VERBOSE_LOGGING)) {
            Logging.verbose();
        }
        var db = openAsOwner(config);
        HeliosServer server;
        try {
            server = serve(db, config);
        } catch (RuntimeException | Error e) {
            db.close();
            throw e;
        }
        // A signal ends the process meanwhile.
        var failure = server.failure().toCompletableFuture().join();
        hasFailed.set(true);
        LOG.log(
                Level.ERROR,
                "the database has failed: {0}: {1}",
                failure.getMessage(),
                failure.report().detail());
        server.close(); // once its clients have been told
        return CommandLine.ExitCode.SOFTWARE;
    }

    private HeliosConfig config() {
        var config = HeliosConfig.load(file, System.getenv());
        if (place.inMemory) {
            config = config.with(Settings.PATH, Settings.MEMORY);
        } else if (place.directory.isPresent()) {
            config = config.with(Settings.PATH, place.directory.get());
        }
        if (pg.isPresent()) {
            config =
                    config.with(Settings.LISTEN_ADDRESS, pg.get().host())
                            .with(Settings.PORT, pg.get().port());
        }
        if (http.address.isPresent()) {
            config =
                    config.with(HttpSettings.LISTEN_ADDRESS, http.address.get().host())
                            .with(HttpSettings.PORT, http.address.get().port())
                            .with(HttpSettings.ENABLED, true);
        } else if (http.none) {
            config = config.with(HttpSettings.ENABLED, false);
        }
        if (auth.isPresent()) {
            config = config.with(Settings.AUTH, method(auth.get()));
        }
        return config;
    }

    private String method(String name) {
        return Settings.AUTH
                .type()
                .read(name)
                .orElseThrow(() ->
                        new CommandLine.ParameterException(
                                spec.commandLine(),
                                "--auth must be "
                                        + Settings.AUTH.type().expected()
                                        + ", not "
                                        + name));
    }

    /** Other processes may join the database; this one must be its owner. */
    private static HeliosDb openAsOwner(HeliosConfig config) {
        if (config.dataDirectory().isEmpty()) {
            return HeliosDb.open(config);
        }
        var db = HeliosDb.openOrJoin(config);
        if (db.isOwner()) {
            return db;
        }
        db.close();
        return HeliosDb.open(config); // says who the owner is
    }

    private HeliosServer serve(HeliosDb db, HeliosConfig config) {
        var server = db.serve(config);
        var relay =
                config.get(HttpSettings.ENABLED)
                        ? Optional.of(db.serveHttp(config))
                        : Optional.<HeliosHttp>empty();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(db)));
        relay.filter(http -> TerminalConsole.find().isPresent()).ifPresent(ServeCommand::announce);
        String where =
                config.dataDirectory()
                        .map(path -> path.toAbsolutePath().normalize().toString())
                        .orElse("memory");
        LOG.log(
                Level.INFO,
                "database in {0}, authentication {1}",
                where,
                config.get(Settings.AUTH));
        spec.commandLine()
                .getOut()
                .println(
                        "ready pg="
                                + HostPort.of(server.address())
                                + " http="
                                + relay.map(HeliosHttp::address)
                                        .map(HostPort::of)
                                        .map(HostPort::toString)
                                        .orElse("-")
                                + " pid="
                                + ProcessHandle.current().pid());
        return server;
    }

    /** Only a terminal is told how to enter the console; a log that others read is not. */
    private static void announce(HeliosHttp http) {
        LOG.log(Level.INFO, "console: {0}#token={1}", http.url(), http.consoleToken());
    }

    /** A stop that was asked for and went well ends with 0, as PostgreSQL does. */
    @SuppressWarnings("CatchAndPrintStackTrace") // nobody is left to throw to
    private void stop(HeliosDb db) {
        if (hasFailed.get()) {
            // Closing would write to what has failed; opening again recovers.
            Runtime.getRuntime().halt(CommandLine.ExitCode.SOFTWARE);
        }
        int status = CommandLine.ExitCode.OK;
        try {
            LOG.log(Level.INFO, "stopping");
            db.close();
            LOG.log(Level.INFO, "stopped");
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the database did not close cleanly", e);
            status = CommandLine.ExitCode.SOFTWARE;
        }
        Runtime.getRuntime().halt(status);
    }
}

package io.heliosdb.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.HeliosConfig;
import io.heliosdb.HeliosDb;
import io.heliosdb.HeliosHttp;
import io.heliosdb.config.HttpSettings;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the relay: events to 1,000 WebSocket clients offered at a steady rate, whether or not
 * the last ones have arrived, and the rate at which their 99th percentile reaches 50 ms; what
 * 10,000 idle clients take of memory; how long 10,000 take to resume after a restart. {@code
 * RelayFigures [seconds] [clients] [idle clients]}; the clients are a process of their own on the
 * same machine. An event's delay counts from the moment at which it was due.
 */
public final class RelayFigures {
    private static final int[] RATES = {20, 20, 30, 40, 60, 80, 120, 160, 240};
    private static final long LIMIT_MICROS = 50_000;
    private static final int MISSED = 50;
    private static final String PADDING = "x".repeat(80);

    private final double seconds;
    private final int clients;
    private final int idle;
    private final HeliosConfig config;
    private HeliosDb db;
    private HeliosHttp http;
    private long number;

    private RelayFigures(double seconds, int clients, int idle, Path directory) {
        this.seconds = seconds;
        this.clients = clients;
        this.idle = idle;
        config =
                HeliosConfig.at(directory)
                        .with(HttpSettings.PORT, 0)
                        .with(HttpSettings.ANONYMOUS_CHANNELS, Optional.of("*"))
                        .with(HttpSettings.MAX_PEERS, clients + idle);
        db = HeliosDb.open(config);
        http = db.serveHttp(config);
    }

    /** The process with the clients. */
    private record Clients(Process process, BufferedWriter out, BufferedReader in)
            implements AutoCloseable {
        static Clients start(int port) throws IOException {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var process =
                    new ProcessBuilder(
                                    java,
                                    "-Xmx1g",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Swarm.class.getName(),
                                    String.valueOf(port))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            return new Clients(process, process.outputWriter(UTF_8), process.inputReader(UTF_8));
        }

        void say(String command) throws IOException {
            out.write(command + "\n");
            out.flush();
        }

        String[] answer() throws IOException {
            var line = in.readLine();
            if (line == null) {
                throw new IOException("the clients have ended");
            }
            return line.split(" ", -1);
        }

        String[] ask(String command) throws IOException {
            say(command);
            return answer();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /**
     * Prints the figures.
     *
     * @param args seconds for each rate, how many clients, how many idle ones
     * @throws IOException where the clients end
     */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("logback.configurationFile", "io/heliosdb/cli/logback.xml");
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 5;
        int clients = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        int idle = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        var figures =
                new RelayFigures(seconds, clients, idle, Files.createTempDirectory("relay-bench"));
        figures.fanOut();
        figures.idleAndResume();
        figures.db.close();
    }

    private void fanOut() throws IOException {
        System.out.println("| events/s | clients | received | out of order | p50 ms | p99 ms |");
        System.out.println("|---|---|---|---|---|---|");
        try (var swarm = Clients.start(http.address().getPort())) {
            swarm.ask("open " + clients + " now");
            awaitSubscriptions(clients);
            for (int round = 0; round < RATES.length; round++) {
                int rate = RATES[round];
                int events = (int) (rate * seconds);
                swarm.say("expect " + events);
                offer(rate, events);
                var answer = swarm.answer();
                long p99 = Long.parseLong(answer[3]);
                System.out.printf(
                        "| %d | %d | %s of %d | %s | %.1f | %.1f |%n",
                        rate,
                        clients,
                        answer[0],
                        (long) events * clients,
                        answer[1],
                        Long.parseLong(answer[2]) / 1000.0,
                        p99 / 1000.0);
                if (round > 0 && p99 >= LIMIT_MICROS) { // the first is to warm up
                    System.out.printf("p99 reaches 50 ms at %d events/s%n", rate);
                    return;
                }
            }
        }
    }

    /** Sends at a steady rate, whatever becomes of it. */
    private void offer(int rate, int events) {
        long begin = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / rate;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            db.notify("load", due + " " + ++number + " " + PADDING);
        }
    }

    private void idleAndResume() throws IOException {
        awaitPeers(0);
        long before = resident();
        String token;
        try (var swarm = Clients.start(http.address().getPort())) {
            swarm.ask("open " + idle + " now");
            awaitSubscriptions(idle);
            System.out.printf(
                    "%d idle clients: %d MB of resident memory more%n",
                    idle, (resident() - before) >> 10);
            swarm.say("expect 1");
            offer(1, 1);
            token = swarm.answer()[4];
        }
        offer(1000, MISSED);
        http.close();
        db.close();
        db = HeliosDb.open(config);
        http = db.serveHttp(config);
        try (var swarm = Clients.start(http.address().getPort())) {
            long begin = System.nanoTime();
            swarm.ask("open " + idle + " " + token);
            double opened = (System.nanoTime() - begin) / 1e9;
            var answer = swarm.ask("expect " + MISSED);
            System.out.printf(
                    "%d clients resume after a restart, each with %d events missed: connected in"
                            + " %.1f s, all there after %.1f s (%s events, %s out of order)%n",
                    idle, MISSED, opened, (System.nanoTime() - begin) / 1e9, answer[0], answer[1]);
        }
    }

    private void awaitSubscriptions(int count) {
        await("active_subscriptions", count);
    }

    private void awaitPeers(int count) {
        await("relay_peers", count);
    }

    private void await(String metric, int count) {
        while (true) {
            try (var in = http.url().resolve("/metrics").toURL().openStream()) {
                var text = new String(in.readAllBytes(), UTF_8);
                if (text.lines().anyMatch(line -> line.equals(metric + " " + (double) count))) {
                    return;
                }
            } catch (IOException e) {
                throw new IllegalStateException("the relay does not answer", e);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static long resident() throws IOException {
        System.gc();
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}

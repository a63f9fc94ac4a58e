package io.heliosdb.serve;

import io.heliosdb.HeliosDb;
import io.heliosdb.pg.Delivery.Notification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Another process on the same directory, told by lines on its standard input what to do; each is
 * answered with one line.
 */
final class JoiningProcess {
    private static final Duration SOON = Duration.ofSeconds(30);

    private JoiningProcess() {}

    static Process start(Path directory) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JoiningProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var db = HeliosDb.openOrJoin(args[0]);
                var events = db.subscribe("to child")) {
            System.out.println(db.isOwner() ? "owner" : "joined");
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                String command = line;
                if (command.equals("receive")) {
                    var delivery = events.receive(SOON).orElseThrow();
                    System.out.println(((Notification) delivery).payload());
                } else {
                    db.transaction(tx -> {
                        tx.execute("INSERT INTO t (text) VALUES (?)", command);
                        tx.notify("from child", command);
                    });
                    System.out.println("done");
                }
            }
        }
    }
}

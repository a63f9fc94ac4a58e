package io.heliosdb.engine;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The process that is killed: four threads insert rows and print each one that is acknowledged.
 * Arguments: the data directory, the first number to insert.
 */
final class CrashingWriter {
    private static final int WRITERS = 4;

    private CrashingWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        var engine = Engine.open(EngineOptions.at(Path.of(arguments[0])));
        int first = Integer.parseInt(arguments[1]);
        var setup = engine.newSession(new RecordingServices());
        setup.execute("create table if not exists t(n int primary key, writer int, pad varchar)");
        setup.execute("create index if not exists i on t(writer)");
        setup.commit();
        engine.awaitDurable();
        PrintStream out = System.out;
        out.println("ready");
        out.flush();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            Thread.ofPlatform().start(() -> write(engine, writer, first, out));
        }
        Thread.currentThread().join();
    }

    private static void write(Engine engine, int writer, int first, PrintStream out) {
        try (var session = engine.newSession(new RecordingServices());
                var insert = session.prepare("insert into t values(?1, ?2, ?3)")) {
            for (int n = first + writer; ; n += WRITERS) {
                insert.execute(new Object[] {n, writer, "x".repeat(n % 500)}).close();
                session.commit();
                engine.awaitDurable();
                synchronized (out) {
                    out.println(n);
                    out.flush();
                }
            }
        }
    }
}

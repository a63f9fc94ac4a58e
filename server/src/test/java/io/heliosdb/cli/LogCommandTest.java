package io.heliosdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.log.DiskFiles;
import io.heliosdb.log.Log;
import io.heliosdb.log.LogEntry;
import io.heliosdb.log.LogEntry.Ddl;
import io.heliosdb.log.LogEntry.Notice;
import io.heliosdb.log.LogEntry.Operation;
import io.heliosdb.log.LogEntry.RowChange;
import io.heliosdb.log.LogEntry.SequenceBase;
import io.heliosdb.log.LogEntry.TableRef;
import io.heliosdb.log.LogOptions;
import io.heliosdb.pg.Lsn;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

class LogCommandTest {
    private static final int SEGMENT = 4096;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @BeforeEach
    void writeALog() throws IOException {
        var options = LogOptions.defaults().withSegmentBytes(SEGMENT);
        try (var log = Log.open(DiskFiles.at(directory.resolve("log")), options, Lsn.ZERO)) {
            for (int i = 0; i < 3; i++) {
                var row =
                        new RowChange(
                                new TableRef("public", "t"),
                                Operation.INSERT,
                                i,
                                null,
                                new byte[100]);
                var record =
                        log.prepare(
                                new LogEntry(
                                        i,
                                        42,
                                        List.of(row),
                                        List.of(new Notice("news", "p" + i)),
                                        List.of(new Ddl(List.of("public"), "CREATE TABLE t" + i)),
                                        List.of(new SequenceBase("public", "t#id", i))));
                log.append(record);
                log.awaitFlushed(record);
            }
        }
    }

    @Test
    void verifyCountsTheRecordsOfASoundLog() {
        assertThat(run("log", "verify", directory.toString())).isZero();
        assertThat(out()).contains("3 records from 0/1000").contains("closed");
    }

    @Test
    void dumpPrintsWhatEachTransactionDid() {
        assertThat(run("log", "dump", directory.toString())).isZero();
        assertThat(out())
                .contains("0/1000 commit xid=0 pid=42")
                .contains("INSERT public.t key=2")
                .contains("NOTIFY \"news\" 'p1'")
                .contains("DDL CREATE TABLE t1")
                .contains("SEQUENCE public.t#id from 2");
    }

    @Test
    void verifyNamesTheDamageAndFails() throws IOException {
        Path segment = directory.resolve("log").resolve("0000000000000001.log");
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(100);
            file.write(0x55);
        }
        assertThat(run("log", "verify", directory.toString())).isEqualTo(1);
        assertThat(out()).contains("damage: file \"0000000000000001.log\" at offset 0");
    }

    @Test
    void aDirectoryWithoutALogIsAnErrorInOneLine() {
        assertThat(run("log", "verify", directory.resolve("none").toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("heliosdb: ").hasLineCount(1);
    }

    private int run(String... arguments) {
        return HeliosCommand.run(arguments, stream(out), stream(err));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}

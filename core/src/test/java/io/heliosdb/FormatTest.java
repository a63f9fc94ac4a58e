package io.heliosdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.engine.Engine;
import io.heliosdb.log.LogCheck;
import io.heliosdb.log.LogCopy.Until;
import io.heliosdb.pg.PgException;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Data directories of other versions: older ones open, newer ones are refused. */
@Timeout(60)
class FormatTest {
    /** What a copy under load looks like that version 1 has made: with log that is not applied. */
    private static final String VERSION_1 = "format-1.zip";

    @TempDir private Path parent;

    @Test
    void aDirectoryOfVersion1Opens() throws Exception {
        Path directory = parent.resolve("db");
        unzip(directory);
        assertThat(LogCheck.of(directory).verify().damage()).isEmpty();
        try (var db = HeliosDb.open(directory);
                var events = db.subscribe("orders")) {
            var row = db.queryRow("SELECT count(*), sum(amount) FROM orders").orElseThrow();
            assertThat(row.asLong(0)).isEqualTo(100);
            assertThat(row.asDecimal(1)).isEqualByComparingTo("5050");
            assertThat(db.queryRow("SELECT length(body) FROM big").orElseThrow().asLong(0))
                    .isEqualTo(50_000);
            assertThat(db.queryRow("SELECT twice(21)").orElseThrow().asLong(0)).isEqualTo(42);
            assertThat(db.queryRow("SELECT nextval('numbers')").orElseThrow().asLong(0))
                    .isGreaterThan(10);
            long id =
                    db.queryRow("INSERT INTO orders (amount) VALUES (1) RETURNING id")
                            .orElseThrow()
                            .asLong(0);
            assertThat(id).isGreaterThan(100);
            assertThat(events.receive(Duration.ofSeconds(10)).toString())
                    .contains("payload=" + id + "]");
        }
    }

    @Test
    void aLogOfANewerVersionIsRefused() throws IOException {
        Path directory = parent.resolve("db");
        HeliosDb.open(directory).close();
        Path control = directory.resolve("log").resolve("control");
        try (var file = new RandomAccessFile(control.toFile(), "rw")) {
            file.seek(8);
            file.writeInt(2);
            int body = (int) file.length() - Integer.BYTES;
            var covered = new byte[body];
            file.seek(0);
            file.readFully(covered);
            var crc = new CRC32C();
            crc.update(covered, 0, body);
            file.writeInt((int) crc.getValue());
        }
        assertThatThrownBy(() -> HeliosDb.open(directory))
                .isInstanceOfSatisfying(
                        PgException.class,
                        e ->
                                assertThat(e.report().detail())
                                        .isEqualTo(
                                                "The log has format version 2; this program reads"
                                                        + " up to 1."));
    }

    @Test
    void aStoreOfANewerVersionIsRefusedAndLeftAsItIs() throws IOException {
        Path directory = parent.resolve("db");
        HeliosDb.open(directory).close();
        Path store = directory.resolve("heliosdb.mv.db");
        try (var image = MVStore.open(store.toString())) {
            MVMap<String, Long> versions = image.openMap("heliosdb.format");
            versions.put("system", 7L);
        }
        assertThatThrownBy(() -> HeliosDb.open(directory))
                .hasMessage("database files are incompatible with this program")
                .isInstanceOfSatisfying(
                        PgException.class,
                        e ->
                                assertThat(e.report().detail())
                                        .isEqualTo(
                                                "The layout of the system tables has format version"
                                                        + " 7; this program reads up to 1."));
    }

    private static void unzip(Path directory) throws IOException {
        try (var zip =
                new ZipInputStream(
                        Objects.requireNonNull(FormatTest.class.getResourceAsStream(VERSION_1)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    /**
     * Makes the directory that {@link #aDirectoryOfVersion1Opens} opens.
     *
     * @param arguments the zip file
     */
    public static void main(String[] arguments) throws IOException {
        Path parent = Files.createTempDirectory("format");
        Path copy = parent.resolve("copy");
        Path later = parent.resolve("later");
        try (var db = HeliosDb.open(parent.resolve("db"))) {
            db.execute("CREATE TABLE orders (id serial PRIMARY KEY, amount numeric(10,2))");
            db.execute("CREATE INDEX by_amount ON orders (amount)");
            db.execute("CREATE TABLE big (body text)");
            db.execute("CREATE SEQUENCE numbers");
            db.execute("CREATE ROLE reader LOGIN");
            db.execute("CREATE FUNCTION twice(n int) RETURNS int AS 'SELECT 2 * n' LANGUAGE sql");
            db.execute(
                    "CREATE TRIGGER tell AFTER INSERT ON orders BEGIN SELECT NOTIFY('orders',"
                            + " NEW.id); END");
            db.backup(copy);
            for (int i = 1; i <= 100; i++) {
                db.execute("INSERT INTO orders (amount) VALUES (?)", i);
            }
            db.execute("INSERT INTO big VALUES (?)", "b".repeat(50_000));
            for (int i = 0; i < 10; i++) {
                db.execute("SELECT nextval('numbers')");
            }
            db.execute("UPDATE orders SET amount = amount WHERE id = 1");
            Engine.restore(copy, parent.resolve("db"), Until.END, later);
        }
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]));
                var zip = new ZipOutputStream(out);
                var files = Files.walk(later)) {
            files.filter(Files::isRegularFile).forEach(file -> add(zip, later, file));
        }
    }

    private static void add(ZipOutputStream zip, Path root, Path file) {
        try {
            zip.putNextEntry(new ZipEntry(root.relativize(file).toString()));
            Files.copy(file, zip);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

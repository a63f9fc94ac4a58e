package io.heliosdb.pg.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.pgoutput.Change.OldRow;
import io.heliosdb.pg.pgoutput.Change.Relation;
import io.heliosdb.pg.pgoutput.Change.RelationColumn;
import io.heliosdb.pg.pgoutput.Change.ReplicaIdentity;
import io.heliosdb.pg.type.ByteSink;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Messages of pgoutput, against themselves and against the bytes of a real server. */
final class PgOutputTest {
    private static final Relation ITEMS =
            new Relation(
                    16_384,
                    "public",
                    "Items é",
                    ReplicaIdentity.FULL,
                    List.of(
                            new RelationColumn(true, "id", 23, -1),
                            new RelationColumn(false, "body", 25, -1)));

    private static final List<Change> ALL =
            List.of(
                    new Change.Begin(
                            new Lsn(0x1_2345L), Instant.parse("1999-01-02T03:04:05.000006Z"), 7),
                    new Change.Origin(new Lsn(9), "elsewhere"),
                    ITEMS,
                    new Change.TypeName(99_999, "public", "mood"),
                    new Change.Insert(ITEMS, List.of(new Datum.Text("1"), new Datum.Text("é€"))),
                    new Change.Update(
                            ITEMS,
                            new OldRow(false, List.of(new Datum.Text("1"), new Datum.Null())),
                            List.of(new Datum.Text("1"), new Datum.Unchanged())),
                    new Change.Update(
                            ITEMS, null, List.of(new Datum.Text("1"), new Datum.Text(""))),
                    new Change.Delete(
                            ITEMS,
                            new OldRow(
                                    true,
                                    List.of(
                                            new Datum.Binary(new byte[] {0, 0, 0, 1}),
                                            new Datum.Null()))),
                    new Change.Truncate(List.of(ITEMS), true, true),
                    new Change.Message(true, new Lsn(5), "prefix", new byte[] {1, 0, 2}),
                    new Change.Commit(
                            new Lsn(0x1_2345L),
                            new Lsn(Long.MAX_VALUE),
                            Instant.parse("2026-11-20T01:02:03.456789Z")));

    private static byte[] bytes(Change change) {
        var out = new ByteSink(64);
        ChangeWriter.write(change, out);
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenIsRead() {
        var reader = new ChangeReader();
        for (var change : ALL) {
            assertThat(reader.read(ByteBuffer.wrap(bytes(change)))).isEqualTo(change);
        }
    }

    @Test
    void theServersBytesAreWrittenAsItWroteThem() throws Exception {
        try (var server =
                        EmbeddedPostgres.builder().setServerConfig("wal_level", "logical").start();
                var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TYPE mood AS ENUM ('well', 'ill')");
            statement.execute(
                    "CREATE TABLE items (id serial PRIMARY KEY, body text, price numeric(10, 2),"
                            + " at timestamptz, feels mood, tags text[])");
            statement.execute("CREATE TABLE whole (a int, b text)");
            statement.execute("ALTER TABLE whole REPLICA IDENTITY FULL");
            statement.execute("CREATE PUBLICATION p FOR ALL TABLES");
            statement.execute("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
            statement.execute(
                    "INSERT INTO items (body, price, at, feels, tags) VALUES ('é', 1.5, now(),"
                        + " 'well', '{a,b}'), (repeat('long ', 100000), NULL, NULL, NULL, NULL)");
            statement.execute("UPDATE items SET price = 2 WHERE id = 2");
            statement.execute("UPDATE items SET id = 10 WHERE id = 1");
            statement.execute("DELETE FROM items WHERE id = 10");
            statement.execute("INSERT INTO whole VALUES (1, 'x'), (2, NULL)");
            statement.execute("UPDATE whole SET b = 'y'");
            statement.execute("DELETE FROM whole");
            statement.execute("SELECT pg_logical_emit_message(true, 'to', 'me')");
            statement.execute("SELECT pg_logical_emit_message(false, 'to', 'all')");
            statement.execute("TRUNCATE items, whole RESTART IDENTITY");
            var reader = new ChangeReader();
            var kinds = new TreeSet<String>();
            try (var rows =
                    statement.executeQuery(
                            "SELECT data FROM pg_logical_slot_get_binary_changes('s', NULL, NULL,"
                                    + " 'proto_version', '1', 'publication_names', 'p', 'messages',"
                                    + " 'true')")) {
                while (rows.next()) {
                    var sent = rows.getBytes(1);
                    var change = reader.read(ByteBuffer.wrap(sent));
                    kinds.add(change.getClass().getSimpleName());
                    assertThat(bytes(change)).as(change.toString()).isEqualTo(sent);
                }
            }
            assertThat(kinds)
                    .containsExactly(
                            "Begin",
                            "Commit",
                            "Delete",
                            "Insert",
                            "Message",
                            "Relation",
                            "Truncate",
                            "TypeName",
                            "Update");
        }
    }

    @Test
    void damageIsRefusedWithAnErrorOfTheProtocol() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var reader = new ChangeReader();
            reader.read(ByteBuffer.wrap(bytes(ITEMS)));
            var sent = bytes(ALL.get(random.nextInt(ALL.size())));
            var damaged = Arrays.copyOf(sent, random.nextInt(sent.length + 3));
            if (damaged.length > 0 && random.nextBoolean()) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                reader.read(ByteBuffer.wrap(damaged));
            } catch (PgException e) {
                assertThat(e.sqlState().code()).as("seed " + seed).isEqualTo("08P01");
            }
        }
    }

    @Test
    void aTableThatWasNotAnnouncedIsRefused() {
        assertThatThrownBy(() -> new ChangeReader().read(ByteBuffer.wrap(bytes(ALL.get(4)))))
                .isInstanceOf(PgException.class);
    }
}

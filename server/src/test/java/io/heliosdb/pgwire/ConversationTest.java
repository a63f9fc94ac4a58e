package io.heliosdb.pgwire;

import static io.heliosdb.pgwire.RawClient.bind;
import static io.heliosdb.pgwire.RawClient.concat;
import static io.heliosdb.pgwire.RawClient.describe;
import static io.heliosdb.pgwire.RawClient.error;
import static io.heliosdb.pgwire.RawClient.execute;
import static io.heliosdb.pgwire.RawClient.flush;
import static io.heliosdb.pgwire.RawClient.message;
import static io.heliosdb.pgwire.RawClient.parse;
import static io.heliosdb.pgwire.RawClient.query;
import static io.heliosdb.pgwire.RawClient.shape;
import static io.heliosdb.pgwire.RawClient.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Simple and extended queries, message by message. */
@Timeout(30)
final class ConversationTest {
    private static TestServer server;
    private RawClient client;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        client = server.ready();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    private String answer(byte[]... messages) throws IOException {
        client.send(messages);
        return shape(client.untilReady());
    }

    @Test
    void everyStatementOfAQueryIsAnswered() throws IOException {
        assertThat(shape(client.run("select 1; select 'a', 'b'; select 3 where false")))
                .isEqualTo("TDCTDCTCZ");
        assertThat(shape(client.run(""))).isEqualTo("IZ");
    }

    @Test
    void rowsAreTextWithTheirTypesAnnounced() throws IOException {
        var messages = client.run("select 1 as a, null as b, 'x' as c");
        assertThat(messages.get(0).strings(2).getFirst()).isEqualTo("a");
        assertThat(messages.get(1).row()).containsExactly("1", "NULL", "x");
    }

    @Test
    void queryWithoutItsEndIsAnErrorAndTheConnectionLives() throws IOException {
        client.send(message('Q', "select 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(error(client.untilReady())).containsEntry('M', "invalid string in message");
        client.send(message('Q', "select 1\0junk".getBytes(StandardCharsets.UTF_8)));
        assertThat(error(client.untilReady())).containsEntry('M', "invalid message format");
        assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
    }

    @Test
    void errorOutsideTheSessionFailsItsTransactionToo() throws IOException {
        client.run("begin");
        client.send(message('Q', "select 1".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.untilReady().getLast().text()).isEqualTo("E");
        assertThat(client.run("rollback").getLast().text()).isEqualTo("I");
    }

    @Test
    void batchIsAnsweredMessageByMessage() throws IOException {
        assertThat(
                        answer(
                                parse("", "select $1::text"),
                                describe('S', ""),
                                bind("a"),
                                describe('P', ""),
                                execute(0),
                                sync()))
                .isEqualTo("1tT2TDCZ");
    }

    @Test
    void errorSkipsToSyncAndASimpleQueryOnTheWayToo() throws IOException {
        assertThat(answer(parse("", "selec"), query("select 1"), execute(0), sync()))
                .isEqualTo("EZ");
        assertThat(answer(parse("", "select 1"), bind(), execute(0), sync())).isEqualTo("12DCZ");
    }

    @Test
    void readyComesOnlyWithSync() throws IOException {
        client.send(parse("", "selec"), flush());
        assertThat(client.read().type()).isEqualTo('E');
        assertThat(client.isSilentFor(100)).isTrue();
        assertThat(answer(sync())).isEqualTo("Z");
    }

    @Test
    void rowLimitSuspendsAndGoesOn() throws IOException {
        assertThat(
                        answer(
                                parse("", "select generate_series(1,5)"),
                                bind(),
                                execute(2),
                                execute(2),
                                execute(2),
                                sync()))
                .isEqualTo("12DDsDDsDCZ");
    }

    @Test
    void wrongNumbersOfParametersAndFormatsAreRefused() throws IOException {
        client.send(parse("", "select $1::int, $2::int"), bind("1"), sync());
        assertThat(error(client.untilReady()))
                .containsEntry('C', "08P01")
                .containsEntry(
                        'M',
                        "bind message supplies 1 parameters, but prepared statement \"\" requires"
                                + " 2");
        client.send(parse("", "select 1, 2, 3"), bindWithResultFormats(0, 0), sync());
        assertThat(error(client.untilReady()))
                .containsEntry('M', "bind message has 2 result formats but query has 3 columns");
    }

    @Test
    void binaryResultsComeInBinary() throws IOException {
        client.send(parse("", "select 7::int4"), bindWithResultFormats(1), execute(0), sync());
        var row = client.untilReady().get(2);
        assertThat(row.body()).endsWith(0, 0, 0, 4, 0, 0, 0, 7);
    }

    @Test
    void formatThatDoesNotExistIsRefused() throws IOException {
        client.send(parse("", "select 7::int4"), bindWithResultFormats(7), execute(0), sync());
        assertThat(error(client.untilReady()))
                .containsEntry('C', "22023")
                .containsEntry('M', "unsupported format code: 7");
    }

    private static byte[] bindWithResultFormats(int... formats) {
        var body = new byte[2 + 2 + 2 + 2 + 2 * formats.length];
        body[7] = (byte) formats.length;
        for (int i = 0; i < formats.length; i++) {
            body[9 + 2 * i] = (byte) formats[i];
        }
        return message('B', body);
    }

    @Test
    void valueThatDoesNotReadFailsItsBatch() throws IOException {
        client.send(parse("", "select $1::int"), bind("zz"), execute(0), sync());
        assertThat(error(client.untilReady()))
                .containsEntry('C', "22P02")
                .containsEntry('M', "invalid input syntax for type integer: \"zz\"");
        assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
    }

    @Test
    void aCallOfAFunctionThatIsNotThereIsRefused() throws IOException {
        client.send(message('F', new byte[10]));
        assertThat(error(client.untilReady())).containsEntry('C', "42883");
        assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
    }

    @Test
    void copyMessagesOutsideCopyAreIgnored() throws IOException {
        client.send(
                message('d', new byte[] {1}),
                message('c', new byte[0]),
                message('f', new byte[] {0}));
        assertThat(shape(client.run("select 1"))).isEqualTo("TDCZ");
    }

    @Test
    void unknownMessageTypeEndsTheConnection() throws IOException {
        client.send(message('z', new byte[0]));
        assertThat(error(client.untilEnd()))
                .containsEntry('S', "FATAL")
                .containsEntry('C', "08P01")
                .containsEntry('M', "invalid frontend message type 122");
    }

    @Test
    void halfClosedClientGetsItsAnswers() throws IOException {
        client.send(concat(query("select 1"), query("select 2")));
        client.socket().shutdownOutput();
        assertThat(shape(client.untilEnd())).isEqualTo("TDCZTDCZ");
    }

    @Test
    void changedSettingsAreReported() throws IOException {
        client.run("set application_name = 'zz'");
        assertThat(client.parameters()).containsEntry("application_name", "zz");
    }

    @Test
    void whoTheSessionActsAsIsReported() throws IOException {
        client.run("create role plain");
        try {
            client.run("set role plain");
            assertThat(client.parameters()).containsEntry("is_superuser", "off");
            client.run("reset all");
            assertThat(client.parameters()).containsEntry("is_superuser", "off");
            client.run("reset role");
            assertThat(client.parameters()).containsEntry("is_superuser", "on");
            client.run("begin; set local role plain");
            assertThat(client.parameters()).containsEntry("is_superuser", "off");
            client.run("commit");
            assertThat(client.parameters()).containsEntry("is_superuser", "on");
            client.run("set session authorization plain");
            assertThat(client.parameters())
                    .containsEntry("is_superuser", "off")
                    .containsEntry("session_authorization", "plain");
            client.run("reset session authorization");
            assertThat(client.parameters())
                    .containsEntry("is_superuser", "on")
                    .containsEntry("session_authorization", "postgres");
        } finally {
            client.run("reset session authorization; drop role plain");
        }
    }

    @Test
    void aQueryThatFailsWhileItRunsHasAnnouncedItsColumns() throws IOException {
        client.run("drop table if exists divisors; create table divisors (i int)");
        client.run("insert into divisors values (1), (0)");
        assertThat(shape(client.run("select 1 / i from divisors"))).isEqualTo("TEZ");
        assertThat(shape(client.run("insert into divisors values (null) returning 1 / (i - i)")))
                .isEqualTo("TDCZ");
        assertThat(shape(client.run("insert into divisors values (5) returning 1 / (i - i)")))
                .isEqualTo("EZ");
        assertThat(shape(client.run("select nothing from divisors"))).isEqualTo("EZ");
    }

    @Test
    void anEmptyStringIsEmptyHoweverItCameBefore() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(answer(parse("", ""), bind(), execute(0), sync())).isEqualTo("12IZ");
            assertThat(shape(client.run(""))).isEqualTo("IZ");
        }
    }

    @Test
    void aNameThatIsCutIsToldOfWhenItIsParsed() throws IOException {
        client.send(parse("", "listen " + "c".repeat(70)), flush());
        assertThat(client.read().fields())
                .containsEntry('S', "NOTICE")
                .containsEntry('C', "42622")
                .containsEntry(
                        'M',
                        "identifier \"%s\" will be truncated to \"%s\""
                                .formatted("c".repeat(70), "c".repeat(63)));
        client.send(bind(), execute(0), bind(), execute(0), sync());
        assertThat(client.untilReady().stream().map(RawClient.Message::type))
                .containsExactly('1', '2', 'C', '2', 'C', 'Z');
        client.run("unlisten *");
    }

    @Test
    void anErrorNamesItsSubjectAndItsSource() throws IOException {
        client.run(
                "drop table if exists child; drop table if exists parent;"
                        + " create table parent (id int primary key, n int not null,"
                        + " constraint positive check (n > 0));"
                        + " create table child (p int, constraint known foreign key (p) references"
                        + " parent (id))");
        client.run("insert into parent values (1, 1); insert into child values (1)");
        assertThat(error(client.run("insert into parent values (1, 2)")))
                .containsEntry('S', "ERROR")
                .containsEntry('V', "ERROR")
                .containsEntry('C', "23505")
                .containsEntry('D', "Key (id)=(1) already exists.")
                .containsEntry('s', "public")
                .containsEntry('t', "parent")
                .containsEntry('n', "parent_pkey")
                .containsKeys('F', 'L', 'R');
        assertThat(error(client.run("insert into parent values (2, null)")))
                .containsEntry('C', "23502")
                .containsEntry('t', "parent")
                .containsEntry('c', "n");
        assertThat(error(client.run("insert into parent values (2, 0)")))
                .containsEntry('C', "23514")
                .containsEntry('t', "parent")
                .containsEntry('n', "positive");
        assertThat(error(client.run("insert into child values (7)")))
                .containsEntry('C', "23503")
                .containsEntry('t', "child")
                .containsEntry('n', "known");
        assertThat(error(client.run("delete from parent")))
                .containsEntry('C', "23503")
                .containsEntry('t', "child")
                .containsEntry('n', "known");
    }

    @Test
    void aSchemaOfThePathCountsOnceItExists() throws IOException {
        client.run("drop schema if exists late cascade; set search_path = late, public");
        client.run("create table early_bird (i int)");
        client.run("create schema late");
        assertThat(client.run("create table early_bird (i int)").getFirst().type()).isEqualTo('C');
        client.run("insert into early_bird values (1)");
        assertThat(client.run("select count(*) from late.early_bird").get(1).row())
                .containsExactly("1");
        client.run("drop schema late cascade");
        assertThat(client.run("select count(*) from early_bird").get(1).row()).containsExactly("0");
        client.run("drop table public.early_bird");
    }

    @Test
    void largeResultsAndParametersPass() throws IOException {
        var large = "x".repeat(2_000_000);
        client.send(parse("", "select $1::text"), bind(large), execute(0), sync());
        var messages = client.untilReady();
        assertThat(shape(messages)).isEqualTo("12DCZ");
        assertThat(messages.get(2).row()).containsExactly(large);
    }
}

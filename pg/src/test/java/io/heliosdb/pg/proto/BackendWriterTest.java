package io.heliosdb.pg.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.PgType;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

class BackendWriterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BackendWriter writer = new BackendWriter(bytes, 512);

    private void assertSent(BackendMessage... messages) throws IOException {
        writer.flush();
        var reader = new BackendReader(new ByteArrayInputStream(bytes.toByteArray()));
        for (var message : messages) {
            assertThat(reader.read()).usingRecursiveComparison().isEqualTo(message);
        }
        assertThatThrownBy(reader::read).isInstanceOf(SilentClose.class);
    }

    @Test
    void opensASession() throws IOException {
        writer.authenticationSasl(List.of("SCRAM-SHA-256"));
        writer.authenticationSaslContinue(new byte[] {1});
        writer.authenticationSaslFinal(new byte[] {2});
        writer.authenticationCleartextPassword();
        writer.authenticationOk();
        writer.negotiateProtocolVersion(0, List.of("_pq_.x"));
        writer.parameterStatus("server_version", "15.0");
        writer.backendKeyData(7, -1);
        writer.readyForQuery('I');
        assertSent(
                new BackendMessage.AuthenticationSasl(List.of("SCRAM-SHA-256")),
                new BackendMessage.AuthenticationSaslContinue(new byte[] {1}),
                new BackendMessage.AuthenticationSaslFinal(new byte[] {2}),
                new BackendMessage.AuthenticationCleartextPassword(),
                new BackendMessage.AuthenticationOk(),
                new BackendMessage.NegotiateProtocolVersion(3 << 16, List.of("_pq_.x")),
                new BackendMessage.ParameterStatus("server_version", "15.0"),
                new BackendMessage.BackendKeyData(7, -1),
                new BackendMessage.ReadyForQuery('I'));
    }

    @Test
    void answersAQuery() throws IOException {
        var columns = List.of(new Column("a", Oid.INT4), new Column("b", Oid.TEXT, 14, 99, 2));
        writer.parseComplete();
        writer.bindComplete();
        writer.parameterDescription(new int[] {23});
        writer.rowDescription(columns, 0, 1);
        writer.beginDataRow(3);
        writer.value(PgType.of(Oid.INT4), 42, 0);
        writer.nullValue();
        writer.value(PgType.of(Oid.TEXT), "é", 1);
        writer.endDataRow();
        writer.portalSuspended();
        writer.commandComplete("SELECT", 1);
        writer.commandComplete("BEGIN");
        writer.emptyQueryResponse();
        writer.noData();
        writer.closeComplete();
        writer.notification(5, "ch", "");
        assertSent(
                new BackendMessage.ParseComplete(),
                new BackendMessage.BindComplete(),
                new BackendMessage.ParameterDescription(new int[] {23}),
                new BackendMessage.RowDescription(
                        List.of(
                                new BackendMessage.Field(columns.get(0), 4, 0),
                                new BackendMessage.Field(columns.get(1), -1, 1))),
                new BackendMessage.DataRow(
                        Arrays.asList("42".getBytes(UTF_8), null, "é".getBytes(UTF_8))),
                new BackendMessage.PortalSuspended(),
                new BackendMessage.CommandComplete("SELECT 1"),
                new BackendMessage.CommandComplete("BEGIN"),
                new BackendMessage.EmptyQueryResponse(),
                new BackendMessage.NoData(),
                new BackendMessage.CloseComplete(),
                new BackendMessage.NotificationResponse(5, "ch", ""));
    }

    @Test
    void carriesEveryFieldOfAReport() throws IOException {
        var report =
                new Report(
                        Severity.ERROR,
                        SqlState.SYNTAX_ERROR,
                        "m",
                        "detail",
                        "hint",
                        7,
                        "where",
                        new Report.Subject("s", "t", null, "n"),
                        new Report.Source("f", 8, "r"));
        writer.error(report);
        writer.notice(Report.of(Severity.NOTICE, SqlState.WARNING, "n"));
        assertSent(
                new BackendMessage.ErrorResponse(report),
                new BackendMessage.NoticeResponse(
                        Report.of(Severity.NOTICE, SqlState.WARNING, "n")));
    }

    @Test
    void copies() throws IOException {
        writer.copyResponse(CopyDirection.IN, 0, 2);
        writer.copyResponse(CopyDirection.OUT, 1, 1);
        writer.copyResponse(CopyDirection.BOTH, 0, 0);
        writer.copyData(new byte[] {1, 2, 3}, 1, 2);
        writer.copyDone();
        writer.functionCallResponse(PgType.of(Oid.INT4), null, 0);
        assertSent(
                new BackendMessage.CopyInResponse(0, new int[] {0, 0}),
                new BackendMessage.CopyOutResponse(1, new int[] {1}),
                new BackendMessage.CopyBothResponse(0, new int[0]),
                new BackendMessage.CopyData(new byte[] {2, 3}),
                new BackendMessage.CopyDone(),
                new BackendMessage.FunctionCallResponse(null));
    }

    @Test
    void sendsARowLargerThanItsBufferAndGivesTheMemoryBack() throws IOException {
        var large = "x".repeat(100_000);
        writer.beginDataRow(1);
        writer.value(PgType.of(Oid.TEXT), large, 0);
        writer.endDataRow();
        assertThat(writer.buffered()).isZero();
        assertSent(new BackendMessage.DataRow(List.of(large.getBytes(UTF_8))));
    }

    @Test
    void takesBackARowWhoseValueCannotBeWritten() throws IOException {
        writer.parseComplete();
        writer.beginDataRow(2);
        writer.value(PgType.of(Oid.INT4), 1, 0);
        assertThatThrownBy(() -> writer.value(PgType.of(Oid.INT2), 70_000, 1))
                .isInstanceOf(PgException.class)
                .hasMessage("smallint out of range");
        writer.bindComplete();
        assertSent(new BackendMessage.ParseComplete(), new BackendMessage.BindComplete());
    }

    @Test
    void endsAStringAtItsFirstNul() throws IOException {
        writer.commandComplete("a\0b");
        assertSent(new BackendMessage.CommandComplete("a"));
    }

    @Test
    void answersAProtocolBeforeTheThirdInItsOwnFormat() throws IOException {
        writer.unsupportedProtocol(2, 0);
        writer.flush();
        assertThat(bytes.toString(UTF_8))
                .isEqualTo(
                        "EFATAL:  unsupported frontend protocol 2.0: server supports 3.0 to 3.0\n"
                                + "\0");
    }
}

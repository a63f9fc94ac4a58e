package io.heliosdb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Lsn;

import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

import java.sql.SQLException;
import java.util.Arrays;

/** The words in which a server tells what is missing. */
final class GapTextTest {
    @Test
    void channelsThatMissTheSameMissItOnce() throws SQLException {
        var crash = "{\"from\":\"0/10\",\"to\":\"1/20\",\"missed\":null,\"volatile\":true}";
        var slow = "{\"from\":\"0/1\",\"to\":\"0/2\",\"missed\":3,\"volatile\":false}";
        assertThat(GapText.ofAnswers(Arrays.asList(null, crash, slow, crash)))
                .containsExactly(
                        new Gap(Lsn.parse("0/10"), Lsn.parse("1/20"), -1, true),
                        new Gap(Lsn.parse("0/1"), Lsn.parse("0/2"), 3, false));
    }

    @Test
    void anAnswerThatIsNoGapIsAProtocolViolation() {
        assertThatThrownBy(() -> GapText.ofAnswers(Arrays.asList("{")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08P01"));
    }

    @Test
    void noticesOfGapsAreFoundAmongOthers() {
        var first = notice("table \"t\" does not exist, skipping", "");
        first.setNextWarning(notice("notifications were lost", "7 between 0/1 and 0/2"));
        first.setNextWarning(
                notice(
                        "notifications were lost by a crash",
                        "an unknown number between 0/3 and 0/4"));
        assertThat(GapText.ofNotices(first))
                .containsExactly(
                        new Gap(Lsn.parse("0/1"), Lsn.parse("0/2"), 7, false),
                        new Gap(Lsn.parse("0/3"), Lsn.parse("0/4"), -1, true));
        assertThat(GapText.ofNotices(null)).isEmpty();
    }

    private static PSQLWarning notice(String message, String detail) {
        return new PSQLWarning(
                new ServerErrorMessage("SNOTICE\0C00000\0M" + message + "\0D" + detail + "\0"));
    }
}

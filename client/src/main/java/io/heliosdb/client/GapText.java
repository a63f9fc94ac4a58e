package io.heliosdb.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.heliosdb.pg.Delivery.Gap;
import io.heliosdb.pg.Lsn;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How HeliosDB-Lite tells a gap: as the answer to heliosdb_listen(), and later as a notice. */
final class GapText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOST = "notifications were lost";
    private static final Pattern DETAIL =
            Pattern.compile("(an unknown number|[0-9]+) between (\\S+) and (\\S+)");
    private static final int UNKNOWN = -1;

    private GapText() {}

    /**
     * What is missing, as JSON objects.
     *
     * @param answers one for each channel; null where nothing is missing
     * @return each gap once
     */
    static List<Gap> ofAnswers(List<@Nullable String> answers) throws SQLException {
        var gaps = new ArrayList<Gap>();
        var different = answers.stream().flatMap(answer -> Optional.ofNullable(answer).stream());
        for (var answer : different.distinct().toList()) {
            gaps.add(ofAnswer(answer));
        }
        return gaps;
    }

    private static Gap ofAnswer(String answer) throws SQLException {
        try {
            var gap = JSON.readTree(answer);
            return new Gap(
                    Lsn.parse(gap.path("from").asText()),
                    Lsn.parse(gap.path("to").asText()),
                    gap.path("missed").asLong(UNKNOWN),
                    gap.path("volatile").asBoolean());
        } catch (JsonProcessingException e) {
            throw new SQLException("not a gap: " + answer, "08P01", e);
        }
    }

    /** The gaps among notices. */
    static List<Gap> ofNotices(@Nullable SQLWarning first) {
        var gaps = new ArrayList<Gap>();
        for (var notice = first; notice != null; notice = notice.getNextWarning()) {
            if (notice instanceof PSQLWarning told) {
                ofNotice(told).ifPresent(gaps::add);
            }
        }
        return gaps;
    }

    private static Optional<Gap> ofNotice(PSQLWarning notice) {
        var said = notice.getServerErrorMessage();
        var message = String.valueOf(said.getMessage());
        var detail = DETAIL.matcher(String.valueOf(said.getDetail()));
        if (!message.startsWith(LOST) || !detail.matches()) {
            return Optional.empty();
        }
        var count = detail.group(1);
        return Optional.of(
                new Gap(
                        Lsn.parse(detail.group(2)),
                        Lsn.parse(detail.group(3)),
                        Character.isDigit(count.charAt(0)) ? Long.parseLong(count) : UNKNOWN,
                        !message.equals(LOST)));
    }
}

package io.heliosdb.pg.proto;

import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.type.ByteSink;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/**
 * The content of ErrorResponse and NoticeResponse, both ways: {@code (byte field, string) each,
 * byte 0}.
 *
 * @see <a href="https://www.postgresql.org/docs/15/protocol-error-fields.html">PostgreSQL: error
 *     and notice fields</a>
 */
final class ReportFields {
    private ReportFields() {}

    static void put(Report report, ByteSink sink) {
        put('S', report.severity().name(), sink);
        put('V', report.severity().name(), sink);
        put('C', report.sqlState().code(), sink);
        put('M', report.message(), sink);
        put('D', report.detail(), sink);
        put('H', report.hint(), sink);
        if (report.position() > 0) {
            put('P', Integer.toString(report.position()), sink);
        }
        put('W', report.where(), sink);
        var subject = report.subject();
        if (subject != null) {
            put('s', subject.schema(), sink);
            put('t', subject.table(), sink);
            put('c', subject.column(), sink);
            put('n', subject.constraint(), sink);
        }
        var source = report.source();
        if (source != null) {
            put('F', source.file(), sink);
            put('L', Integer.toString(source.line()), sink);
            put('R', source.routine(), sink);
        }
        sink.putByte(0);
    }

    private static void put(char code, @Nullable String value, ByteSink sink) {
        if (value != null) {
            sink.putByte(code);
            putString(value, sink);
        }
    }

    /** A string ends at its first NUL, since the protocol cannot carry one. */
    static void putString(String text, ByteSink sink) {
        int nul = text.indexOf('\0');
        int from = sink.length();
        sink.putUtf8(nul < 0 ? text : text.substring(0, nul));
        sink.convertFrom(from);
        sink.putByte(0);
    }

    /** Fields that a Report has no place for, such as a data type's name, are dropped. */
    static Report read(MessageBody body) {
        Map<Character, String> fields = new TreeMap<>();
        for (int code = body.int8(); code != 0; code = body.int8()) {
            fields.put((char) code, body.string());
        }
        var state = fields.getOrDefault('C', SqlState.INTERNAL_ERROR.code());
        return new Report(
                severity(fields),
                state.length() == 5 ? new SqlState(state) : SqlState.INTERNAL_ERROR,
                fields.getOrDefault('M', ""),
                fields.get('D'),
                fields.get('H'),
                number(fields.getOrDefault('P', "")),
                fields.get('W'),
                subject(fields),
                source(fields));
    }

    /** V is never translated, S may be. */
    private static Severity severity(Map<Character, String> fields) {
        var name = fields.getOrDefault('V', fields.getOrDefault('S', ""));
        for (var severity : Severity.values()) {
            if (severity.name().equals(name)) {
                return severity;
            }
        }
        return name.startsWith("DEBUG") ? Severity.DEBUG : Severity.ERROR;
    }

    private static Report.@Nullable Subject subject(Map<Character, String> fields) {
        boolean isGiven =
                fields.containsKey('s')
                        || fields.containsKey('t')
                        || fields.containsKey('c')
                        || fields.containsKey('n');
        return isGiven
                ? new Report.Subject(
                        fields.get('s'), fields.get('t'), fields.get('c'), fields.get('n'))
                : null;
    }

    private static Report.@Nullable Source source(Map<Character, String> fields) {
        return fields.containsKey('F')
                ? new Report.Source(
                        fields.getOrDefault('F', ""),
                        number(fields.getOrDefault('L', "")),
                        fields.getOrDefault('R', ""))
                : null;
    }

    private static int number(String digits) {
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }
}

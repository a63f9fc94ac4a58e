package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.Severity;
import io.heliosdb.pg.SqlState;
import io.heliosdb.trigger.plpgsql.Instruction.DiagnosticsItem;
import io.heliosdb.trigger.plpgsql.Instruction.Handler;
import io.heliosdb.trigger.plpgsql.Instruction.Raise;
import io.heliosdb.trigger.plpgsql.Instruction.RaiseOption;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;

/**
 * RAISE, ASSERT, EXCEPTION and GET DIAGNOSTICS.
 *
 * @see <a href="https://www.postgresql.org/docs/15/plpgsql-errors-and-messages.html">PostgreSQL:
 *     errors and messages</a>
 */
final class Errors {
    private static final SqlState RAISE_EXCEPTION = new SqlState("P0001");
    private static final SqlState ASSERT_FAILURE = new SqlState("P0004");
    private static final SqlState NO_HANDLER = new SqlState("0Z002");

    private final PlpgsqlHost host;
    private final SqlRunner sql;
    private final Assigner assigner;
    private final Calls calls;

    Errors(PlpgsqlHost host, SqlRunner sql, Assigner assigner, Calls calls) {
        this.host = host;
        this.sql = sql;
        this.assigner = assigner;
        this.calls = calls;
    }

    // ---- EXCEPTION

    /** The handler for an error; null where there is none. */
    @Nullable Handler handler(Instruction.Handlers handlers, PgException e) {
        if (e.report().severity() != Severity.ERROR) {
            return null;
        }
        for (var handler : handlers.list()) {
            for (var condition : handler.conditions()) {
                if (condition.isOthers() ? isOther(e) : matches(condition.state(), e)) {
                    return handler;
                }
            }
        }
        return null;
    }

    /** OTHERS leaves out what should end a statement in any case. */
    private static boolean isOther(PgException e) {
        return !e.sqlState().equals(SqlState.QUERY_CANCELED)
                && !e.sqlState().equals(ASSERT_FAILURE);
    }

    /** A state that ends in 000 is that of its whole class. */
    private static boolean matches(String state, PgException e) {
        String actual = e.sqlState().code();
        return actual.equals(state)
                || (state.endsWith("000") && actual.startsWith(state.substring(0, 2)));
    }

    // ---- RAISE

    void raise(Raise raise, Frame frame) {
        if (raise.isBare()) {
            throw again(frame);
        }
        var given = settings(raise, frame);
        String message = given.get(RaiseOption.MESSAGE);
        if (raise.format() != null) {
            if (message != null) {
                throw already("MESSAGE");
            }
            message = formatted(raise, frame);
        }
        String state = raise.condition();
        String code = given.get(RaiseOption.ERRCODE);
        if (code != null) {
            if (state != null) {
                throw already("ERRCODE");
            }
            state = state(code);
        }
        if (message == null) {
            String name = raise.name() != null ? raise.name() : code;
            message = name != null ? name : "unhandled exception";
        }
        var severity = raise.severity();
        var report =
                new Report(
                        severity,
                        state == null ? defaultState(severity) : new SqlState(state),
                        message,
                        given.get(RaiseOption.DETAIL),
                        given.get(RaiseOption.HINT),
                        0,
                        severity == Severity.ERROR ? null : calls.where(),
                        subject(given),
                        null);
        if (severity == Severity.ERROR) {
            throw new PgException(report, null);
        }
        host.notice(report);
    }

    private static PgException again(Frame frame) {
        var handled = frame.handled;
        if (handled == null) {
            throw new PgException(
                    NO_HANDLER,
                    "RAISE without parameters cannot be used outside an exception handler");
        }
        frame.again = handled;
        return handled;
    }

    private static PgException already(String option) {
        return new PgException(SqlState.SYNTAX_ERROR, "RAISE option already specified: " + option);
    }

    private static SqlState defaultState(Severity severity) {
        return switch (severity) {
            case ERROR, FATAL, PANIC -> RAISE_EXCEPTION;
            case WARNING -> SqlState.WARNING;
            case NOTICE, INFO, LOG, DEBUG -> SqlState.SUCCESSFUL_COMPLETION;
        };
    }

    private static String state(String code) {
        var states = ConditionNames.states(code);
        if (states != null) {
            return states.getFirst();
        }
        if (!code.matches("[0-9A-Z]{5}")) {
            throw new PgException(
                    SqlState.UNDEFINED_OBJECT, "unrecognized exception condition \"" + code + '"');
        }
        return code;
    }

    private Map<RaiseOption, String> settings(Raise raise, Frame frame) {
        var given = new EnumMap<RaiseOption, String>(RaiseOption.class);
        for (var setting : raise.settings()) {
            Object value = sql.value(setting.value(), frame);
            if (value == null) {
                throw new PgException(
                        SqlState.NULL_VALUE_NOT_ALLOWED, "RAISE statement option cannot be null");
            }
            String text = Conversion.output(value, host.textStyle());
            if (given.put(setting.option(), text) != null) {
                throw already(setting.option().name());
            }
        }
        return given;
    }

    private static Report.@Nullable Subject subject(Map<RaiseOption, String> given) {
        var subject =
                new Report.Subject(
                        given.get(RaiseOption.SCHEMA),
                        given.get(RaiseOption.TABLE),
                        given.get(RaiseOption.COLUMN),
                        given.get(RaiseOption.CONSTRAINT));
        return subject.equals(new Report.Subject(null, null, null, null)) ? null : subject;
    }

    private String formatted(Raise raise, Frame frame) {
        String format = raise.format() == null ? "" : raise.format();
        var out = new StringBuilder(format.length() + 32);
        int argument = 0;
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
            } else if (i + 1 < format.length() && format.charAt(i + 1) == '%') {
                out.append('%');
                i++;
            } else {
                Object value = sql.value(raise.arguments().get(argument++), frame);
                out.append(value == null ? "<NULL>" : Conversion.output(value, host.textStyle()));
            }
        }
        return out.toString();
    }

    // ---- ASSERT

    void check(Instruction.Assert assertion, Frame frame) {
        if (sql.isTrue(assertion.condition(), frame)) {
            return;
        }
        Object message = assertion.message() == null ? null : sql.value(assertion.message(), frame);
        throw new PgException(
                ASSERT_FAILURE,
                message == null
                        ? "assertion failed"
                        : Conversion.output(message, host.textStyle()));
    }

    // ---- GET DIAGNOSTICS

    void diagnostics(Instruction.Diagnostics get, Frame frame) {
        if (get.isStacked() && frame.handled == null) {
            throw new PgException(
                    NO_HANDLER,
                    "GET STACKED DIAGNOSTICS cannot be used outside an exception handler");
        }
        for (var value : get.values()) {
            if (value.item() == DiagnosticsItem.ROW_COUNT) {
                assigner.put(value.target(), frame.rowCount, Oid.INT8, frame);
            } else {
                assigner.put(value.target(), text(value.item(), frame), Oid.TEXT, frame);
            }
        }
    }

    private String text(DiagnosticsItem item, Frame frame) {
        if (item == DiagnosticsItem.PG_CONTEXT || frame.handled == null) {
            return calls.where();
        }
        var report = frame.handled.report();
        var subject =
                report.subject() == null
                        ? new Report.Subject(null, null, null, null)
                        : report.subject();
        String text =
                switch (item) {
                    case ROW_COUNT, PG_CONTEXT -> calls.where();
                    case PG_EXCEPTION_CONTEXT -> report.where();
                    case PG_EXCEPTION_DETAIL -> report.detail();
                    case PG_EXCEPTION_HINT -> report.hint();
                    case RETURNED_SQLSTATE -> report.sqlState().code();
                    case COLUMN_NAME -> subject.column();
                    case CONSTRAINT_NAME -> subject.constraint();
                    case PG_DATATYPE_NAME -> "";
                    case MESSAGE_TEXT -> report.message();
                    case TABLE_NAME -> subject.table();
                    case SCHEMA_NAME -> subject.schema();
                };
        return text == null ? "" : text;
    }
}

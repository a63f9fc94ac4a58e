package io.heliosdb.relay;

import io.heliosdb.pg.Column;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.Report;
import io.heliosdb.pg.type.PgType;
import io.heliosdb.session.Instance;
import io.heliosdb.session.ResultReceiver;
import io.heliosdb.session.SessionClient;
import io.heliosdb.session.SessionRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The console's SQL box: each request is a session of its own, with a limit of time and of rows.
 * The last result of several is shown.
 */
final class ConsoleSql {
    private static final int ROWS_MAX = 500;
    private static final String TIMEOUT_MILLIS = "10000";
    private static final String ROLE = "postgres";

    private ConsoleSql() {}

    /**
     * Runs statements.
     *
     * @throws PgException what is wrong with them
     */
    static Reply run(Instance instance, String sql, String address) {
        var settings =
                Map.of(
                        "statement_timeout",
                        TIMEOUT_MILLIS,
                        "lock_timeout",
                        TIMEOUT_MILLIS,
                        "application_name",
                        "heliosdb console");
        var request =
                new SessionRequest(ROLE, Instance.DATABASE, settings, address, new NoClient());
        var result = new Result();
        try (var session = instance.openSession(request)) {
            session.simpleQuery(sql, result);
        }
        return result.reply();
    }

    /** The last result, as text. */
    private static final class Result implements ResultReceiver {
        private List<Column> columns = List.of();
        private final List<@Nullable String[]> rows = new ArrayList<>();
        private long count;
        private String tag = "";

        @Override
        public void columns(List<Column> next) {
            columns = next;
            rows.clear();
            count = 0;
        }

        @Override
        public void row(@Nullable Object[] values) {
            count++;
            if (rows.size() == ROWS_MAX) {
                return;
            }
            var texts = new @Nullable String[values.length];
            for (int i = 0; i < values.length; i++) {
                var value = values[i];
                texts[i] = value == null ? null : PgType.of(columns.get(i).typeOid()).toText(value);
            }
            rows.add(texts);
        }

        @Override
        public void complete(String next) {
            tag = next;
        }

        @Override
        public void empty() {
            tag = "";
        }

        @Override
        public void suspended() {}

        Reply reply() {
            return Reply.json(
                    200,
                    json -> {
                        json.writeStringField(
                                "tag",
                                count > ROWS_MAX
                                        ? tag + " (the first " + ROWS_MAX + " are shown)"
                                        : tag);
                        if (columns.isEmpty()) {
                            return;
                        }
                        json.writeArrayFieldStart("columns");
                        for (var column : columns) {
                            json.writeString(column.name());
                        }
                        json.writeEndArray();
                        json.writeArrayFieldStart("rows");
                        for (var row : rows) {
                            json.writeStartArray();
                            for (var text : row) {
                                json.writeString(text);
                            }
                            json.writeEndArray();
                        }
                        json.writeEndArray();
                    });
        }
    }

    /** Nobody is told of notices. */
    private static final class NoClient implements SessionClient {
        @Override
        public void notice(Report report) {}

        @Override
        public void parameterChanged(String name, String value) {}

        @Override
        public void terminated(PgException reason) {}
    }
}

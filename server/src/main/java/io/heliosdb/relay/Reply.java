package io.heliosdb.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;

/** An answer over HTTP that is sent whole. */
final class Reply {
    private final int status;
    private final String contentType;
    private final byte[] body;

    /**
     * An answer.
     *
     * @param status as HTTP counts them
     * @param contentType what the body is
     * @param body its bytes, not copied
     */
    Reply(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    byte[] body() {
        return body;
    }

    static Reply text(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
    }

    static Reply json(int status, JsonText.Body body) {
        return new Reply(status, "application/json", JsonText.bytes(body));
    }

    /** An error, with the status that comes closest to its SQLSTATE. */
    static Reply error(PgException error) {
        return json(status(error.sqlState()), json -> Outgoing.writeError(json, error));
    }

    private static int status(SqlState state) {
        return switch (state.code()) {
            case "28000", "28P01" -> 401;
            case "42501" -> 403;
            case "42704" -> 404;
            case "54000" -> 413;
            case "53300", "53400", "57P01", "57P02", "57P03" -> 503;
            default ->
                    switch (state.code().substring(0, 2)) {
                        case "08", "22", "42" -> 400;
                        case "55" -> 409;
                        default -> 500;
                    };
        };
    }
}

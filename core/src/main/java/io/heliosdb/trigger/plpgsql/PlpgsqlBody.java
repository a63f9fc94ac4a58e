package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.sql.BodyTokens;

/**
 * The body of a function, procedure, DO block or trigger function, read once when it is created.
 * Immutable, shared by all sessions; equal only to itself, so that it serves as a key.
 */
public final class PlpgsqlBody {
    private final String source;
    private final Signature signature;

    private PlpgsqlBody(String source, Signature signature) {
        this.source = source;
        this.signature = signature;
    }

    /**
     * Reads a body. Names of tables and columns are looked up when it runs, as in PostgreSQL.
     *
     * @param source what stands between the quotes of AS
     * @param signature how it is called
     * @return the body
     * @throws PgException 42601 and what else is wrong with it, with the position in {@code source}
     *     counted in characters from 1 and PostgreSQL's CONTEXT
     */
    public static PlpgsqlBody parse(String source, Signature signature) {
        BodyTokens.of(source);
        return new PlpgsqlBody(source, signature);
    }

    /**
     * The body as it was written.
     *
     * @return its text
     */
    public String source() {
        return source;
    }

    /**
     * How it is called.
     *
     * @return its signature
     */
    public Signature signature() {
        return signature;
    }
}

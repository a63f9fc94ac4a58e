package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.PgException;
import io.heliosdb.sql.BodyNames.Conflict;
import io.heliosdb.trigger.plpgsql.Instruction.Block;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The body of a function, procedure, DO block or trigger function, read once when it is created.
 * Immutable, shared by all sessions; equal only to itself, so that it serves as a key.
 */
public final class PlpgsqlBody {
    private final String source;
    private final Signature signature;
    private final Code code;

    private PlpgsqlBody(String source, Signature signature, Code code) {
        this.source = source;
        this.signature = signature;
        this.code = code;
    }

    /**
     * What a body was read to.
     *
     * @param block all of it
     * @param variables every variable, by its slot
     * @param sqlCount how many pieces of SQL it has
     * @param found FOUND
     * @param parameters the variables of the signature's parameters
     * @param trigger the variables of a trigger function
     * @param conflict what holds where a name is a variable and a column
     */
    record Code(
            Block block,
            List<Variable> variables,
            int sqlCount,
            Variable found,
            List<Variable> parameters,
            BodyReader.@Nullable Trigger trigger,
            Conflict conflict) {}

    /**
     * Reads a body. Names of tables and columns are looked up when it runs, as in PostgreSQL.
     *
     * @param source what stands between the quotes of AS
     * @param signature how it is called
     * @return the body
     * @throws PgException 42601 and what else is wrong with it, with the position in {@code source}
     *     counted in characters from 1, or else PostgreSQL's CONTEXT
     */
    public static PlpgsqlBody parse(String source, Signature signature) {
        var reader = new BodyReader(source, signature);
        try {
            return new PlpgsqlBody(source, signature, reader.read());
        } catch (PgException e) {
            if (e.report().position() > 0) {
                throw e;
            }
            throw e.withWhere(
                    "compilation of PL/pgSQL function \"%s\" near line %d"
                            .formatted(signature.name(), reader.cursor.line(reader.cursor.at)));
        }
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

    Code code() {
        return code;
    }
}

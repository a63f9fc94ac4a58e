package io.heliosdb.sql;

import java.util.List;
import java.util.Optional;

/**
 * What CREATE TRIGGER with a body says. The texts keep their place in {@code source}, so that an
 * error in them can be pointed at.
 *
 * @param source the whole CREATE TRIGGER statement
 * @param name the trigger's name
 * @param orReplace whether an existing one is replaced
 * @param ifNotExists whether an existing one is left alone
 * @param table its table
 * @param timing when it fires
 * @param events what fires it
 * @param columns the columns of UPDATE OF; empty for all
 * @param condition the WHEN expression
 * @param body the statements, in order; at least one
 * @see <a href="https://www.sqlite.org/lang_createtrigger.html">SQLite: CREATE TRIGGER</a>
 */
public record TriggerDefinition(
        String source,
        String name,
        boolean orReplace,
        boolean ifNotExists,
        TableName table,
        Timing timing,
        List<Event> events,
        List<String> columns,
        Optional<BodyText> condition,
        List<BodyText> body) {

    /** Copies the lists. */
    public TriggerDefinition {
        events = List.copyOf(events);
        columns = List.copyOf(columns);
        body = List.copyOf(body);
    }

    /** When a trigger fires. */
    public enum Timing {
        /** Before the row is written; a change of the row is not seen by the writing. */
        BEFORE,
        /** After the row is written. */
        AFTER,
        /** In the place of writing, on a view. */
        INSTEAD
    }

    /** What fires a trigger. */
    public enum Event {
        /** A row is added. */
        INSERT,
        /** A row is changed. */
        UPDATE,
        /** A row is removed. */
        DELETE
    }

    /**
     * A statement or an expression of a trigger; give it to {@link Rewriter#bind}.
     *
     * @param text as written
     * @param offset where it starts in the source of the definition, from 0
     * @param tree its syntax; an expression's is the tree of {@code SELECT expression}
     */
    public record BodyText(String text, int offset, SyntaxTree tree) {}
}

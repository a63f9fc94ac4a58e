package io.heliosdb.sql;

import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.List;

/** The syntax of a statement for the engine; immutable, and of use to {@link Rewriter} only. */
public final class SyntaxTree {
    final Tokens tokens;
    final Edits edits;
    final int from;
    final int to;
    final Kind kind;
    final String tag;
    final Shape shape;
    final Facts facts;
    final List<Item> items;

    /** Whether the session's own relations were known when it was read. */
    final boolean knowsSession;

    SyntaxTree(
            Grammar grammar,
            int from,
            int to,
            Kind kind,
            String tag,
            Shape shape,
            Facts facts,
            List<Item> items) {
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
        this.from = from;
        this.to = to;
        this.kind = kind;
        this.tag = tag;
        this.shape = shape;
        this.facts = facts;
        this.items = List.copyOf(items);
        knowsSession = !grammar.schema.equals(SchemaLookup.EMPTY);
    }

    boolean isWrite() {
        if (shape instanceof Shape.Explain explain) {
            return explain.tree().isWrite();
        }
        return kind != Kind.SELECT || facts.writes;
    }
}

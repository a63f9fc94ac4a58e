package io.heliosdb.sql;

import java.util.ArrayDeque;

/** The rules of the grammar for one string of statements; they call each other through here. */
final class Grammar {
    final Tokens tokens;
    final SchemaLookup schema;
    final ColumnTypes columnTypes;
    final Cursor cursor;
    final Edits edits;
    final TypeGrammar types;
    final ExpressionGrammar expressions;
    final TermGrammar terms;
    final CallGrammar calls;
    final QueryGrammar queries;
    final TailGrammar tails;
    final FromGrammar from;
    final RelationNames relations;
    final ChangeGrammar changes;
    final TableGrammar tables;
    final CreateGrammar creates;
    final DefinitionGrammar definitions;
    final TriggerGrammar triggers;
    final RoutineGrammar routines;
    final RoleGrammar roles;
    final SettingGrammar settings;
    final CursorGrammar cursors;
    final CopyGrammar copies;
    final CommandGrammar commands;

    /** What is known of the statement that is being read. */
    Facts facts = new Facts();

    private final ArrayDeque<Facts> outer = new ArrayDeque<>();

    Grammar(Tokens tokens, SchemaLookup schema) {
        this.tokens = tokens;
        this.schema = schema;
        this.columnTypes = new ColumnTypes(tokens, schema);
        this.cursor = new Cursor(tokens);
        this.edits = new Edits(tokens);
        this.types = new TypeGrammar(cursor, edits);
        this.expressions = new ExpressionGrammar(this);
        this.terms = new TermGrammar(this);
        this.calls = new CallGrammar(this);
        this.queries = new QueryGrammar(this);
        this.tails = new TailGrammar(this);
        this.from = new FromGrammar(this);
        this.relations = new RelationNames(this);
        this.changes = new ChangeGrammar(this);
        this.tables = new TableGrammar(this);
        this.creates = new CreateGrammar(this);
        this.definitions = new DefinitionGrammar(this);
        this.triggers = new TriggerGrammar(this);
        this.routines = new RoutineGrammar(this);
        this.roles = new RoleGrammar(this);
        this.settings = new SettingGrammar(this);
        this.copies = new CopyGrammar(this);
        this.cursors = new CursorGrammar(this);
        this.commands = new CommandGrammar(this);
    }

    /** An expression with its type, where that of a column is to be looked for. */
    Expression resolved(Expression expression) {
        if (expression.type() != null || !expression.is(Expression.Form.COLUMN)) {
            return expression;
        }
        SqlType type = columnTypes.type(expression);
        return type == null ? expression : expression.withType(type);
    }

    /** Starts a statement inside another one. */
    void push() {
        outer.push(facts);
        facts = new Facts();
    }

    /** Ends a statement inside another one and gives what was found out about it. */
    Facts pop() {
        Facts inner = facts;
        facts = outer.pop();
        return inner;
    }

    /** The source from a token up to the one before another. */
    String source(int from, int to) {
        return to > from ? tokens.sql.substring(tokens.starts[from], tokens.ends[to - 1]) : "";
    }
}

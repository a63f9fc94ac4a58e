package io.heliosdb.trigger.plpgsql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.BodyNames.Conflict;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.Token;
import io.heliosdb.trigger.plpgsql.Instruction.Into;
import io.heliosdb.trigger.plpgsql.Instruction.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads one body: what all of its rules share, the variables and names that are known so far, and
 * the reading of what is assigned to. Confined to the thread that reads.
 */
final class BodyReader {
    private static final SqlState ERROR_IN_ASSIGNMENT = new SqlState("22005");

    final BodyCursor cursor;
    final SqlReader sql;
    final Signature signature;
    final Statements statements;
    final Declarations declarations;
    Scope scope;
    Conflict conflict = Conflict.ERROR;

    private final List<Variable> variables = new ArrayList<>();

    BodyReader(String source, Signature signature) {
        this.cursor = new BodyCursor(source);
        this.sql = new SqlReader(cursor);
        this.signature = signature;
        this.statements = new Statements(this);
        this.declarations = new Declarations(this);
        this.scope = Scope.level(null, Scope.Kind.BLOCK, null);
    }

    PlpgsqlBody.Code read() {
        var found = add(Naming.of("found"), scalar(SqlType.BOOL), null, null);
        scope = Scope.level(scope, Scope.Kind.BLOCK, signature.name());
        var parameters = parameters();
        Trigger trigger = signature.returns() instanceof Signature.Returns.Row ? trigger() : null;
        options();
        var block = statements.block();
        cursor.trySymbol(";");
        if (!cursor.atEnd()) {
            throw cursor.syntaxError();
        }
        return new PlpgsqlBody.Code(
                block, List.copyOf(variables), sql.count(), found, parameters, trigger, conflict);
    }

    private List<Variable> parameters() {
        var list = new ArrayList<Variable>();
        for (int i = 0; i < signature.parameters().size(); i++) {
            var parameter = signature.parameters().get(i);
            var naming = Naming.of(parameter.name().orElse("$" + (i + 1)));
            var variable = variable(naming, parameter.type(), null, null);
            list.add(variable);
            if (parameter.name().isPresent()) {
                scope = scope.with(parameter.name().get(), variable);
            }
        }
        int input = 0;
        for (int i = 0; i < list.size(); i++) {
            if (signature.parameters().get(i).mode().isInput()) {
                scope = scope.with("$" + ++input, list.get(i));
            }
        }
        return list;
    }

    /** The variables of a trigger function. */
    record Trigger(Variable newRow, Variable oldRow, List<Variable> facts) {}

    private Trigger trigger() {
        var newRow = add(Naming.of("new"), BodyType.RECORD, null, null);
        var oldRow = add(Naming.of("old"), BodyType.RECORD, null, null);
        var facts = new ArrayList<Variable>();
        for (String name : TriggerFacts.NAMES) {
            facts.add(add(Naming.of(name), scalar(TriggerFacts.type(name)), null, null));
        }
        return new Trigger(newRow, oldRow, facts);
    }

    private void options() {
        while (cursor.trySymbol("#")) {
            String option = cursor.anyName();
            switch (option) {
                case "option" -> cursor.requireWord("dump");
                case "print_strict_params" -> {
                    if (!cursor.tryWord("on")) {
                        cursor.requireWord("off");
                    }
                }
                case "variable_conflict" ->
                        conflict =
                                switch (cursor.anyName()) {
                                    case "error" -> Conflict.ERROR;
                                    case "use_variable" -> Conflict.USE_VARIABLE;
                                    case "use_column" -> Conflict.USE_COLUMN;
                                    default -> {
                                        cursor.at--;
                                        throw cursor.syntaxError();
                                    }
                                };
                default -> {
                    cursor.at--;
                    throw cursor.syntaxError();
                }
            }
        }
    }

    // ---- variables

    /** What a declaration says of a variable beside its type. */
    record Naming(String name, boolean isConstant, boolean isNotNull, int line) {
        static Naming of(String name) {
            return new Naming(name, false, false, 0);
        }
    }

    static BodyType scalar(SqlType type) {
        return new BodyType.Scalar(type);
    }

    /** Adds a variable that the scope does not know yet. */
    Variable variable(
            Naming naming,
            BodyType type,
            @Nullable Sql initial,
            Variable.@Nullable BoundCursor bound) {
        var variable =
                new Variable(
                        variables.size(),
                        naming.name(),
                        type,
                        naming.isConstant(),
                        naming.isNotNull(),
                        initial,
                        bound,
                        naming.line());
        variables.add(variable);
        return variable;
    }

    Variable add(
            Naming naming,
            BodyType type,
            @Nullable Sql initial,
            Variable.@Nullable BoundCursor bound) {
        var variable = variable(naming, type, initial, bound);
        scope = scope.with(naming.name(), variable);
        return variable;
    }

    Variable hidden(String name, BodyType type) {
        return add(Naming.of(name), type, null, null);
    }

    // ---- what is assigned to

    /** How many tokens the name at the cursor has, with its dots. */
    int nameEnd() {
        int end = cursor.at + 1;
        while (cursor.is(end, ".") && isPart(end + 1)) {
            end += 2;
        }
        return end;
    }

    private boolean isPart(int token) {
        return switch (cursor.tokens.kind(token)) {
            case WORD, QUOTED_NAME -> true;
            default -> false;
        };
    }

    List<String> path(int from, int to) {
        var path = new ArrayList<String>(2);
        for (int i = from; i < to; i += 2) {
            path.add(Identifier.truncate(cursor.tokens.text(i)));
        }
        return path;
    }

    /** The variable, or field of one, at the cursor; null where there is none of that name. */
    @Nullable Target tryPlace() {
        boolean isPosition = cursor.tokens.kind(cursor.at) == Token.PARAMETER;
        if (!isPosition && !cursor.isName(cursor.at)) {
            return null;
        }
        int end = isPosition ? cursor.at + 1 : nameEnd();
        var path = isPosition ? List.of("$" + cursor.text()) : path(cursor.at, end);
        var found = scope.find(path);
        if (found == null || path.size() > found.used() + 1) {
            return null;
        }
        if (path.size() == found.used()) {
            cursor.at = end;
            return new Target(found.variable(), null, List.of());
        }
        if (!found.variable().isRow()) {
            return null;
        }
        cursor.at = end;
        return new Target(found.variable(), path.getLast(), List.of());
    }

    Target place() {
        int from = cursor.at;
        if (!cursor.isName(from) && cursor.tokens.kind(from) != Token.PARAMETER) {
            throw cursor.syntaxError();
        }
        var target = tryPlace();
        if (target == null) {
            throw unknown(from);
        }
        requireAssignable(target.variable(), from);
        return target;
    }

    PgException unknown(int from) {
        int end = nameEnd();
        return cursor.error(
                from, "\"" + String.join(".", path(from, end)) + "\" is not a known variable");
    }

    void requireAssignable(Variable variable, int token) {
        if (variable.isConstant()) {
            throw cursor.error(
                    token,
                    ERROR_IN_ASSIGNMENT,
                    "variable \"" + variable.name() + "\" is declared CONSTANT");
        }
    }

    /** The targets after INTO, at the first of them. */
    Into into() {
        boolean isStrict = cursor.tryWord("strict");
        var targets = new ArrayList<Target>();
        do {
            int at = cursor.at;
            var target = place();
            boolean isRow = target.field() == null && target.variable().isRow();
            if (isRow && (!targets.isEmpty() || cursor.is(","))) {
                throw cursor.error(
                        targets.isEmpty() ? cursor.at : at,
                        targets.isEmpty()
                                ? "record variable cannot be part of multiple-item INTO list"
                                : "\"" + target.variable().name() + "\" is not a scalar variable");
            }
            targets.add(target);
        } while (cursor.trySymbol(","));
        return new Into(List.copyOf(targets), isStrict);
    }

    Variable cursorVariable() {
        int from = cursor.at;
        var target = tryPlace();
        if (target == null) {
            if (!cursor.isName(from)) {
                throw cursor.syntaxError();
            }
            throw unknown(from);
        }
        if (target.field() != null || target.variable().isRow()) {
            throw cursor.error(
                    from, SqlState.DATATYPE_MISMATCH, "cursor variable must be a simple variable");
        }
        boolean isCursor =
                target.variable().type() instanceof BodyType.Scalar(var type)
                        && type.name().equals("refcursor");
        if (!isCursor) {
            throw cursor.error(
                    from,
                    SqlState.DATATYPE_MISMATCH,
                    "variable \""
                            + target.variable().name()
                            + "\" must be of type cursor or refcursor");
        }
        return target.variable();
    }

    static final SqlType REFCURSOR = new SqlType("refcursor", Oid.TEXT, -1, SqlType.TEXT.engine());
}

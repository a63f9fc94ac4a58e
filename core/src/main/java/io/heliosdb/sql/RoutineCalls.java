package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Expression.Form;
import io.heliosdb.sql.Facts.Place;
import io.heliosdb.sql.RoutineResolver.Match;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has the engine call the routines that users have created: through functions of its own, one for
 * each type of result, that are told the routine's number and which arguments it gets. The
 * arguments stay where they are, so that all else that is done to them still is.
 */
final class RoutineCalls {
    /** The functions of the engine that give one value are called so, with a type's name. */
    static final String CALL = "helios_call_";

    /** The function of the engine that gives rows. */
    static final String ROWS = "helios_rows";

    private static final String FUNCTION_HINT =
            "No function matches the given name and argument types. You might need to add explicit"
                    + " type casts.";

    /** A call that has been read and whose routine is known. */
    record Resolved(int from, int last, CallArguments arguments, List<Match> matches) {
        RoutineSignature routine() {
            return matches.getFirst().routine();
        }
    }

    private final Grammar grammar;
    private final Tokens tokens;
    private final Edits edits;

    RoutineCalls(Grammar grammar) {
        this.grammar = grammar;
        this.tokens = grammar.tokens;
        this.edits = grammar.edits;
    }

    /** The routines that a call may mean; none where the name is no user's routine. */
    List<RoutineSignature> candidates(int from, int last) {
        String name = Identifier.truncate(tokens.texts[last]);
        Optional<String> schema =
                last > from ? Optional.of(tokens.texts[last - 2]) : Optional.empty();
        return grammar.schema.routines(new TableName(schema, name));
    }

    Resolved resolve(
            int from, int last, CallArguments arguments, List<RoutineSignature> candidates) {
        var types = arguments.types(grammar.columnTypes);
        var functions = candidates.stream().filter(each -> !each.isProcedure()).toList();
        List<Match> matches =
                RoutineResolver.resolve(
                        functions, types, arguments.names(), arguments.isVariadic());
        String display = RoutineResolver.display(written(from, last), types, arguments.names());
        if (matches.isEmpty()) {
            throw noMatch(from, display, candidates, types, arguments);
        }
        boolean isOpen = types.contains(null);
        boolean isSame =
                matches.stream()
                        .allMatch(match ->
                                match.routine()
                                        .returns()
                                        .equals(matches.getFirst().routine().returns()));
        if (matches.size() > 1 && !(isOpen && isSame)) {
            throw tokens.error(
                            from, new SqlState("42725"), "function " + display + " is not unique")
                    .withHint(
                            "Could not choose a best candidate function. You might need to add"
                                    + " explicit type casts.");
        }
        return new Resolved(from, last, arguments, matches);
    }

    private String written(int from, int last) {
        return last > from ? tokens.texts[last - 2] + '.' + tokens.texts[last] : tokens.texts[last];
    }

    private PgException noMatch(
            int from,
            String display,
            List<RoutineSignature> candidates,
            List<@Nullable SqlType> types,
            CallArguments arguments) {
        var procedures = candidates.stream().filter(RoutineSignature::isProcedure).toList();
        if (!RoutineResolver.resolve(procedures, types, arguments.names(), arguments.isVariadic())
                .isEmpty()) {
            return tokens.error(from, new SqlState("42809"), display + " is a procedure")
                    .withHint("To call a procedure, use CALL.");
        }
        return tokens.error(
                        from,
                        SqlState.UNDEFINED_FUNCTION,
                        "function " + display + " does not exist")
                .withHint(FUNCTION_HINT);
    }

    /** A call as an expression; the cursor stands after it. */
    Expression value(Resolved call) {
        RoutineSignature routine = call.routine();
        SqlType type = resultType(call);
        write(call, CALL + functionSuffix(type));
        return new Expression(
                call.from(),
                grammar.cursor.at,
                routine.returnsSet() ? Form.SET_RETURNING : Form.OTHER,
                routine.name(),
                2,
                type);
    }

    /** A call in FROM; the cursor stands after it. Columns are those of a definition list. */
    void rows(Resolved call, List<RoutineParameter> defined) {
        var names = new ArrayList<String>();
        var oids = new ArrayList<String>();
        if (defined.isEmpty()) {
            for (var column : call.routine().columns()) {
                names.add(Edits.string(column.name()));
                oids.add(String.valueOf(column.typeOid()));
            }
            if (call.routine().columns().size() == 1 && call.routine().returns().isPolymorphic()) {
                oids.set(0, String.valueOf(resultType(call).oid()));
            }
        } else {
            for (var column : defined) {
                names.add(Edits.string(column.name().orElse("")));
                oids.add(String.valueOf(column.type().oid()));
            }
        }
        String shape =
                "ARRAY[" + String.join(",", names) + "], ARRAY[" + String.join(",", oids) + "], ";
        write(call, ROWS, shape);
    }

    private void write(Resolved call, String function) {
        write(call, function, "");
    }

    private void write(Resolved call, String function, String first) {
        int open = call.last() + 1;
        int close = grammar.cursor.at - 1;
        edits.remove(call.from(), call.last() + 1);
        edits.replace(call.from(), function);
        List<CallArguments.Argument> list = call.arguments().list;
        edits.replace(open, '(' + first + spec(call, list.size()) + (list.isEmpty() ? "" : ", "));
        for (int i = 0; i < list.size(); i++) {
            var argument = list.get(i);
            int start = argument.value().from();
            if (argument.from() < start) {
                edits.remove(argument.from(), start);
            }
            if (call.matches().size() == 1) {
                convert(argument.value(), call.matches().getFirst().typeOf(i));
            }
        }
        edits.replace(close, defaults(call) + ')');
    }

    /** The routine's number and, for each argument, the parameter that gets it. */
    private static String spec(Resolved call, int count) {
        var spec = new StringBuilder("'");
        for (Match match : call.matches()) {
            if (spec.length() > 1) {
                spec.append('|');
            }
            spec.append(match.routine().oid()).append(match.isExpanded() ? "v" : "");
            boolean isPlain = true;
            for (int i = 0; i < count; i++) {
                isPlain &= match.places()[i] == i;
            }
            int places = match.routine().places().size();
            if (isPlain && (count == places || match.isExpanded())) {
                continue;
            }
            spec.append(':');
            for (int i = 0; i < count; i++) {
                spec.append(i == 0 ? "" : ",").append(match.places()[i]);
            }
            for (int place : missing(match)) {
                spec.append(spec.charAt(spec.length() - 1) == ':' ? "" : ",").append(place);
            }
        }
        return spec.append('\'').toString();
    }

    private static List<Integer> missing(Match match) {
        var missing = new ArrayList<Integer>();
        var places = match.routine().places();
        for (int i = 0; i < places.size(); i++) {
            boolean isGiven = false;
            for (int given : match.places()) {
                isGiven |= given == i;
            }
            if (!isGiven && !(match.isExpanded() && i == places.size() - 1)) {
                missing.add(i);
            }
        }
        return missing;
    }

    private static String defaults(Resolved call) {
        Match match = call.matches().getFirst();
        var text = new StringBuilder();
        for (int place : missing(match)) {
            text.append(", ")
                    .append(match.routine().places().get(place).defaultSql().orElse("NULL"));
        }
        return text.toString();
    }

    /** A constant in quotes or a parameter is read as what the routine takes. */
    private void convert(Expression value, RoutineType target) {
        if (target.isNamed() || target.isPolymorphic() || target.oid() == RoutineType.RECORD) {
            return;
        }
        SqlType type = target.sqlType();
        if (value.is(Form.STRING)) {
            String text = tokens.texts[value.from()];
            boolean isSpecial =
                    type.isArray()
                            || type.isJson()
                            || type.oid() == Oid.BOOL
                            || type.oid() == Oid.BYTEA
                            || type.oid() == Oid.INTERVAL;
            edits.replace(
                    value.from(),
                    isSpecial
                            ? Casts.constant(tokens, value.from(), text, type)
                            : "CAST(" + Edits.string(text) + " AS " + type.engine() + ')');
        } else if (value.is(Form.PARAMETER)) {
            int number = grammar.facts.number(value.from());
            grammar.facts.place(value.from(), Place.CAST);
            if (type.oid() != 0) {
                grammar.facts.castOids.putIfAbsent(number, type.oid());
            }
            if (type.isJson()) {
                edits.innermost(value.from(), Casts.json(type) + '(', ")");
            } else {
                edits.innermost(value.from(), "CAST(", " AS " + type.engine() + ')');
            }
        }
    }

    /** The type of what the call gives, with the arguments' for one that stands for any. */
    private SqlType resultType(Resolved call) {
        RoutineSignature routine = call.routine();
        RoutineType returns = routine.returns();
        if (routine.isRow() || returns.oid() == RoutineType.RECORD) {
            return new SqlType("record", RoutineType.RECORD, -1, "CHARACTER VARYING");
        }
        if (!returns.isPolymorphic()) {
            return returns.isNamed()
                    ? grammar.schema.domain(returns).orElse(SqlType.TEXT)
                    : returns.sqlType();
        }
        return polymorphic(call, returns).orElse(SqlType.TEXT);
    }

    private Optional<SqlType> polymorphic(Resolved call, RoutineType returns) {
        var types = call.arguments().types(grammar.columnTypes);
        Match match = call.matches().getFirst();
        for (int i = 0; i < types.size(); i++) {
            RoutineType taken = match.typeOf(i);
            SqlType given = types.get(i);
            if (!taken.isPolymorphic() || given == null || given.equals(ColumnTypes.UNKNOWN)) {
                continue;
            }
            boolean isArray = returns.oid() == RoutineType.ANY_ARRAY;
            boolean isFromArray = taken.oid() == RoutineType.ANY_ARRAY;
            if (isArray == isFromArray) {
                return Optional.of(given);
            }
            return Optional.ofNullable(isArray ? given.array() : SqlType.named(given.name()));
        }
        return Optional.empty();
    }

    /** The engine's function for a type of result. */
    static String functionSuffix(SqlType type) {
        boolean isKnown = SqlType.named(type.name()) != null && type.oid() != 0;
        if (!isKnown) {
            return "text";
        }
        return type.isArray() ? '_' + type.name() : type.name();
    }
}

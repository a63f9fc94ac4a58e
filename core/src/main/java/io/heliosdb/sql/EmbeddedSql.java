package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.QueryGrammar.Item;
import io.heliosdb.sql.Statement.Engine.Kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A statement inside a body, whose names may be variables of the body. Its syntax is read once;
 * what its names mean is found out when it is bound, since only then the tables are known.
 * Immutable.
 */
public final class EmbeddedSql {
    /** Calls whose only argument may be a row, with the engine's function of the same result. */
    private static final Map<String, String> ROW_FUNCTIONS =
            Map.of("row_to_json", "to_json", "to_json", "to_json", "to_jsonb", "to_jsonb");

    private final String text;
    private final Statement statement;
    private final boolean hasStars;

    private EmbeddedSql(String text, Statement statement, boolean hasStars) {
        this.text = text;
        this.statement = statement;
        this.hasStars = hasStars;
    }

    /**
     * Reads a statement.
     *
     * @param text the statement; {@code SELECT} and an expression for an expression
     * @param isRow whether a name is a row of the body, so that {@code name.*} are its columns
     * @return the statement
     * @throws PgException 42601, with the position in the text
     */
    public static EmbeddedSql parse(String text, Predicate<String> isRow) {
        var stars = stars(text, isRow);
        String read = stars.isEmpty() ? text : withStars(text, stars, name -> "x");
        return new EmbeddedSql(text, new SqlParser().parseSingle(read), !stars.isEmpty());
    }

    /**
     * The statement as it was written.
     *
     * @return its text
     */
    public String text() {
        return text;
    }

    /**
     * What the parser recognised.
     *
     * @return the statement; its text is not the one written where it has {@code row.*}
     */
    public Statement statement() {
        return statement;
    }

    /**
     * Whether it reads or changes rows in the engine, so that it can be bound; all others are the
     * session's own and see no variables.
     *
     * @return whether it does
     */
    public boolean isBindable() {
        return statement instanceof Statement.Engine engine
                && engine.kind() != Kind.DDL
                && engine.kind() != Kind.EXPLAIN;
    }

    /**
     * The name, where the statement is a query of one name and nothing else.
     *
     * @return the name with its qualifiers
     */
    public Optional<List<String>> onlyName() {
        if (!(statement instanceof Statement.Engine engine) || hasStars) {
            return Optional.empty();
        }
        SyntaxTree tree = engine.tree();
        Tokens tokens = tree.tokens;
        if (tree.facts.names.size() == 1) {
            Facts.NameUse use = tree.facts.names.getFirst();
            return use.from() == tree.from + 1 && use.to() == tree.to
                    ? Optional.of(path(tokens, use))
                    : Optional.empty();
        }
        boolean isParameter =
                tree.to == tree.from + 2 && tokens.kinds[tree.from + 1] == Token.PARAMETER;
        return isParameter
                ? Optional.of(List.of('$' + tokens.texts[tree.from + 1]))
                : Optional.empty();
    }

    /**
     * Gives the statement to the engine, with the body's variables as parameters.
     *
     * @param names the body's variables
     * @param schema describes the tables it names
     * @return the statement as the engine executes it
     * @throws PgException 42702, 42703, 42P02 …, with the position in the text
     */
    public BoundSql bind(BodyNames names, SchemaLookup schema) {
        SyntaxTree tree = read(names, schema).tree();
        Edits edits = tree.edits.copy();
        var variables = new LinkedHashMap<Object, Integer>();
        for (Facts.NameUse use : tree.facts.names) {
            bind(tree, use, names, schema, edits, variables);
        }
        for (Facts.Site site : tree.facts.sites) {
            var path = List.of("$" + site.number());
            if (!(names.find(path) instanceof BodyNames.Value value)) {
                throw tree.tokens.error(
                        site.token(),
                        SqlState.UNDEFINED_PARAMETER,
                        "there is no parameter $" + site.number());
            }
            edits.fixKeepingAround(site.token(), site.token() + 1, parameter(value, variables));
        }
        for (Facts.Source source : tree.facts.sources) {
            BodyNames.Row relation = names.relation(source.name());
            if (relation != null) {
                edits.fixKeepingAround(
                        source.token(), source.token() + 1, relation(source, relation, variables));
            }
        }
        var rewriting = new Rewriting(tree, schema, edits);
        String sql = rewriting.sql();
        return new BoundSql(
                sql,
                List.copyOf(variables.keySet()),
                tree.kind == Kind.SELECT || !tree.items.isEmpty(),
                tree.isWrite(),
                rewriting.retryOnUnique);
    }

    private static void bind(
            SyntaxTree tree,
            Facts.NameUse use,
            BodyNames names,
            SchemaLookup schema,
            Edits edits,
            Map<Object, Integer> variables) {
        var path = path(tree.tokens, use);
        if (names.conflict() == BodyNames.Conflict.USE_COLUMN
                && isColumn(tree, use, path, schema)) {
            return;
        }
        var meaning = names.find(path);
        if (meaning == null) {
            return;
        }
        if (names.conflict() == BodyNames.Conflict.ERROR && isColumn(tree, use, path, schema)) {
            throw new PgException(
                            new SqlState("42702"),
                            "column reference \"" + String.join(".", path) + "\" is ambiguous")
                    .withDetail("It could refer to either a PL/pgSQL variable or a table column.")
                    .withPosition(
                            Scanner.position(tree.tokens.sql, tree.tokens.starts[use.from()]));
        }
        String text =
                switch (meaning) {
                    case BodyNames.Value value ->
                            parameter(value, variables, tree, use.from(), use.to());
                    case BodyNames.Row row -> row(tree, use, row, names, edits, variables);
                };
        boolean isElement = use.to() < tree.to && tree.tokens.texts[use.to()].equals("[");
        if (isElement && names.isNumberedFromZero(path)) {
            edits.before(use.to() + 1, "1 + ");
        }
        edits.fixKeepingAround(use.from(), use.to(), text + label(tree, use));
    }

    /** A column of the result that is a variable keeps the variable's name. */
    private static String label(SyntaxTree tree, Facts.NameUse use) {
        for (Item item : tree.items) {
            Expression expression = item.expression();
            boolean isItem =
                    !item.star()
                            && expression.is(Expression.Form.COLUMN)
                            && expression.from() == use.from()
                            && expression.to() == use.to()
                            && item.label().equals(expression.label());
            if (isItem && !isLabelled(tree, use.to())) {
                return " AS " + Identifier.quote(item.label());
            }
        }
        return "";
    }

    private static boolean isLabelled(SyntaxTree tree, int next) {
        String text = tree.tokens.texts[next];
        return next < tree.to
                && switch (tree.tokens.kinds[next]) {
                    case QUOTED_NAME -> true;
                    case WORD -> text.equals("as") || Keyword.kind(text) != Keyword.Kind.RESERVED;
                    default -> false;
                };
    }

    /**
     * A variable where it stands: of a Boolean beside {@code ||} its text, as PostgreSQL has it.
     */
    private static String parameter(
            BodyNames.Value value,
            Map<Object, Integer> variables,
            SyntaxTree tree,
            int from,
            int to) {
        String parameter = parameter(value, variables);
        boolean isJoined =
                value.type().oid() == Oid.BOOL
                        && (tree.tokens.texts[from - 1].equals("||")
                                || (to < tree.to && tree.tokens.texts[to].equals("||")));
        return isJoined ? "LOWER(CAST(" + parameter + " AS VARCHAR))" : parameter;
    }

    private static String parameter(BodyNames.Value value, Map<Object, Integer> variables) {
        Integer known = variables.get(value.variable());
        int number = known == null ? variables.size() + 1 : known;
        variables.putIfAbsent(value.variable(), number);
        SqlType type = value.type();
        return type.isJson() && !type.isArray()
                ? Casts.json(type) + "(?" + number + ')'
                : "CAST(?" + number + " AS " + type.engine() + ')';
    }

    private static String row(
            SyntaxTree tree,
            Facts.NameUse use,
            BodyNames.Row row,
            BodyNames names,
            Edits edits,
            Map<Object, Integer> variables) {
        Tokens tokens = tree.tokens;
        var list = new ArrayList<String>();
        int call = use.from() - 2;
        boolean isArgument =
                call > tree.from
                        && tokens.texts[call + 1].equals("(")
                        && tokens.texts[use.to()].equals(")")
                        && tokens.kinds[call] == Token.WORD
                        && ROW_FUNCTIONS.containsKey(tokens.texts[call]);
        for (BodyNames.Field field : row.fields()) {
            String parameter = parameter(field.value(), variables);
            list.add(isArgument ? Edits.string(field.name()) + ", " + parameter : parameter);
        }
        if (!isArgument) {
            compareAsRows(tree, use.to(), names, edits);
            return "ROW(" + String.join(", ", list) + ')';
        }
        edits.replace(call, ROW_FUNCTIONS.get(tokens.texts[call]));
        String object = "helios_json_object(" + String.join(", ", list) + ')';
        return row.isNull() == null
                ? object
                : "CASE WHEN "
                        + parameter(row.isNull(), variables)
                        + " THEN NULL ELSE "
                        + object
                        + " END";
    }

    /** Rows are equal whose NULLs stand in the same places, other than two row constructors. */
    private static void compareAsRows(SyntaxTree tree, int operator, BodyNames names, Edits edits) {
        Tokens tokens = tree.tokens;
        if (operator >= tree.to || tokens.kinds[operator] != Token.OPERATOR) {
            return;
        }
        boolean isRow =
                tree.facts.names.stream()
                        .filter(other -> other.from() == operator + 1)
                        .anyMatch(
                                other -> names.find(path(tokens, other)) instanceof BodyNames.Row);
        if (isRow && tokens.texts[operator].equals("=")) {
            edits.replace(operator, "IS NOT DISTINCT FROM");
        } else if (isRow
                && (tokens.texts[operator].equals("<>") || tokens.texts[operator].equals("!="))) {
            edits.replace(operator, "IS DISTINCT FROM");
        }
    }

    /** A relation of the body: its columns are arrays, whose elements are put side by side. */
    private static String relation(
            Facts.Source source, BodyNames.Row relation, Map<Object, Integer> variables) {
        var columns = new ArrayList<String>();
        var arrays = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (BodyNames.Field field : relation.fields()) {
            SqlType type = field.value().type();
            boolean isJson = type.isJson() && !type.isArray();
            String name = "c" + (names.size() + 1);
            SqlType element = isJson ? SqlType.TEXT : type;
            arrays.add(
                    parameter(
                            new BodyNames.Value(field.value().variable(), element.array()),
                            variables));
            names.add(name);
            columns.add(
                    (isJson ? Casts.json(type) + '(' + name + ')' : name)
                            + " AS "
                            + Identifier.quote(field.name()));
        }
        String query =
                "(SELECT "
                        + String.join(", ", columns)
                        + " FROM UNNEST("
                        + String.join(", ", arrays)
                        + ") AS u("
                        + String.join(", ", names)
                        + "))";
        return source.isAliased() ? query : query + " AS " + Identifier.quote(source.name());
    }

    private static List<String> path(Tokens tokens, Facts.NameUse use) {
        var path = new ArrayList<String>(2);
        for (int i = use.from(); i < use.to(); i += 2) {
            path.add(Identifier.truncate(tokens.texts[i]));
        }
        return path;
    }

    // ---- columns of the same name

    /** Whether a relation that the name's query sees has such a column. */
    private static boolean isColumn(
            SyntaxTree tree, Facts.NameUse use, List<String> path, SchemaLookup schema) {
        if (path.size() > 2) {
            return false;
        }
        for (Facts.Relation relation : tree.facts.relations) {
            boolean named = path.size() == 1 || relation.alias().equals(path.getFirst());
            if (named
                    && sees(tree, use.from(), relation.at())
                    && schema.table(relation.table())
                            .flatMap(table -> table.column(path.getLast()))
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean sees(SyntaxTree tree, int name, int relation) {
        int from = tree.from;
        int to = tree.to;
        for (Facts.Scope scope : tree.facts.scopes) {
            boolean inside = scope.from() <= relation && relation < scope.to();
            if (inside && scope.to() - scope.from() < to - from) {
                from = scope.from();
                to = scope.to();
            }
        }
        return from <= name && name < to && !isInsertTarget(tree, name, relation);
    }

    /** The values of an INSERT do not see the table that they go into. */
    private static boolean isInsertTarget(SyntaxTree tree, int name, int relation) {
        return tree.shape instanceof Shape.Insert insert
                && insert.source() != null
                && relation < insert.source().from()
                && insert.source().from() <= name
                && name < insert.source().to();
    }

    // ---- row.*

    private record Star(int name, int star, String row) {}

    /** Read anew, since what its calls mean is known only now. */
    private Statement.Engine read(BodyNames names, SchemaLookup schema) {
        var stars = stars(text, name -> names.find(List.of(name)) instanceof BodyNames.Row);
        String read = withStars(text, stars, row -> columns(names, row));
        return (Statement.Engine) new SqlParser(() -> schema).parseSingle(read);
    }

    private static String columns(BodyNames names, String row) {
        if (!(names.find(List.of(row)) instanceof BodyNames.Row found)) {
            throw new IllegalStateException(row + " is no row");
        }
        var list = new ArrayList<String>();
        for (BodyNames.Field field : found.fields()) {
            list.add(Identifier.quote(field.name()));
        }
        return String.join(", " + Identifier.quote(row) + '.', list);
    }

    private static List<Star> stars(String text, Predicate<String> isRow) {
        Tokens tokens = Scanner.scan(text);
        var stars = new ArrayList<Star>();
        for (int i = 2; i < tokens.count; i++) {
            boolean star = tokens.texts[i].equals("*") && tokens.texts[i - 1].equals(".");
            boolean name =
                    tokens.kinds[i - 2] == Token.WORD || tokens.kinds[i - 2] == Token.QUOTED_NAME;
            boolean qualified = i > 2 && tokens.texts[i - 3].equals(".");
            if (star && name && !qualified && isRow.test(tokens.texts[i - 2])) {
                stars.add(new Star(tokens.starts[i - 2], tokens.starts[i], tokens.texts[i - 2]));
            }
        }
        return stars;
    }

    private static String withStars(String text, List<Star> stars, UnaryOperator<String> columns) {
        var out = new StringBuilder(text);
        for (Star star : stars.reversed()) {
            out.replace(star.star(), star.star() + 1, columns.apply(star.row()));
        }
        return out.toString();
    }
}

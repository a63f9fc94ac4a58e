package io.heliosdb.trigger.routine;

import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.RoutineType;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A function or procedure. Immutable; equal only to itself, so that sessions can keep what they
 * compile of it.
 */
public final class Routine {
    private final int oid;
    private final String schema;
    private final String name;
    private final String owner;
    private final RoutineDefinition definition;
    private final RoutineBody body;

    Routine(
            int oid,
            String schema,
            String name,
            String owner,
            RoutineDefinition definition,
            RoutineBody body) {
        this.oid = oid;
        this.schema = schema;
        this.name = name;
        this.owner = owner;
        this.definition = definition;
        this.body = body;
    }

    /**
     * Its number, which it keeps as long as it is not dropped.
     *
     * @return the oid
     */
    public int oid() {
        return oid;
    }

    /**
     * The schema it is in.
     *
     * @return the schema's name
     */
    public String schema() {
        return schema;
    }

    /**
     * Its name.
     *
     * @return without schema and arguments
     */
    public String name() {
        return name;
    }

    /**
     * Who has created it.
     *
     * @return the role
     */
    public String owner() {
        return owner;
    }

    /**
     * What its CREATE statement says.
     *
     * @return the definition, whose name may be an earlier one
     */
    public RoutineDefinition definition() {
        return definition;
    }

    RoutineBody body() {
        return body;
    }

    /**
     * Whether only triggers call it.
     *
     * @return whether it returns {@code trigger}
     */
    public boolean isTrigger() {
        return definition.returns().oid() == RoutineType.TRIGGER;
    }

    /** The types by which it is told from others of its name. */
    List<String> inputTypes() {
        return definition.inputs().stream().map(input -> input.type().display()).toList();
    }

    boolean hasTypes(List<String> types) {
        return inputTypes().equals(types);
    }

    /**
     * As messages name it.
     *
     * @return such as {@code f(integer, text)}
     */
    public String display() {
        return name + inputTypes().stream().collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * As its kind is called in messages.
     *
     * @return {@code function} or {@code procedure}
     */
    public String kind() {
        return definition.isProcedure() ? "procedure" : "function";
    }

    Routine renamed(String newName) {
        return new Routine(oid, schema, newName, owner, definition, body);
    }

    Routine owned(String newOwner) {
        return new Routine(oid, schema, name, newOwner, definition, body);
    }

    Routine moved(String newSchema) {
        return new Routine(oid, newSchema, name, owner, definition, body);
    }
}

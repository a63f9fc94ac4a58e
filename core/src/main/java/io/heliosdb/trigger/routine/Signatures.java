package io.heliosdb.trigger.routine;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Column;
import io.heliosdb.pg.Oid;
import io.heliosdb.sql.RoutineDefinition;
import io.heliosdb.sql.RoutineParameter;
import io.heliosdb.sql.RoutineSignature;
import io.heliosdb.sql.RoutineType;
import io.heliosdb.sql.SqlType;
import io.heliosdb.sql.TableName;
import io.heliosdb.trigger.plpgsql.BodyType;
import io.heliosdb.trigger.plpgsql.Signature;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A routine's signature, as calls and as bodies know it. */
final class Signatures {
    private Signatures() {}

    /** The columns that a call has, and the types that only the schema knows. */
    static RoutineSignature of(Routine routine, Function<TableName, Optional<TableInfo>> tables) {
        RoutineDefinition definition = routine.definition();
        RoutineType returns = definition.returns();
        Optional<TableInfo> row = row(returns, tables);
        var columns = columns(routine, row);
        boolean isRow =
                row.isPresent()
                        || definition.outputs().size() > 1
                        || (definition.outputs().isEmpty() && returns.oid() == RoutineType.RECORD);
        return new RoutineSignature(
                routine.oid(),
                routine.name(),
                definition.isProcedure(),
                definition.parameters(),
                returns,
                definition.returnsSet(),
                columns,
                isRow);
    }

    static Optional<TableInfo> row(
            RoutineType type, Function<TableName, Optional<TableInfo>> tables) {
        return type.isNamed() && !type.isArray()
                ? tables.apply(new TableName(type.schema(), type.name()))
                : Optional.empty();
    }

    static List<Column> columns(Routine routine, Optional<TableInfo> row) {
        RoutineDefinition definition = routine.definition();
        var columns = new ArrayList<Column>();
        if (row.isPresent()) {
            for (var column : row.get().columns()) {
                columns.add(new Column(column.name(), column.oid()));
            }
        } else if (!definition.outputs().isEmpty()) {
            for (RoutineParameter output : definition.outputs()) {
                columns.add(
                        new Column(
                                output.name().orElse("column" + (columns.size() + 1)),
                                oid(output.type())));
            }
        } else if (definition.returns().oid() != RoutineType.RECORD) {
            columns.add(new Column(routine.name(), oid(definition.returns())));
        }
        return List.copyOf(columns);
    }

    private static int oid(RoutineType type) {
        return type.oid() == 0 ? Oid.TEXT : type.oid();
    }

    /** The signature that a PL/pgSQL body is read with. */
    static Signature body(
            RoutineDefinition definition, Function<TableName, Optional<TableInfo>> tables) {
        var parameters =
                definition.parameters().stream()
                        .map(each ->
                                new Signature.Parameter(
                                        each.name(),
                                        Signature.Mode.valueOf(each.mode().name()),
                                        type(each.type(), tables),
                                        each.defaultText()))
                        .toList();
        return new Signature(
                definition.name().name(),
                parameters,
                returns(definition, tables),
                definition.isProcedure());
    }

    private static Signature.Returns returns(
            RoutineDefinition definition, Function<TableName, Optional<TableInfo>> tables) {
        RoutineType returns = definition.returns();
        if (definition.isProcedure() || returns.oid() == RoutineType.VOID) {
            return new Signature.Returns.Nothing();
        }
        if (returns.oid() == RoutineType.TRIGGER) {
            return new Signature.Returns.Row();
        }
        BodyType type = type(returns, tables);
        return definition.returnsSet()
                ? new Signature.Returns.Many(type)
                : new Signature.Returns.One(type);
    }

    private static BodyType type(
            RoutineType type, Function<TableName, Optional<TableInfo>> tables) {
        if (type.oid() == RoutineType.RECORD) {
            return BodyType.RECORD;
        }
        if (row(type, tables).isPresent()) {
            return new BodyType.RowOf(new TableName(type.schema(), type.name()));
        }
        if (type.isPolymorphic()) {
            return new BodyType.Scalar(SqlType.TEXT);
        }
        return new BodyType.Scalar(type.sqlType());
    }
}

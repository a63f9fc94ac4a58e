package io.heliosdb.engine;

import io.heliosdb.pg.Oid;

import org.h2.engine.Database;
import org.h2.schema.Domain;
import org.h2.table.Column;
import org.h2.value.ExtTypeInfoEnum;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Enumerations, which the store has as domains: their labels, the columns that are of them, and the
 * number of the type that a value is of.
 */
final class Enumerations {
    private Enumerations() {}

    /** The enumerations of a database, by schema and name. */
    static Map<TableId, Enumeration> all(Database database) {
        var users = new HashMap<Domain, List<Enumeration.Use>>();
        var all = new HashMap<TableId, Enumeration>();
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            for (Domain domain : schema.getAllDomains()) {
                if (isEnumeration(domain)) {
                    users.put(domain, new ArrayList<>());
                }
            }
        }
        if (users.isEmpty()) {
            return Map.of();
        }
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            for (var table : schema.getAllTablesAndViews(null)) {
                for (Column column : table.getColumns()) {
                    var uses = users.get(column.getDomain());
                    if (uses != null) {
                        uses.add(
                                new Enumeration.Use(
                                        new TableId(schema.getName(), table.getName()),
                                        column.getName()));
                    }
                }
            }
        }
        users.forEach((domain, uses) ->
                all.put(
                        new TableId(domain.getSchema().getName(), domain.getName()),
                        new Enumeration(labels(domain.getDataType()), List.copyOf(uses))));
        return Map.copyOf(all);
    }

    static List<String> labels(TypeInfo type) {
        var labels = new ArrayList<String>();
        if (type.getExtTypeInfo() instanceof ExtTypeInfoEnum known) {
            for (int i = 1; i <= known.getCount(); i++) {
                labels.add(known.getEnumerator(i - 1));
            }
        }
        return List.copyOf(labels);
    }

    /** The number of the enumeration that a column is of; 0 where it is of none. */
    static int oid(Column column) {
        Domain domain = column.getDomain();
        return domain != null && isEnumeration(domain) ? Oids.of(domain) : Oid.UNSPECIFIED;
    }

    /** The number of the first enumeration that has the labels of a type; 0 where none has. */
    static int oid(@Nullable Database database, TypeInfo type) {
        if (database == null || type.getValueType() != Value.ENUM) {
            return Oid.UNSPECIFIED;
        }
        for (org.h2.schema.Schema schema : database.getAllSchemasNoMeta()) {
            for (Domain domain : schema.getAllDomains()) {
                if (isEnumeration(domain)
                        && type.getExtTypeInfo() != null
                        && type.getExtTypeInfo().equals(domain.getDataType().getExtTypeInfo())) {
                    return Oids.of(domain);
                }
            }
        }
        return Oid.UNSPECIFIED;
    }

    private static boolean isEnumeration(Domain domain) {
        return domain.getDataType().getValueType() == Value.ENUM;
    }
}

package io.heliosdb.engine;

import io.heliosdb.engine.CatalogRelation.Attribute;
import io.heliosdb.pg.Oid;

import org.h2.engine.SessionLocal;
import org.h2.result.Row;
import org.h2.schema.Schema;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueInteger;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers from 1 to each length: what an array is joined with to make rows of its elements,
 * since the store's own UNNEST cannot see the tables beside it.
 */
final class PositionsTable extends CatalogTable {
    static final String NAME = "helios_positions";

    /** More elements are looked up all the same, but not found without a length. */
    private static final int LISTED_MAX = 100;

    private static final CatalogRelation SHAPE =
            new CatalogRelation(
                    Engine.CATALOG_SCHEMA,
                    NAME,
                    1,
                    List.of(
                            new Attribute("length", Oid.OID, -1),
                            new Attribute("n", Oid.INT4, -1)));

    PositionsTable(Schema schema) {
        super(schema, SHAPE);
    }

    @Override
    List<Row> find(SessionLocal session, int column, Value key) {
        var rows = new ArrayList<Row>();
        add(rows, key.getLong());
        return rows;
    }

    @Override
    List<Row> all(SessionLocal session) {
        var rows = new ArrayList<Row>();
        for (int length = 1; length <= LISTED_MAX; length++) {
            add(rows, length);
        }
        return rows;
    }

    @Override
    double scanCost() {
        return Integer.MAX_VALUE;
    }

    private static void add(List<Row> rows, long length) {
        for (int n = 1; n <= length; n++) {
            var values =
                    new Value[] {
                        ValueBigint.get(length), ValueInteger.get(n), ValueBigint.get(SHAPE.oid())
                    };
            rows.add(Row.get(values, 1, rows.size()));
        }
    }
}

package io.heliosdb.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.constraint;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.excluded;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.rank;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import io.heliosdb.tools.ToolDatabase.Way;

import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/** jOOQ's usual work in the dialect of PostgreSQL. */
@Timeout(120)
final class JooqTest {
    private static final Table<Record> ITEMS = table(name("items"));
    private static final Field<Integer> ID = field(name("items", "id"), SQLDataType.INTEGER);
    private static final Field<String> NAME = field(name("items", "name"), SQLDataType.VARCHAR(50));
    private static final Field<BigDecimal> PRICE =
            field(name("items", "price"), SQLDataType.NUMERIC(10, 2));
    private static final Field<JSONB> DATA = field(name("items", "data"), SQLDataType.JSONB);
    private static final Field<UUID> KEY = field(name("items", "key"), SQLDataType.UUID);
    private static final Field<String[]> TAGS =
            field(name("items", "tags"), SQLDataType.VARCHAR.getArrayDataType());
    private static final Field<OffsetDateTime> MADE =
            field(name("items", "made"), SQLDataType.TIMESTAMPWITHTIMEZONE(6));

    @ParameterizedTest
    @EnumSource
    void rowsAreInsertedReadChangedAndDeleted(Way way) throws SQLException {
        try (var database = way.open()) {
            var jooq = items(database);
            var made = OffsetDateTime.parse("2026-02-03T04:05:06.789012Z");
            var key = UUID.nameUUIDFromBytes(new byte[] {1});
            Integer id =
                    jooq.insertInto(ITEMS)
                            .columns(NAME, PRICE, DATA, KEY, TAGS, MADE)
                            .values(
                                    "a",
                                    new BigDecimal("1.50"),
                                    JSONB.valueOf("{\"x\": [1, 2]}"),
                                    key,
                                    new String[] {"t", "u v"},
                                    made)
                            .returning(ID)
                            .fetchSingle(ID);
            assertThat(id).isOne();
            var read = jooq.select().from(ITEMS).where(ID.eq(id)).fetchSingle();
            assertThat(read.get("price")).isEqualTo(new BigDecimal("1.50"));
            assertThat(read.get("data", JSONB.class)).isEqualTo(JSONB.valueOf("{\"x\": [1, 2]}"));
            assertThat(read.get("key")).isEqualTo(key);
            assertThat(read.get("tags", String[].class)).containsExactly("t", "u v");
            assertThat(read.get("made", OffsetDateTime.class).toInstant())
                    .isEqualTo(made.toInstant());
            assertThat(
                            jooq.update(ITEMS)
                                    .set(PRICE, PRICE.plus(1))
                                    .set(NAME, "b")
                                    .set(KEY, new UUID(0, 7))
                                    .where(NAME.in("a", "z"))
                                    .returningResult(NAME, PRICE)
                                    .fetch()
                                    .map(each -> each.value1() + each.value2()))
                    .containsExactly("b2.50");
            assertThat(jooq.deleteFrom(ITEMS).where(ID.eq(id)).returning(NAME).fetch(NAME))
                    .containsExactly("b");
            assertThat(jooq.fetchCount(ITEMS)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUpsertInsertsOrChanges(Way way) throws SQLException {
        try (var database = way.open()) {
            var jooq = items(database);
            for (String price : List.of("1.00", "2.00")) {
                jooq.insertInto(ITEMS, NAME, PRICE)
                        .values("a", new BigDecimal(price))
                        .onConflict(NAME)
                        .doUpdate()
                        .set(PRICE, excluded(PRICE))
                        .where(PRICE.lt(excluded(PRICE)))
                        .execute();
            }
            jooq.insertInto(ITEMS, NAME, PRICE)
                    .values("a", BigDecimal.TEN)
                    .onConflictDoNothing()
                    .execute();
            jooq.insertInto(ITEMS, NAME, PRICE)
                    .values("b", BigDecimal.ONE)
                    .onConflictOnConstraint(name("items_name_key"))
                    .doUpdate()
                    .set(PRICE, BigDecimal.ZERO)
                    .execute();
            assertThat(jooq.select(NAME, PRICE).from(ITEMS).orderBy(NAME).fetchMap(NAME, PRICE))
                    .containsEntry("a", new BigDecimal("2.00"))
                    .containsEntry("b", new BigDecimal("1.00"))
                    .hasSize(2);
            assertThatThrownBy(() -> jooq.insertInto(ITEMS, NAME).values("a").execute())
                    .isInstanceOf(IntegrityConstraintViolationException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void queriesAreComposed(Way way) throws SQLException {
        try (var database = way.open()) {
            var jooq = items(database);
            var insert = jooq.insertInto(ITEMS, NAME, PRICE, DATA);
            for (int i = 1; i <= 5; i++) {
                insert =
                        insert.values(
                                "n" + i,
                                BigDecimal.valueOf(i),
                                JSONB.valueOf("{\"k\": \"v" + i % 2 + "\"}"));
            }
            assertThat(insert.execute()).isEqualTo(5);
            var kind = DSL.jsonbGetAttributeAsText(DATA, DSL.inline("k"));
            assertThat(
                            jooq.select(kind, count(), sum(PRICE))
                                    .from(ITEMS)
                                    .groupBy(kind)
                                    .having(count().gt(1))
                                    .orderBy(kind.desc())
                                    .fetch()
                                    .map(r -> r.value1() + " " + r.value2() + " " + r.value3()))
                    .containsExactly("v1 3 9.00", "v0 2 6.00");
            var cheap =
                    name("cheap")
                            .as(
                                    select(NAME, PRICE)
                                            .from(ITEMS)
                                            .where(PRICE.le(val(new BigDecimal(3)))));
            assertThat(
                            jooq.with(cheap)
                                    .select(
                                            field(name("cheap", "name")),
                                            rank().over()
                                                    .orderBy(field(name("cheap", "price")).desc()))
                                    .from(table(name("cheap")))
                                    .orderBy(2)
                                    .limit(2)
                                    .offset(1)
                                    .fetch()
                                    .map(r -> r.value1() + " " + r.value2()))
                    .containsExactly("n2 2", "n1 3");
            assertThat(
                            jooq.select(DSL.jsonObject(DSL.key("n").value(NAME)))
                                    .from(ITEMS)
                                    .where(ID.eq(1))
                                    .fetchSingle()
                                    .value1()
                                    .data()
                                    .replace(" ", ""))
                    .isEqualTo("{\"n\":\"n1\"}");
            assertThat(
                            jooq.select(DSL.multiset(select(NAME).from(ITEMS).orderBy(ID).limit(2)))
                                    .fetchSingle()
                                    .value1()
                                    .getValues(NAME))
                    .containsExactly("n1", "n2");
            assertThat(jooq.fetchExists(ITEMS, NAME.likeIgnoreCase("N5"))).isTrue();
            int left =
                    jooq.transactionResult(trx -> {
                        trx.dsl().deleteFrom(ITEMS).execute();
                        return trx.dsl().fetchCount(ITEMS);
                    });
            assertThat(left).isZero();
            assertThatThrownBy(() ->
                            jooq.transaction(trx -> {
                                trx.dsl().insertInto(ITEMS, NAME).values("x").execute();
                                throw new IllegalStateException("rolled back");
                            }))
                    .hasMessage("rolled back");
            assertThat(jooq.fetchCount(ITEMS)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaIsReadBack(Way way) throws SQLException {
        try (var database = way.open()) {
            var jooq = items(database);
            jooq.createTable("orders")
                    .column("id", SQLDataType.BIGINT.generatedByDefaultAsIdentity())
                    .column("item", SQLDataType.INTEGER.notNull())
                    .constraints(
                            constraint("orders_pk").primaryKey("id"),
                            constraint("orders_item").foreignKey("item").references("items", "id"))
                    .execute();
            jooq.createIndex("orders_by_item").on("orders", "item").execute();
            jooq.createView("cheap").as(select(ID, NAME).from(ITEMS)).execute();
            jooq.createSequence("numbers").execute();
            var meta = jooq.meta().filterSchemas(s -> s.getName().equals("public"));
            assertThat(meta.getTables())
                    .extracting(Table::getName)
                    .containsExactlyInAnyOrder("items", "orders", "cheap");
            var orders = meta.getTables("orders").getFirst();
            assertThat(orders.getPrimaryKey().getName()).isEqualTo("orders_pk");
            assertThat(orders.getReferences())
                    .singleElement()
                    .satisfies(key -> assertThat(key.getName()).isEqualTo("orders_item"));
            assertThat(orders.getIndexes()).extracting(i -> i.getName()).contains("orders_by_item");
            assertThat(orders.field("id").getDataType().identity()).isTrue();
            var items = meta.getTables("items").getFirst();
            assertThat(items.field("price").getDataType().scale()).isEqualTo(2);
            assertThat(items.getUniqueKeys())
                    .extracting(k -> k.getName())
                    .containsExactly("items_name_key");
            assertThat(meta.getSequences()).extracting(s -> s.getName()).contains("numbers");
            jooq.alterTable("orders").addColumn("note", SQLDataType.CLOB).execute();
            jooq.alterTable("orders").renameColumn("note").to("remark").execute();
            jooq.dropView("cheap").execute();
            jooq.dropTable("orders").cascade().execute();
            assertThat(jooq.meta().getTables("orders")).isEmpty();
        }
    }

    private static DSLContext items(ToolDatabase database) {
        var jooq = DSL.using(database.source(), SQLDialect.POSTGRES);
        jooq.createTableIfNotExists("items")
                .column("id", SQLDataType.INTEGER.generatedByDefaultAsIdentity())
                .column(NAME.getUnqualifiedName(), SQLDataType.VARCHAR(50).notNull())
                .column("price", PRICE.getDataType())
                .column("data", DATA.getDataType())
                .column("key", KEY.getDataType())
                .column("tags", SQLDataType.CLOB.getArrayDataType())
                .column("made", MADE.getDataType().defaultValue(DSL.currentOffsetDateTime()))
                .constraints(
                        constraint("items_pkey").primaryKey("id"),
                        constraint("items_name_key").unique("name"))
                .execute();
        return jooq;
    }
}

package io.heliosdb.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import io.heliosdb.tools.ToolDatabase.Way;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcCall;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

/** The usual work of Spring's JDBC templates, over a pool of HikariCP. */
@Timeout(120)
final class SpringJdbcTest {
    /** A row as a record. */
    record Person(int id, String fullName, BigDecimal pay) {}

    private interface Work {
        void on(DataSource source) throws SQLException;
    }

    @ParameterizedTest
    @EnumSource
    void rowsComeBackAsObjectsAndKeysFromInserts(Way way) throws SQLException {
        onPeople(
                way,
                source -> {
                    var template = new JdbcTemplate(source);
                    var keys = new GeneratedKeyHolder();
                    template.update(
                            connection -> {
                                var insert =
                                        connection.prepareStatement(
                                                "insert into people (full_name, pay) values (?, ?)",
                                                new String[] {"id"});
                                insert.setString(1, "Ada");
                                insert.setBigDecimal(2, new BigDecimal("10.50"));
                                return insert;
                            },
                            keys);
                    assertThat(keys.getKey()).isEqualTo(1);
                    var insert =
                            new SimpleJdbcInsert(source)
                                    .withTableName("people")
                                    .usingGeneratedKeyColumns("id");
                    assertThat(insert.executeAndReturnKey(Map.of("full_name", "Bob", "pay", 2)))
                            .isEqualTo(2);
                    assertThat(
                                    JdbcClient.create(source)
                                            .sql(
                                                    "select * from people where pay > :least order"
                                                            + " by id")
                                            .param("least", 1)
                                            .query(Person.class)
                                            .list())
                            .containsExactly(
                                    new Person(1, "Ada", new BigDecimal("10.50")),
                                    new Person(2, "Bob", new BigDecimal("2.00")));
                    assertThat(
                                    new NamedParameterJdbcTemplate(source)
                                            .queryForList(
                                                    "select full_name from people where id in"
                                                            + " (:ids)",
                                                    Map.of("ids", List.of(2, 3)),
                                                    String.class))
                            .containsExactly("Bob");
                    assertThat(
                                    template.batchUpdate(
                                            "update people set pay = pay + ? where id = ?",
                                            List.of(new Object[] {1, 1}, new Object[] {1, 9})))
                            .containsExactly(1, 0);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsCommittedOrRolledBackWhole(Way way) throws SQLException {
        onPeople(
                way,
                source -> {
                    var template = new JdbcTemplate(source);
                    var manager = new DataSourceTransactionManager(source);
                    var outer = new TransactionTemplate(manager);
                    var nested = new TransactionTemplate(manager);
                    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
                    outer.executeWithoutResult(status -> {
                        insert(template, "kept");
                        assertThatThrownBy(() ->
                                        nested.executeWithoutResult(inner -> {
                                            insert(template, "lost");
                                            insert(template, "kept");
                                        }))
                                .isInstanceOf(DuplicateKeyException.class);
                    });
                    assertThat(names(template)).containsExactly("kept");
                    outer.executeWithoutResult(status -> {
                        insert(template, "undone");
                        status.setRollbackOnly();
                    });
                    assertThat(names(template)).containsExactly("kept");
                    var reading = new TransactionTemplate(manager);
                    reading.setReadOnly(true);
                    reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
                    assertThatThrownBy(() ->
                                    reading.executeWithoutResult(
                                            status -> insert(template, "refused")))
                            .rootCause()
                            .hasMessageContaining("read-only transaction");
                });
    }

    @ParameterizedTest
    @EnumSource
    void errorsAreTranslated(Way way) throws SQLException {
        onPeople(
                way,
                source -> {
                    var template = new JdbcTemplate(source);
                    insert(template, "one");
                    assertThatThrownBy(() -> insert(template, "one"))
                            .isInstanceOf(DuplicateKeyException.class);
                    assertThatThrownBy(() -> template.update("insert into people (pay) values (1)"))
                            .isInstanceOf(DataIntegrityViolationException.class);
                    assertThatThrownBy(() -> template.queryForList("selec 1"))
                            .isInstanceOf(BadSqlGrammarException.class);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionIsCalledByItsDescription(Way way) throws SQLException {
        onPeople(
                way,
                source -> {
                    var template = new JdbcTemplate(source);
                    template.execute(
                            "create function raised(amount numeric, percent integer)"
                                    + " returns numeric language sql as"
                                    + " 'select amount * (100 + percent) / 100'");
                    var call = new SimpleJdbcCall(source).withFunctionName("raised");
                    BigDecimal raised =
                            call.executeFunction(
                                    BigDecimal.class,
                                    Map.of("amount", new BigDecimal("50"), "percent", 10));
                    assertThat(raised).isEqualByComparingTo("55");
                    template.execute(
                            "create function answer() returns integer language sql as 'select 42'");
                    var answer = new SimpleJdbcCall(source).withFunctionName("answer");
                    assertThat(answer.executeFunction(Integer.class)).isEqualTo(42);
                });
    }

    @ParameterizedTest
    @EnumSource
    void aPoolGivesItsConnectionsToManyThreadsAsTheyWere(Way way) throws SQLException {
        onPeople(
                way,
                source -> {
                    var template = new JdbcTemplate(source);
                    insert(template, "counter");
                    var threads = new ArrayList<Thread>();
                    for (int i = 0; i < 8; i++) {
                        threads.add(
                                Thread.startVirtualThread(() -> {
                                    for (int j = 0; j < 25; j++) {
                                        template.update("update people set pay = pay + 1");
                                    }
                                }));
                    }
                    for (Thread thread : threads) {
                        joinQuietly(thread);
                    }
                    assertThat(template.queryForObject("select pay from people", Integer.class))
                            .isEqualTo(200);
                    try (var connection = source.getConnection()) {
                        connection.setReadOnly(true);
                        connection.setSchema("pg_catalog");
                        connection.setAutoCommit(false);
                    }
                    try (var connection = source.getConnection()) {
                        assertThat(connection.getAutoCommit()).isTrue();
                        assertThat(connection.isReadOnly()).isFalse();
                    }
                });
    }

    private static void joinQuietly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void onPeople(Way way, Work work) throws SQLException {
        try (var database = way.open()) {
            var config = new HikariConfig();
            config.setDataSource(database.source());
            config.setMaximumPoolSize(3);
            try (var pool = new HikariDataSource(config)) {
                new JdbcTemplate(pool)
                        .execute(
                                "create table people (id serial primary key, full_name text not"
                                        + " null unique, pay numeric(10, 2) not null default 0)");
                work.on(pool);
            }
        }
    }

    private static void insert(JdbcTemplate template, String name) {
        template.update("insert into people (full_name) values (?)", name);
    }

    private static List<String> names(JdbcTemplate template) {
        return template.queryForList("select full_name from people order by id", String.class);
    }
}

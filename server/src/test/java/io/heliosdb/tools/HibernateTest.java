package io.heliosdb.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heliosdb.tools.ToolDatabase.Way;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;

import org.hibernate.SessionFactory;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.tool.schema.Action;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Hibernate's usual work: a schema made and checked from entities, and their life in it. */
@Timeout(120)
final class HibernateTest {

    @ParameterizedTest
    @EnumSource
    void aSchemaIsMadeCheckedAndDropped(Way way) throws SQLException {
        try (var database = way.open()) {
            try (var made = factory(database, Action.CREATE_DROP)) {
                inTransaction(made, em -> em.persist(new Author("Ada", Author.Kind.POET)));
                try (var checked = factory(database, Action.VALIDATE)) {
                    inTransaction(
                            checked,
                            em -> assertThat(em.find(Author.class, 1L).name).isEqualTo("Ada"));
                }
                try (var updated = factory(database, Action.UPDATE)) {
                    assertThat(updated.isOpen()).isTrue();
                }
            }
            assertThat(tables(database)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatASchemaLacksIsFoundAndAdded(Way way) throws SQLException {
        try (var database = way.open()) {
            try (var made = factory(database, Action.CREATE_ONLY)) {
                inTransaction(
                        made,
                        em -> {
                            em.createNativeQuery("alter table books drop column printed")
                                    .executeUpdate();
                            em.createNativeQuery("drop sequence book_numbers").executeUpdate();
                        });
            }
            assertThatThrownBy(() -> factory(database, Action.VALIDATE))
                    .rootCause()
                    .hasMessageContaining("missing");
            factory(database, Action.UPDATE).close();
            factory(database, Action.VALIDATE).close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void entitiesAreStoredFoundChangedAndRemoved(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            inTransaction(factory, em -> em.persist(library()));
            inTransaction(
                    factory,
                    em -> {
                        var author =
                                em.createQuery("from Author where name = 'Ada'", Author.class)
                                        .getSingleResult();
                        assertThat(author.kind).isEqualTo(Author.Kind.NOVELIST);
                        assertThat(author.born).isEqualTo(LocalDate.of(1815, 12, 10));
                        assertThat(author.changed)
                                .isEqualTo(Instant.parse("2026-02-03T04:05:06.789012Z"));
                        assertThat(author.aliases).containsExactlyInAnyOrder("Lady", "Countess");
                        assertThat(author.books).extracting(b -> b.title).containsExactly("A", "B");
                        Book book = author.books.getFirst();
                        assertThat(book.price).isEqualTo(new BigDecimal("12.50"));
                        assertThat(book.details)
                                .isEqualTo(Map.of("pages", 12, "tags", List.of("x")));
                        assertThat(book.languages).containsExactly("en", "de, \"at\"");
                        assertThat(book.cover).containsExactly(0, -1, 92);
                        assertThat(book.shelves)
                                .singleElement()
                                .isInstanceOfSatisfying(
                                        Shelf.Locked.class,
                                        s -> assertThat(s.code).isEqualTo("1234"));
                        book.title = "Z";
                        author.aliases.remove("Lady");
                        author.books.removeLast();
                    });
            inTransaction(
                    factory,
                    em -> {
                        var author = em.find(Author.class, 1L);
                        assertThat(author.version).isEqualTo(1);
                        assertThat(author.aliases).containsExactly("Countess");
                        assertThat(author.books).extracting(b -> b.title).containsExactly("Z");
                        em.remove(author);
                    });
            inTransaction(
                    factory, em -> assertThat(count(em, "select count(*) from books")).isZero());
        }
    }

    @ParameterizedTest
    @EnumSource
    void queriesOfEveryKindAnswer(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            inTransaction(
                    factory,
                    em -> {
                        em.persist(library());
                        em.persist(new Author("Bob", Author.Kind.POET));
                        for (int i = 1; i <= 7; i++) {
                            em.persist(new Shelf("room " + i));
                        }
                    });
            inTransaction(
                    factory,
                    em -> {
                        assertThat(
                                        em.createQuery(
                                                        "select s.room from Shelf s order by"
                                                                + " s.room",
                                                        String.class)
                                                .setFirstResult(2)
                                                .setMaxResults(3)
                                                .getResultList())
                                .containsExactly("room 2", "room 3", "room 4");
                        assertThat(
                                        em.createQuery(
                                                        "select a.name, count(b), sum(b.price) from"
                                                            + " Author a left join a.books b group"
                                                            + " by a.name having count(b) >= :least"
                                                            + " order by 1",
                                                        Object[].class)
                                                .setParameter("least", 0L)
                                                .getResultList())
                                .containsExactly(
                                        new Object[] {"Ada", 2L, new BigDecimal("20.00")},
                                        new Object[] {"Bob", 0L, null});
                        assertThat(
                                        em.createQuery(
                                                        "select b.title from Book b where"
                                                            + " b.author.kind = :kind and"
                                                            + " year(b.author.born) = 1815 and"
                                                            + " b.isbn is not null and"
                                                            + " lower(b.title) like :like escape"
                                                            + " '!' order by b.price desc nulls"
                                                            + " last",
                                                        String.class)
                                                .setParameter("kind", Author.Kind.NOVELIST)
                                                .setParameter("like", "%")
                                                .getResultList())
                                .containsExactly("A", "B");
                        assertThat(
                                        em.createQuery(
                                                        "select b.title, rank() over (partition by"
                                                            + " b.author.id order by b.price desc)"
                                                            + " from Book b where exists (select 1"
                                                            + " from b.shelves s where type(s) ="
                                                            + " Shelf$Locked) order by 1",
                                                        Object[].class)
                                                .getResultList())
                                .containsExactly(new Object[] {"A", 1L});
                        assertThat(
                                        em.createNativeQuery(
                                                        "select b.*, count(*) over () as n from"
                                                            + " books b where details->>'pages' ="
                                                            + " ?1 and 'en' = any(languages)",
                                                        Book.class)
                                                .setParameter(1, "12")
                                                .getResultList()
                                                .size())
                                .isOne();
                        var cb = em.getCriteriaBuilder();
                        var query = cb.createQuery(String.class);
                        var root = query.from(Author.class);
                        query.select(root.get("name"))
                                .where(root.get("name").in(List.of("Ada", "Bob", "Cid")))
                                .orderBy(cb.asc(root.get("name")));
                        assertThat(em.createQuery(query).getResultList())
                                .containsExactly("Ada", "Bob");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyRowsAreChangedAtOnce(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            inTransaction(
                    factory,
                    em -> {
                        em.persist(library());
                        em.persist(new Author("Bob", Author.Kind.POET));
                        em.persist(new Author("Cid", Author.Kind.POET));
                    });
            inTransaction(
                    factory,
                    em -> {
                        assertThat(
                                        em.createQuery(
                                                        "update versioned Author a set a.born ="
                                                            + " :born where not exists (select 1"
                                                            + " from Book b where b.author = a)")
                                                .setParameter("born", LocalDate.of(1900, 1, 1))
                                                .executeUpdate())
                                .isEqualTo(2);
                        assertThat(
                                        em.createQuery("delete from Author where name = 'Bob'")
                                                .executeUpdate())
                                .isOne();
                        assertThat(
                                        em.createQuery(
                                                        "insert into Author (name, kind, version)"
                                                            + " select concat(a.name, '2'), a.kind,"
                                                            + " 0 from Author a")
                                                .executeUpdate())
                                .isEqualTo(2);
                        assertThat(
                                        em.createQuery(
                                                        "select name from Author order by name",
                                                        String.class)
                                                .getResultList())
                                .containsExactly("Ada", "Ada2", "Cid", "Cid2");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreLockedAndALostUpdateIsRefused(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            inTransaction(factory, em -> em.persist(library()));
            inTransaction(
                    factory,
                    em -> {
                        var locked = em.find(Author.class, 1L, LockModeType.PESSIMISTIC_WRITE);
                        inTransaction(
                                factory,
                                other ->
                                        assertThat(
                                                        other.createNativeQuery(
                                                                        "select id from authors for"
                                                                            + " update skip locked")
                                                                .getResultList()
                                                                .size())
                                                .isZero());
                        locked.name = "Ada L";
                    });
            var first = factory.createEntityManager();
            try (first) {
                first.getTransaction().begin();
                first.find(Author.class, 1L).name = "lost";
                inTransaction(factory, em -> em.find(Author.class, 1L).name = "kept");
                assertThatThrownBy(() -> first.getTransaction().commit())
                        .hasRootCauseInstanceOf(Exception.class)
                        .satisfiesAnyOf(
                                e -> assertThat(e).isInstanceOf(OptimisticLockException.class),
                                e ->
                                        assertThat(e.getCause())
                                                .isInstanceOf(OptimisticLockException.class));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenConstraintIsNamed(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            inTransaction(factory, em -> em.persist(library()));
            assertThatThrownBy(() ->
                            inTransaction(
                                    factory, em -> em.persist(new Author("Ada", Author.Kind.POET))))
                    .isInstanceOfSatisfying(
                            ConstraintViolationException.class,
                            e -> {
                                assertThat(e.getConstraintName()).isEqualTo("authors_name_key");
                                assertThat(e.getSQLState()).isEqualTo("23505");
                            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStatelessSessionUpsertsAndInsertsInBatches(Way way) throws SQLException {
        try (var database = way.open();
                var factory = factory(database, Action.CREATE_DROP)) {
            factory.unwrap(SessionFactory.class)
                    .inStatelessTransaction(session -> {
                        for (int i = 0; i < 25; i++) {
                            session.insert(new Shelf("room " + i));
                        }
                        var author = new Author("Ada", Author.Kind.POET);
                        session.insert(author);
                        var changed = new Book(author, "A", "1.00");
                        session.insert(changed);
                        changed.price = new BigDecimal("2.00");
                        session.upsert(changed);
                        var added = new Book(author, "B", "3.00");
                        added.id = 4711L;
                        session.upsert(added);
                    });
            inTransaction(
                    factory,
                    em -> {
                        assertThat(count(em, "select count(*) from shelf")).isEqualTo(25);
                        assertThat(
                                        em.createQuery(
                                                        "select sum(price) from Book",
                                                        BigDecimal.class)
                                                .getSingleResult())
                                .isEqualByComparingTo("5");
                    });
        }
    }

    private static Author library() {
        var author = new Author("Ada", Author.Kind.NOVELIST);
        author.born = LocalDate.of(1815, 12, 10);
        author.changed = Instant.parse("2026-02-03T04:05:06.789012Z");
        author.aliases.addAll(List.of("Lady", "Countess"));
        Book book = author.writes("A", "12.50");
        book.details = Map.of("pages", 12, "tags", List.of("x"));
        book.languages = new String[] {"en", "de, \"at\""};
        book.cover = new byte[] {0, -1, 92};
        book.shelves.add(new Shelf.Locked("cellar", "1234"));
        author.writes("B", "7.50");
        return author;
    }

    /** Ends its transaction also after an error, which Hibernate leaves to the caller. */
    private static void inTransaction(EntityManagerFactory factory, Consumer<EntityManager> work) {
        try (var em = factory.createEntityManager()) {
            var transaction = em.getTransaction();
            transaction.begin();
            try {
                work.accept(em);
                transaction.commit();
            } finally {
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        }
    }

    private static long count(EntityManager em, String sql) {
        return ((Number) em.createNativeQuery(sql).getSingleResult()).longValue();
    }

    private static List<String> tables(ToolDatabase database) throws SQLException {
        var names = new ArrayList<String>();
        try (var connection = database.source().getConnection();
                var rows = connection.getMetaData().getTables(null, "public", "%", null)) {
            while (rows.next()) {
                names.add(rows.getString("TABLE_NAME"));
            }
        }
        return names;
    }

    private static EntityManagerFactory factory(ToolDatabase database, Action action) {
        return new HibernatePersistenceConfiguration("library")
                .managedClasses(Author.class, Book.class, Shelf.class, Shelf.Locked.class)
                .property("hibernate.connection.datasource", database.source())
                .property("hibernate.jdbc.batch_size", 10)
                .property("hibernate.hbm2ddl.halt_on_error", true)
                .schemaToolingAction(action)
                .createEntityManagerFactory();
    }
}

package io.heliosdb.tools;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;

import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** An entity numbered by a sequence, with values of PostgreSQL's own types. */
@Entity
@Table(name = "books")
class Book {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "book_numbers")
    @SequenceGenerator(name = "book_numbers", sequenceName = "book_numbers", allocationSize = 10)
    @Nullable Long id;

    @ManyToOne(optional = false, fetch = FetchType.LAZY)
    @Nullable Author author;

    @Column(nullable = false)
    String title = "";

    @Column(precision = 10, scale = 2)
    BigDecimal price = BigDecimal.ZERO;

    UUID isbn = new UUID(0, 0);

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, Object> details = Map.of();

    String[] languages = {};

    byte @Nullable [] cover;

    boolean printed;

    @ManyToMany(cascade = CascadeType.PERSIST)
    Set<Shelf> shelves = new HashSet<>();

    protected Book() {}

    Book(Author author, String title, String price) {
        this.author = author;
        this.title = title;
        this.price = new BigDecimal(price);
        this.isbn = UUID.nameUUIDFromBytes(title.getBytes(StandardCharsets.UTF_8));
    }
}

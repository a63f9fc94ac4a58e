package io.heliosdb.tools;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An entity with an identity column, a version, a collection of values and one of entities. */
@Entity
@Table(
        name = "authors",
        indexes = @Index(name = "authors_born", columnList = "born desc, name"),
        uniqueConstraints = @UniqueConstraint(name = "authors_name_key", columnNames = "name"))
class Author {
    /** What an author is. */
    enum Kind {
        POET,
        NOVELIST
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable Long id;

    @Version int version;

    @Column(nullable = false, length = 80)
    String name = "";

    @Enumerated(EnumType.STRING)
    Kind kind = Kind.POET;

    @Nullable LocalDate born;

    @Nullable Instant changed;

    @ElementCollection Set<String> aliases = new HashSet<>();

    @OneToMany(mappedBy = "author", cascade = CascadeType.ALL, orphanRemoval = true)
    @OrderBy("title")
    List<Book> books = new ArrayList<>();

    protected Author() {}

    Author(String name, Kind kind) {
        this.name = name;
        this.kind = kind;
    }

    Book writes(String title, String price) {
        var book = new Book(this, title, price);
        books.add(book);
        return book;
    }
}

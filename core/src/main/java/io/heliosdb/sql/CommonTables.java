package io.heliosdb.sql;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.SqlState;
import io.heliosdb.sql.Shape.Range;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * WITH where the engine does not have it: before UPDATE and DELETE, and with changes of rows as
 * common tables.
 *
 * @see <a href="https://www.postgresql.org/docs/15/queries-with.html">PostgreSQL: WITH queries</a>
 */
final class CommonTables {
    private static final String HINT = "Write the statements one after the other in a transaction.";

    private final SyntaxTree tree;
    private final Edits edits;

    CommonTables(SyntaxTree tree, Edits edits) {
        this.tree = tree;
        this.edits = edits;
    }

    /** Gives those that hide a table another name: the engine would read the table. */
    void renameHiding(Predicate<TableName> isTable) {
        for (Facts.Common common : tree.facts.commons) {
            if (isTable.test(new TableName(Optional.empty(), common.name()))) {
                rename(common);
            }
        }
    }

    private void rename(Facts.Common common) {
        String name = Identifier.quote(common.name() + " of with " + common.at());
        edits.replace(common.at(), name);
        for (Facts.Read read : tree.facts.reads) {
            if (common.isMeant(read.name(), read.from())) {
                String alias = read.isNamed() ? "" : " AS " + Identifier.quote(read.name());
                edits.replace(read.from(), name + alias);
            }
        }
    }

    /**
     * Has each change stand as the query of its rows. The engine makes the change whenever it reads
     * them, so that they must be read exactly once.
     */
    void rewriteChanges(Function<Shape, String> rewriting) {
        for (Facts.Nested nested : tree.facts.nested) {
            requireOneReader(nested);
            edits.fix(nested.from(), nested.to(), rewriting.apply(nested.shape()));
        }
    }

    private void requireOneReader(Facts.Nested nested) {
        Facts.Read reader = null;
        int readers = 0;
        for (Facts.Read read : tree.facts.reads) {
            if (read.name().equals(nested.name())) {
                reader = read;
                readers++;
            }
        }
        if (reader == null || readers > 1 || !isReadOnce(reader)) {
            throw tree.tokens
                    .error(
                            nested.from(),
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "a data-modifying statement in WITH is supported only where one query"
                                    + " reads it, and no other table beside it")
                    .withHint(HINT);
        }
    }

    private boolean isReadOnce(Facts.Read reader) {
        boolean isOutermost = tree.shape instanceof Shape.Select && reader.nesting() == 1;
        boolean isSource = isReadByInsert(reader) && reader.nesting() == 2;
        return reader.isAlone() && !reader.isInExpression() && (isOutermost || isSource);
    }

    private boolean isReadByInsert(Facts.Read reader) {
        return isSource(tree.shape, reader)
                || tree.facts.nested.stream().anyMatch(nested -> isSource(nested.shape(), reader));
    }

    private static boolean isSource(Shape shape, Facts.Read reader) {
        Range source = shape instanceof Shape.Insert insert ? insert.source() : null;
        return source != null && reader.from() >= source.from() && reader.to() <= source.to();
    }

    /** Gives WITH before a change to every query of the change that reads one of its tables. */
    void moveIntoReads(int change) {
        boolean isNested = tree.facts.nested.stream().anyMatch(nested -> nested.from() == change);
        if (change > tree.from && !isNested) {
            moveIntoReads(new Range(tree.from, change), change);
        }
    }

    void moveIntoReads(Range with, int change) {
        if (!tree.facts.nested.isEmpty()) {
            throw tree.tokens
                    .error(
                            with.from(),
                            SqlState.FEATURE_NOT_SUPPORTED,
                            "a data-modifying statement in WITH is not supported before this"
                                    + " statement")
                    .withHint(HINT);
        }
        String text = edits.render(with.from(), with.to());
        for (Facts.Read read : tree.facts.reads) {
            if (read.from() >= change && isCommon(with, read.name())) {
                String name = edits.render(read.from(), read.to()).strip();
                String alias = read.isNamed() ? "" : " AS " + Identifier.quote(read.name());
                edits.fixKeepingAround(
                        read.from(),
                        read.to(),
                        '(' + text + " SELECT * FROM " + name + ')' + alias);
            }
        }
    }

    private boolean isCommon(Range with, String name) {
        return tree.facts.commons.stream()
                .anyMatch(common -> common.name().equals(name) && common.at() < with.to());
    }
}

package io.heliosdb.catalog;

import io.heliosdb.engine.CatalogRelation;
import io.heliosdb.pg.Oid;
import io.heliosdb.pg.type.PgType;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rows that PostgreSQL 15's catalogs have from the start: types, functions, operators and so
 * on. They are resources in the text form of COPY.
 */
final class BuiltIns {
    private static final Set<String> TABLES =
            Set.of(
                    "pg_aggregate",
                    "pg_am",
                    "pg_amop",
                    "pg_amproc",
                    "pg_auth_members",
                    "pg_authid",
                    "pg_cast",
                    "pg_collation",
                    "pg_description",
                    "pg_extension",
                    "pg_language",
                    "pg_opclass",
                    "pg_operator",
                    "pg_opfamily",
                    "pg_proc",
                    "pg_range",
                    "pg_tablespace",
                    "pg_type");

    private BuiltIns() {}

    static boolean has(String table) {
        return TABLES.contains(table);
    }

    /** The lines of a resource, split into their fields, a null being {@code \N}. */
    static List<String[]> lines(String name) {
        var resource = BuiltIns.class.getResourceAsStream(name + ".tsv");
        if (resource == null) {
            throw new IllegalStateException("the resource " + name + ".tsv is missing");
        }
        try (var reader =
                new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            var lines = new ArrayList<String[]>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line.split("\t", -1));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of a catalog, as {@code pg.type} represents their values. */
    static List<@Nullable Object[]> rows(CatalogRelation relation) {
        var types = new PgType[relation.columns().size()];
        for (int i = 0; i < types.length; i++) {
            int oid = relation.columns().get(i).typeOid();
            types[i] = PgType.of(Oid.isReg(oid) ? Oid.OID : oid);
        }
        var rows = new ArrayList<@Nullable Object[]>();
        for (String[] line : lines(relation.name())) {
            var row = new @Nullable Object[types.length];
            for (int i = 0; i < types.length; i++) {
                row[i] = line[i].equals("\\N") ? null : types[i].decodeText(unescaped(line[i]));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        var text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            c = field.charAt(++i);
            text.append(
                    switch (c) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'v' -> '\u000b';
                        default -> c;
                    });
        }
        return text.toString();
    }
}

package io.heliosdb.sql;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * PostgreSQL's key words by class, and the words that the engine reserves.
 *
 * @see <a href="https://www.postgresql.org/docs/15/sql-keywords-appendix.html">PostgreSQL: SQL key
 *     words</a>
 */
public final class Keyword {
    /** What a bare key word may name. */
    public enum Kind {
        /** Anything. */
        UNRESERVED,
        /** A column or table, but no function or type. */
        COLUMN_NAME,
        /** A function or type, but no column or table. */
        TYPE_FUNCTION_NAME,
        /** Nothing but a label after AS. */
        RESERVED
    }

    private static final String UNRESERVED_WORDS =
            """
            abort absolute access action add admin after aggregate also alter always asensitive
            assertion assignment at atomic attach attribute backward before begin breadth by cache
            call called cascade cascaded catalog chain characteristics checkpoint class close cluster
            columns comment comments commit committed compression configuration conflict connection
            constraints content continue conversion copy cost csv cube current cursor cycle data
            database day deallocate declare defaults deferred definer delete delimiter delimiters
            depends depth detach dictionary disable discard document domain double drop each enable
            encoding encrypted enum escape event exclude excluding exclusive execute explain
            expression extension external family filter finalize first following force forward
            function functions generated global granted groups handler header hold hour identity if
            immediate immutable implicit import include including increment index indexes inherit
            inherits inline input insensitive insert instead invoker isolation key label language
            large last leakproof level listen load local location lock locked logged mapping match
            matched materialized maxvalue merge method minute minvalue mode month move name names new
            next nfc nfd nfkc nfkd no normalized nothing notify nowait nulls object of off oids old
            operator option options ordinality others over overriding owned owner parallel parameter
            parser partial partition passing password plans policy preceding prepare prepared preserve
            prior privileges procedural procedure procedures program publication quote range read
            reassign recheck recursive ref referencing refresh reindex relative release rename
            repeatable replace replica reset restart restrict return returns revoke role rollback
            rollup routine routines rows rule savepoint schema schemas scroll search second security
            sequence sequences serializable server session set sets share show simple skip snapshot
            sql stable standalone start statement statistics stdin stdout storage stored strict strip
            subscription support sysid system tables tablespace temp template temporary text ties
            transaction transform trigger truncate trusted type types uescape unbounded uncommitted
            unencrypted unknown unlisten unlogged until update vacuum valid validate validator value
            varying version view views volatile whitespace within without work wrapper write xml year
            yes zone
            """;

    private static final String COLUMN_NAME_WORDS =
            """
            between bigint bit boolean char character coalesce dec decimal exists extract float
            greatest grouping inout int integer interval least national nchar none normalize nullif
            numeric out overlay position precision real row setof smallint substring time timestamp
            treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest
            xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
            """;

    private static final String TYPE_FUNCTION_WORDS =
            """
            authorization binary collation concurrently cross current_schema freeze full ilike inner
            is isnull join left like natural notnull outer overlaps right similar tablesample verbose
            """;

    private static final String RESERVED_WORDS =
            """
            all analyse analyze and any array as asc asymmetric both case cast check collate column
            constraint create current_catalog current_date current_role current_time current_timestamp
            current_user default deferrable desc distinct do else end except false fetch for foreign
            from grant group having in initially intersect into lateral leading limit localtime
            localtimestamp not null offset on only or order placing primary references returning
            select session_user some symmetric table then to trailing true union unique user using
            variadic when where window with
            """;

    /** Key words that are labels only after AS. */
    private static final String AS_LABEL_WORDS =
            """
            array as char character create day except fetch filter for from grant group having hour
            intersect into isnull limit minute month notnull offset on order over overlaps precision
            returning second to union varying where window with within without year
            """;

    /** What the engine does not take as a bare name. */
    private static final String ENGINE_WORDS =
            """
            all and any array as asymmetric authorization between case cast check constraint cross
            current_catalog current_date current_path current_role current_schema current_time
            current_timestamp current_user day default distinct else end except exists false fetch for
            foreign from full group having hour if in inner intersect interval is join key left like
            limit localtime localtimestamp minus minute month natural not null offset on or order
            primary qualify right row rownum second select session_user set some symmetric system_user
            table to true uescape union unique unknown user using value values when where window with
            year _rowid_ both groups ilike leading over partition range regexp rows top trailing
            """;

    private static final Map<String, Kind> KINDS = kinds();
    private static final Set<String> AS_LABELS = words(AS_LABEL_WORDS);
    private static final Set<String> ENGINE = words(ENGINE_WORDS);

    private Keyword() {}

    /**
     * All key words.
     *
     * @return each with its class, in the order of their letters
     */
    public static SortedMap<String, Kind> all() {
        return new TreeMap<>(KINDS);
    }

    /** The class of a folded word, or null for one that is no key word. */
    static @Nullable Kind kind(String word) {
        return KINDS.get(word);
    }

    /**
     * Whether a key word can label a result column without AS.
     *
     * @param word in lower case
     * @return whether AS may be left out
     */
    public static boolean isBareLabel(String word) {
        return !AS_LABELS.contains(word);
    }

    /** Whether the engine reads a bare word as something else than a name. */
    static boolean isEngineWord(String word) {
        return ENGINE.contains(word);
    }

    private static Map<String, Kind> kinds() {
        var kinds = new HashMap<String, Kind>();
        words(UNRESERVED_WORDS).forEach(word -> kinds.put(word, Kind.UNRESERVED));
        words(COLUMN_NAME_WORDS).forEach(word -> kinds.put(word, Kind.COLUMN_NAME));
        words(TYPE_FUNCTION_WORDS).forEach(word -> kinds.put(word, Kind.TYPE_FUNCTION_NAME));
        words(RESERVED_WORDS).forEach(word -> kinds.put(word, Kind.RESERVED));
        return kinds;
    }

    private static Set<String> words(String text) {
        var words = new HashSet<String>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ') {
                if (i > start) {
                    words.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return words;
    }
}

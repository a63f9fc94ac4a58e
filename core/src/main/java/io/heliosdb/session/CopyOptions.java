package io.heliosdb.session;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pg.copy.CopyEncodings;
import io.heliosdb.pg.copy.CopyFormat;
import io.heliosdb.pg.copy.CopyFormat.Header;
import io.heliosdb.pg.copy.CopyFormat.Kind;
import io.heliosdb.sql.CopyOption;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What the options of a COPY mean, checked in PostgreSQL's order.
 *
 * @param format how the rows look
 * @param forceQuote columns that are quoted in any case; {@link CopyOption#ALL} for all
 * @param forceNotNull columns in which NULL's text is an ordinary one
 * @param forceNull columns in which NULL's text in quotes is NULL too
 */
record CopyOptions(
        CopyFormat format,
        List<String> forceQuote,
        List<String> forceNotNull,
        List<String> forceNull) {
    private static final String NOT_DELIMITERS = "\\.abcdefghijklmnopqrstuvwxyz0123456789";

    static CopyOptions of(List<CopyOption> options, boolean isFrom, String clientEncoding) {
        return new Reading(isFrom, clientEncoding).read(options);
    }

    /** Collects the options one after another. */
    private static final class Reading {
        private final boolean isFrom;
        private final Set<String> seen = new HashSet<>();
        private Kind kind = Kind.TEXT;
        private final String clientEncoding;
        private @Nullable Charset charset;
        private @Nullable String delimiter;
        private @Nullable String nullText;
        private @Nullable String quote;
        private @Nullable String escape;
        private Header header = Header.NONE;
        private @Nullable List<String> forceQuote;
        private @Nullable List<String> forceNotNull;
        private @Nullable List<String> forceNull;

        Reading(boolean isFrom, String clientEncoding) {
            this.isFrom = isFrom;
            this.clientEncoding = clientEncoding;
        }

        CopyOptions read(List<CopyOption> options) {
            for (var option : options) {
                take(option);
            }
            return checked();
        }

        private void take(CopyOption option) {
            switch (option.name()) {
                case "format" -> kind = kind(once(option));
                case "freeze" -> requireBoolean(once(option));
                case "delimiter" -> delimiter = word(once(option));
                case "null" -> nullText = word(once(option));
                case "header" -> header = header(once(option));
                case "quote" -> quote = word(once(option));
                case "escape" -> escape = word(once(option));
                case "force_quote" -> forceQuote = list(once(option), true);
                case "force_not_null" -> forceNotNull = list(once(option), false);
                case "force_null" -> forceNull = list(once(option), false);
                case "convert_selectively" -> list(once(option), false);
                case "encoding" -> charset = charset(once(option));
                default ->
                        throw syntax("option \"" + option.name() + "\" not recognized")
                                .withPosition(option.position());
            }
        }

        private CopyOption once(CopyOption option) {
            if (!seen.add(option.name())) {
                throw syntax("conflicting or redundant options").withPosition(option.position());
            }
            return option;
        }

        private static Kind kind(CopyOption option) {
            var name = word(option);
            return switch (name) {
                case "text" -> Kind.TEXT;
                case "csv" -> Kind.CSV;
                case "binary" -> Kind.BINARY;
                default ->
                        throw invalid("COPY format \"" + name + "\" not recognized")
                                .withPosition(option.position());
            };
        }

        private static String word(CopyOption option) {
            if (option.list().isPresent()) {
                return String.join(", ", option.list().get());
            }
            return option.word().orElseThrow(() -> syntax(option.name() + " requires a parameter"));
        }

        private static List<String> list(CopyOption option, boolean takesAll) {
            var list = option.list();
            if (list.isEmpty() || (!takesAll && list.get().equals(CopyOption.ALL))) {
                throw invalid(
                                "argument to option \""
                                        + option.name()
                                        + "\" must be a list of column names")
                        .withPosition(option.position());
            }
            return list.get();
        }

        private static void requireBoolean(CopyOption option) {
            if (bool(option).isEmpty()) {
                throw syntax(option.name() + " requires a Boolean value");
            }
        }

        private static Optional<Boolean> bool(CopyOption option) {
            if (option.word().isEmpty()) {
                return option.list().isEmpty() ? Optional.of(true) : Optional.empty();
            }
            return switch (option.word().get().toLowerCase(Locale.ROOT)) {
                case "true", "on", "1" -> Optional.of(true);
                case "false", "off", "0" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        private Header header(CopyOption option) {
            var bool = bool(option);
            if (bool.isPresent()) {
                return bool.get() ? Header.LINE : Header.NONE;
            }
            if (option.word().filter("match"::equalsIgnoreCase).isEmpty()) {
                throw syntax("header requires a Boolean value or \"match\"");
            }
            if (!isFrom) {
                throw unsupported("cannot use \"match\" with HEADER in COPY TO");
            }
            return Header.MATCH;
        }

        private static Charset charset(CopyOption option) {
            return option.word()
                    .flatMap(CopyEncodings::charset)
                    .orElseThrow(() ->
                            invalid("argument to option \"encoding\" must be a valid encoding name")
                                    .withPosition(option.position()));
        }

        /** What the client speaks is what its data is in. */
        private Charset clientCharset() {
            return CopyEncodings.charset(clientEncoding)
                    .orElseThrow(() ->
                            unsupported("COPY in " + clientEncoding + " is not supported")
                                    .withHint("Give an ENCODING, such as 'UTF8'."));
        }

        private CopyOptions checked() {
            boolean isCsv = kind == Kind.CSV;
            require(
                    kind != Kind.BINARY || delimiter == null,
                    syntax("cannot specify DELIMITER in BINARY mode"));
            require(
                    kind != Kind.BINARY || nullText == null,
                    syntax("cannot specify NULL in BINARY mode"));
            String between = delimiter == null ? (isCsv ? "," : "\t") : delimiter;
            String none = nullText == null ? (isCsv ? "" : "\\N") : nullText;
            require(isOneByte(between), oneByte("delimiter"));
            require(
                    !hasLineEnd(between),
                    invalid("COPY delimiter cannot be newline or carriage return"));
            require(
                    !hasLineEnd(none),
                    invalid("COPY null representation cannot use newline or carriage return"));
            require(
                    isCsv || !NOT_DELIMITERS.contains(between),
                    invalid("COPY delimiter cannot be \"" + between + '"'));
            require(
                    kind != Kind.BINARY || header == Header.NONE,
                    unsupported("cannot specify HEADER in BINARY mode"));
            String around = quote(isCsv, between);
            String before = escape(isCsv, around);
            requireForces(isCsv);
            require(
                    !none.contains(between),
                    unsupported("COPY delimiter must not appear in the NULL specification"));
            require(
                    !isCsv || !none.contains(around),
                    unsupported("CSV quote character must not appear in the NULL specification"));
            var format =
                    new CopyFormat(
                            kind,
                            between.charAt(0),
                            none,
                            header,
                            around.charAt(0),
                            before.charAt(0),
                            charset == null ? clientCharset() : charset);
            return new CopyOptions(
                    format, orNone(forceQuote), orNone(forceNotNull), orNone(forceNull));
        }

        private String quote(boolean isCsv, String between) {
            require(isCsv || quote == null, unsupported("COPY quote available only in CSV mode"));
            String around = quote == null ? "\"" : quote;
            require(isOneByte(around), oneByte("quote"));
            require(
                    !isCsv || !between.equals(around),
                    invalid("COPY delimiter and quote must be different"));
            return around;
        }

        private String escape(boolean isCsv, String around) {
            require(isCsv || escape == null, unsupported("COPY escape available only in CSV mode"));
            String before = escape == null ? around : escape;
            require(isOneByte(before), oneByte("escape"));
            return before;
        }

        private void requireForces(boolean isCsv) {
            requireForce("force quote", forceQuote, isCsv, !isFrom, "TO");
            requireForce("force not null", forceNotNull, isCsv, isFrom, "FROM");
            requireForce("force null", forceNull, isCsv, isFrom, "FROM");
        }

        private static void requireForce(
                String name,
                @Nullable List<String> columns,
                boolean isCsv,
                boolean isRightWay,
                String way) {
            require(
                    columns == null || isCsv,
                    unsupported("COPY " + name + " available only in CSV mode"));
            require(
                    columns == null || isRightWay,
                    unsupported("COPY " + name + " only available using COPY " + way));
        }

        private static List<String> orNone(@Nullable List<String> columns) {
            return columns == null ? List.of() : columns;
        }

        private static boolean isOneByte(String text) {
            return text.length() == 1 && text.charAt(0) < 0x80;
        }

        private static boolean hasLineEnd(String text) {
            return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
        }

        private static PgException oneByte(String what) {
            return unsupported("COPY " + what + " must be a single one-byte character");
        }

        private static void require(boolean condition, PgException otherwise) {
            if (!condition) {
                throw otherwise;
            }
        }

        private static PgException syntax(String message) {
            return new PgException(SqlState.SYNTAX_ERROR, message);
        }

        private static PgException invalid(String message) {
            return new PgException(SqlState.INVALID_PARAMETER_VALUE, message);
        }

        private static PgException unsupported(String message) {
            return new PgException(SqlState.FEATURE_NOT_SUPPORTED, message);
        }
    }
}

package io.heliosdb.pgwire;

import io.heliosdb.pg.Identifier;
import io.heliosdb.pg.Lsn;
import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.pgwire.ReplicationCommand.Snapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the commands of a replication connection. What begins with none of their words is SQL. */
final class ReplicationParser {
    private static final Set<String> COMMANDS =
            Set.of(
                    "IDENTIFY_SYSTEM",
                    "READ_REPLICATION_SLOT",
                    "CREATE_REPLICATION_SLOT",
                    "DROP_REPLICATION_SLOT",
                    "START_REPLICATION",
                    "TIMELINE_HISTORY",
                    "BASE_BACKUP");

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<lsn>[0-9A-Fa-f]+/[0-9A-Fa-f]+)|(?<word>[A-Za-z_][A-Za-z0-9_$]*)"
                            + "|\"(?<quoted>(?:[^\"]|\"\")*)\"|'(?<string>(?:[^']|'')*)'"
                            + "|(?<number>[0-9]+)|(?<mark>[(),;]))");

    private enum Kind {
        WORD,
        NAME,
        STRING,
        NUMBER,
        LSN,
        MARK
    }

    private record Token(Kind kind, String text) {}

    private final List<Token> tokens;
    private int at;

    private ReplicationParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * Reads a command.
     *
     * @return empty where it is SQL
     * @throws PgException 42601 where it does not read, 0A000 for what only whole servers have
     */
    static Optional<ReplicationCommand> parse(String sql) {
        var first = TOKEN.matcher(sql);
        boolean isCommand =
                first.lookingAt()
                        && first.group("word") != null
                        && COMMANDS.contains(first.group("word").toUpperCase(Locale.ROOT));
        return isCommand
                ? Optional.of(new ReplicationParser(scan(sql)).command())
                : Optional.empty();
    }

    private static List<Token> scan(String sql) {
        var tokens = new ArrayList<Token>();
        var text = sql.strip();
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw syntaxError(text.substring(end, end + 1));
            }
            tokens.add(token(matcher));
            end = matcher.end();
        }
        return tokens;
    }

    private static Token token(Matcher matcher) {
        if (matcher.group("lsn") != null) {
            return new Token(Kind.LSN, matcher.group("lsn"));
        }
        if (matcher.group("word") != null) {
            return new Token(Kind.WORD, matcher.group("word"));
        }
        if (matcher.group("quoted") != null) {
            return new Token(Kind.NAME, matcher.group("quoted").replace("\"\"", "\""));
        }
        if (matcher.group("string") != null) {
            return new Token(Kind.STRING, matcher.group("string").replace("''", "'"));
        }
        return matcher.group("number") != null
                ? new Token(Kind.NUMBER, matcher.group("number"))
                : new Token(Kind.MARK, matcher.group("mark"));
    }

    private ReplicationCommand command() {
        String word = next().text.toUpperCase(Locale.ROOT);
        var command =
                switch (word) {
                    case "IDENTIFY_SYSTEM" -> new ReplicationCommand.IdentifySystem();
                    case "CREATE_REPLICATION_SLOT" -> create();
                    case "DROP_REPLICATION_SLOT" -> {
                        String slot = name();
                        tryWord("WAIT");
                        yield new ReplicationCommand.DropSlot(slot);
                    }
                    case "START_REPLICATION" -> start();
                    default -> throw physical(word);
                };
        tryMark(";");
        if (at < tokens.size()) {
            throw syntaxError(tokens.get(at).text);
        }
        return command;
    }

    private ReplicationCommand create() {
        String slot = name();
        boolean isTemporary = tryWord("TEMPORARY");
        if (tryWord("PHYSICAL")) {
            throw physical("CREATE_REPLICATION_SLOT ... PHYSICAL");
        }
        requireWord("LOGICAL");
        String plugin = name();
        Optional<Snapshot> snapshot = Optional.empty();
        if (tryMark("(")) {
            do {
                snapshot = option().or(keep(snapshot));
            } while (tryMark(","));
            requireMark(")");
        } else {
            while (at < tokens.size() && !tokens.get(at).text.equals(";")) {
                snapshot = word().or(keep(snapshot));
            }
        }
        return new ReplicationCommand.CreateSlot(slot, isTemporary, plugin, snapshot);
    }

    private static Supplier<Optional<Snapshot>> keep(Optional<Snapshot> snapshot) {
        return () -> snapshot;
    }

    /** An option as PostgreSQL has them up to 14. */
    private Optional<Snapshot> word() {
        String word = next().text.toUpperCase(Locale.ROOT);
        return switch (word) {
            case "EXPORT_SNAPSHOT" -> Optional.of(Snapshot.EXPORT);
            case "NOEXPORT_SNAPSHOT" -> Optional.of(Snapshot.NOTHING);
            case "USE_SNAPSHOT" -> Optional.of(Snapshot.USE);
            case "TWO_PHASE" -> throw twoPhase();
            default -> throw syntaxError(word);
        };
    }

    /** An option as PostgreSQL has them from 15 on. */
    private Optional<Snapshot> option() {
        String name = next().text.toUpperCase(Locale.ROOT);
        String value = "";
        boolean hasValue = at < tokens.size() && tokens.get(at).kind != Kind.MARK;
        if (hasValue) {
            value = next().text.toLowerCase(Locale.ROOT);
        }
        return switch (name) {
            case "SNAPSHOT" -> Optional.of(snapshot(value));
            case "TWO_PHASE" -> {
                if (!value.equals("false") && !value.equals("off") && !value.equals("0")) {
                    throw twoPhase();
                }
                yield Optional.empty();
            }
            case "RESERVE_WAL" -> Optional.empty();
            default ->
                    throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "unrecognized option: " + name.toLowerCase(Locale.ROOT));
        };
    }

    private static Snapshot snapshot(String value) {
        return switch (value) {
            case "export" -> Snapshot.EXPORT;
            case "use" -> Snapshot.USE;
            case "nothing" -> Snapshot.NOTHING;
            default ->
                    throw new PgException(
                            SqlState.SYNTAX_ERROR,
                            "unrecognized value for CREATE_REPLICATION_SLOT option \"snapshot\": \""
                                    + value
                                    + '"');
        };
    }

    private ReplicationCommand start() {
        boolean hasSlot = tryWord("SLOT");
        if (!hasSlot || !isSlotName()) {
            throw hasSlot ? syntaxError("SLOT") : physical("START_REPLICATION ... PHYSICAL");
        }
        String slot = name();
        if (tryWord("PHYSICAL") || peek(Kind.LSN)) {
            throw physical("START_REPLICATION ... PHYSICAL");
        }
        requireWord("LOGICAL");
        var position = next();
        if (position.kind != Kind.LSN) {
            throw syntaxError(position.text);
        }
        return new ReplicationCommand.Start(slot, Lsn.parse(position.text), options());
    }

    private Map<String, String> options() {
        var options = new LinkedHashMap<String, String>();
        if (tryMark("(")) {
            do {
                String name = next().text;
                options.put(name, peek(Kind.STRING) ? next().text : "");
            } while (tryMark(","));
            requireMark(")");
        }
        return options;
    }

    private boolean isSlotName() {
        return peek(Kind.WORD) || peek(Kind.NAME);
    }

    private String name() {
        var token = next();
        return switch (token.kind) {
            case NAME -> token.text;
            case WORD -> Identifier.fold(token.text);
            default -> throw syntaxError(token.text);
        };
    }

    private boolean peek(Kind kind) {
        return at < tokens.size() && tokens.get(at).kind == kind;
    }

    private Token next() {
        if (at == tokens.size()) {
            throw new PgException(SqlState.SYNTAX_ERROR, "syntax error at end of input");
        }
        return tokens.get(at++);
    }

    private boolean tryWord(String word) {
        boolean isIt = peek(Kind.WORD) && tokens.get(at).text.equalsIgnoreCase(word);
        at += isIt ? 1 : 0;
        return isIt;
    }

    private boolean tryMark(String mark) {
        boolean isIt = peek(Kind.MARK) && tokens.get(at).text.equals(mark);
        at += isIt ? 1 : 0;
        return isIt;
    }

    private void requireWord(String word) {
        if (!tryWord(word)) {
            throw syntaxError(next().text);
        }
    }

    private void requireMark(String mark) {
        if (!tryMark(mark)) {
            throw syntaxError(next().text);
        }
    }

    private static PgException syntaxError(String near) {
        return new PgException(SqlState.SYNTAX_ERROR, "syntax error at or near \"" + near + '"');
    }

    private static PgException twoPhase() {
        return new PgException(
                SqlState.FEATURE_NOT_SUPPORTED, "two-phase decoding is not supported");
    }

    private static PgException physical(String what) {
        return new PgException(SqlState.FEATURE_NOT_SUPPORTED, what + " is not supported")
                .withHint("Changes are replicated logically: START_REPLICATION SLOT … LOGICAL.");
    }
}

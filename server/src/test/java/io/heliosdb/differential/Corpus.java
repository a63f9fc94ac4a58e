package io.heliosdb.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Statements as applications send them, in sections that each have a session and a schema of their
 * own; the head of {@code corpus/queries.sql} explains the files.
 *
 * @param sections in the files' order
 */
record Corpus(List<Section> sections) {

    /** Types from here on are made by users, so that their numbers say nothing. */
    private static final int FIRST_USER_OID = 16384;

    private static final String DIFFERS = "differs: ";
    private static final List<String> FILES =
            List.of(
                    "queries.sql",
                    "changes.sql",
                    "definitions.sql",
                    "functions.sql",
                    "applications.sql",
                    "features.sql");

    /**
     * Statements that build on each other.
     *
     * @param title what they are about
     * @param statements in order
     */
    record Section(String title, List<Statement> statements) {}

    /**
     * One statement.
     *
     * @param place its file and line
     * @param sql its text
     * @param difference why it is answered otherwise than by PostgreSQL, if it is
     */
    record Statement(String place, String sql, Optional<String> difference) {}

    /** All files. */
    static Corpus read() throws IOException {
        var sections = new ArrayList<Section>();
        for (String resource : FILES) {
            try (InputStream in = Corpus.class.getResourceAsStream("corpus/" + resource)) {
                if (in == null) {
                    throw new IllegalArgumentException("no resource " + resource);
                }
                parse(resource, new String(in.readAllBytes(), UTF_8), sections);
            }
        }
        return new Corpus(List.copyOf(sections));
    }

    private static void parse(String file, String text, List<Section> sections) {
        List<Statement> statements = new ArrayList<>();
        Optional<String> difference = Optional.empty();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("== ")) {
                statements = new ArrayList<>();
                sections.add(new Section(line.substring(3), statements));
            } else if (line.startsWith(DIFFERS)) {
                difference = Optional.of(line.substring(DIFFERS.length()));
            } else if (line.startsWith(" ")) {
                Statement last = statements.removeLast();
                String longer = last.sql + "\n" + line.strip();
                statements.add(new Statement(last.place, longer, last.difference));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                statements.add(new Statement(file + ':' + number, line, difference));
                difference = Optional.empty();
            }
        }
    }

    /** What a server answers to each statement of a section, in a schema that is dropped again. */
    static List<String> play(Section section, String schema, Target target) throws IOException {
        var answers = new ArrayList<String>();
        try (Peer peer = Peer.login(target)) {
            peer.query("create schema " + schema);
            peer.query("set search_path to " + schema);
            for (Statement statement : section.statements) {
                answers.add(answer(statement.sql, peer.query(statement.sql)));
            }
            peer.query("rollback");
            peer.query("drop schema " + schema + " cascade");
        }
        return answers;
    }

    /**
     * Rows that no ORDER BY puts in order are sorted. Of a statement that fails the SQLSTATE counts
     * alone: what came before is lost to the application.
     */
    private static String answer(String sql, List<Message> messages) {
        boolean isOrdered = sql.toLowerCase(Locale.ROOT).contains("order by");
        var lines = new ArrayList<String>();
        var rows = new ArrayList<String>();
        for (Message message : messages) {
            switch (message.type()) {
                case 'T' -> lines.add(columns(ByteBuffer.wrap(message.body())));
                case 'D' -> rows.add(String.join(" | ", message.texts()));
                case 'E' -> {
                    return "error " + message.sqlState();
                }
                case 'C', 'I' -> {
                    if (!isOrdered) {
                        Collections.sort(rows);
                    }
                    lines.addAll(rows);
                    rows.clear();
                    lines.add(message.show(Integer::toString));
                }
                default -> {
                    // Notices, settings and what ends every answer.
                }
            }
        }
        return String.join("\n", lines);
    }

    /** Names and types of columns. */
    private static String columns(ByteBuffer body) {
        var columns = new ArrayList<String>();
        for (int n = body.getShort(); n > 0; n--) {
            int from = body.position();
            while (body.get() != 0) {}
            var name = new byte[body.position() - from - 1];
            body.get(from, name);
            body.position(body.position() + 6);
            int oid = body.getInt();
            body.position(body.position() + 8);
            columns.add(new String(name, UTF_8) + ':' + (oid < FIRST_USER_OID ? oid : "user"));
        }
        return String.join(", ", columns);
    }
}

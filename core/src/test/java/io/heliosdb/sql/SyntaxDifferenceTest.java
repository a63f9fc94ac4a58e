package io.heliosdb.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.heliosdb.pg.PgException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * A real PostgreSQL and the parser read the same statements. A wrong word is put at the end, so
 * that PostgreSQL runs none of them and says where its grammar gives up.
 */
final class SyntaxDifferenceTest {
    private static final String END = " ;selec";
    private static final Pattern TOKEN =
            Pattern.compile("'(?:[^']|'')*'|\"[^\"]*\"|\\w+|\\s+|::|[^\\w\\s]");

    private static EmbeddedPostgres postgres;
    private static Connection connection;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        connection =
                DriverManager.getConnection(
                        postgres.getJdbcUrl("postgres", "postgres") + "&preferQueryMode=simple");
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        postgres.close();
    }

    @Test
    void commandsOfSessionsAreReadAsPostgresReadsThem() throws Exception {
        var differences = new ArrayList<String>();
        for (String sql : commands()) {
            compare(sql, differences);
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void damagedCommandsFailWithTheSameWordsAtTheSamePlace() throws Exception {
        long seed = 20261120;
        var random = new Random(seed);
        List<String> commands = commands();
        List<String> words =
                commands.stream()
                        .flatMap(sql -> tokens(sql).stream())
                        .filter(text -> !text.isBlank())
                        .toList();
        var differences = new ArrayList<String>();
        for (int i = 0; i < 1500; i++) {
            compare(
                    damaged(commands.get(random.nextInt(commands.size())), words, random),
                    differences);
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
    }

    private static List<String> commands() throws Exception {
        try (var in = SyntaxDifferenceTest.class.getResourceAsStream("commands.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }
    }

    private static List<String> tokens(String sql) {
        return new ArrayList<>(TOKEN.matcher(sql).results().map(result -> result.group()).toList());
    }

    private static String damaged(String sql, List<String> words, Random random) {
        List<String> tokens = tokens(sql);
        int at = random.nextInt(tokens.size());
        String word = ' ' + words.get(random.nextInt(words.size())) + ' ';
        switch (random.nextInt(4)) {
            case 0 -> tokens.remove(at);
            case 1 -> tokens.add(at, word);
            case 2 -> tokens.set(at, word);
            default -> tokens.subList(at, tokens.size()).clear();
        }
        return String.join("", tokens);
    }

    private static void compare(String sql, List<String> differences) {
        String theirs = postgres(sql + END);
        String ours = parser(sql + END);
        if (!theirs.isEmpty() && !theirs.equals(ours)) {
            differences.add(sql + "\n  PostgreSQL: " + theirs + "\n  here:       " + ours);
        }
    }

    /** What the server says; nothing where the driver does not send the statement. */
    private static String postgres(String sql) {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return "no error";
        } catch (PSQLException e) {
            var error = e.getServerErrorMessage();
            if (error == null) {
                // The driver looks for the ends of strings itself.
                return "";
            }
            return e.getSQLState() + ' ' + error.getMessage() + " at " + error.getPosition();
        } catch (SQLException e) {
            return e.toString();
        }
    }

    private static String parser(String sql) {
        try {
            new SqlParser().parse(sql);
            return "no error";
        } catch (PgException e) {
            return e.sqlState().code() + ' ' + e.getMessage() + " at " + e.report().position();
        }
    }
}

package io.heliosdb.cli;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The interactive shell: statements may span lines, the prompt shows the state of the transaction,
 * and notifications appear above it as they come. The connection is used by the typing thread and
 * by one that waits for notifications, in turns under a lock.
 */
final class SqlShell {
    /**
     * How long the waiting thread holds the connection; a statement that is entered waits at most
     * so long.
     */
    private static final int WAIT_MILLIS = 40;

    private final Connection connection;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean closed; // written by the typing thread

    SqlShell(Connection connection) {
        this.connection = connection;
    }

    void run() throws IOException, SQLException {
        try (var terminal = TerminalBuilder.builder().name("heliosdb").build()) {
            var reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .appName("heliosdb")
                            .variable(
                                    LineReader.HISTORY_FILE,
                                    Path.of(System.getProperty("user.home"), ".heliosdb_history"))
                            .variable(LineReader.HISTORY_SIZE, 1000)
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .build();
            var server = connection.getMetaData();
            terminal.writer()
                    .println(
                            "connected to "
                                    + server.getDatabaseProductName()
                                    + " "
                                    + server.getDatabaseProductVersion()
                                    + "; a statement ends with ;   \\q ends the shell");
            try {
                readAndRun(
                        reader, new StatementRun(connection, terminal.writer(), terminal.writer()));
            } finally {
                closed = true;
            }
        }
    }

    private void readAndRun(LineReader reader, StatementRun run) throws SQLException {
        var statements = new StatementSplitter();
        boolean listening = false;
        while (true) {
            String line;
            try {
                line = reader.readLine(prompt(statements));
            } catch (UserInterruptException interrupted) {
                statements.clear();
                continue;
            } catch (EndOfFileException end) {
                return;
            }
            if (statements.rest().isEmpty() && isEnd(line)) {
                return;
            }
            statements.add(line + "\n");
            for (var next = statements.next(); next.isPresent(); next = statements.next()) {
                runInTurn(run, next.get());
                if (!listening && StatementWords.first(next.get()).equals("LISTEN")) {
                    listening = true;
                    Thread.ofVirtual().name("notifications").start(() -> showNotifications(reader));
                }
            }
        }
    }

    private void runInTurn(StatementRun run, String sql) throws SQLException {
        turn.lock();
        try {
            run.run(sql);
        } finally {
            turn.unlock();
        }
    }

    private void showNotifications(LineReader reader) {
        try {
            while (!closed) {
                turn.lock();
                try {
                    for (var notification :
                            connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS)) {
                        reader.printAbove(StatementRun.text(notification));
                    }
                } finally {
                    turn.unlock();
                }
            }
        } catch (SQLException lost) {
            if (!closed) {
                reader.printAbove("FATAL:  " + ErrorLine.of(lost));
            }
        }
    }

    private String prompt(StatementSplitter statements) throws SQLException {
        String state =
                switch (connection.unwrap(BaseConnection.class).getTransactionState()) {
                    case IDLE -> "";
                    case OPEN -> "*";
                    case FAILED -> "!";
                };
        return connection.getCatalog() + (statements.rest().isEmpty() ? "=" : "-") + state + "> ";
    }

    private static boolean isEnd(String line) {
        return switch (line.strip().toLowerCase(Locale.ROOT)) {
            case "\\q", "quit", "exit" -> true;
            default -> false;
        };
    }
}

package io.heliosdb;

/**
 * A place in a transaction to go back to, rows and notifications alike. It lives until it is
 * released, or its transaction ends; going back keeps it.
 *
 * {@snippet :
 * try (var savepoint = connection.savepoint()) {
 *     connection.execute("INSERT INTO audit (what) VALUES (?)", "tried");
 *     savepoint.rollback();
 * }
 * }
 */
public final class Savepoint implements AutoCloseable {
    private final Connection connection;
    private final String name;
    private boolean isReleased;

    Savepoint(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /** Undoes what the transaction did after this place, a failed statement included. */
    public void rollback() {
        connection.execute("ROLLBACK TO SAVEPOINT " + name);
    }

    /** Forgets the place and keeps what was done. Once is enough. */
    public void release() {
        if (!isReleased) {
            isReleased = true;
            connection.execute("RELEASE SAVEPOINT " + name);
        }
    }

    /**
     * Releases, where the transaction is still open and has not failed; a failed one has nothing to
     * keep.
     */
    @Override
    public void close() {
        if (connection.isInTransaction() && !connection.isFailed()) {
            release();
        }
    }
}

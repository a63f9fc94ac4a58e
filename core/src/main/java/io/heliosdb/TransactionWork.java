package io.heliosdb;

/**
 * What runs inside {@link Connection#transaction}.
 *
 * @param <X> what it may throw; {@link RuntimeException} where nothing is declared
 */
@FunctionalInterface
public interface TransactionWork<X extends Exception> {
    /**
     * Does the work.
     *
     * @param connection the connection whose transaction it is
     * @throws X to roll back
     */
    void run(Connection connection) throws X;
}

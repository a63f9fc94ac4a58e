package io.heliosdb;

/**
 * What runs inside {@link Connection#transactionResult}.
 *
 * @param <T> what it returns
 * @param <X> what it may throw; {@link RuntimeException} where nothing is declared
 */
@FunctionalInterface
public interface TransactionFunction<T, X extends Exception> {
    /**
     * Does the work.
     *
     * @param connection the connection whose transaction it is
     * @return the result of the transaction
     * @throws X to roll back
     */
    T run(Connection connection) throws X;
}

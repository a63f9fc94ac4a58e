package io.heliosdb.engine.function;

import io.heliosdb.engine.EngineSession;

import org.h2.value.Value;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;

/**
 * Advisory locks: a key is one number of 64 bits or two of 32.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-ADVISORY-LOCKS">PostgreSQL:
 *     advisory lock functions</a>
 */
public final class AdvisoryFunctions {
    private AdvisoryFunctions() {}

    private static @Nullable Boolean take(
            Connection connection, Value[] key, boolean isShared, boolean isLocal, boolean waits) {
        for (Value part : key) {
            if (part.getValueType() == Value.NULL) {
                return null;
            }
        }
        return EngineSession.of(connection)
                .services()
                .lockAdvisory(number(key), key.length > 1, isShared, isLocal, waits);
    }

    private static long number(Value[] key) {
        return key.length == 1
                ? key[0].getLong()
                : (long) key[0].getInt() << 32 | (key[1].getInt() & 0xffff_ffffL);
    }

    private static @Nullable String nothing(@Nullable Boolean taken) {
        return taken == null ? null : "";
    }

    /**
     * Takes a lock for the session, and waits for it.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return void
     */
    public static @Nullable String lock(Connection connection, Value... key) {
        return nothing(take(connection, key, false, false, true));
    }

    /**
     * Takes a lock for the session with others who share it.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return void
     */
    public static @Nullable String lockShared(Connection connection, Value... key) {
        return nothing(take(connection, key, true, false, true));
    }

    /**
     * Takes a lock for the transaction, and waits for it.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return void
     */
    public static @Nullable String lockLocal(Connection connection, Value... key) {
        return nothing(take(connection, key, false, true, true));
    }

    /**
     * Takes a lock for the transaction with others who share it.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return void
     */
    public static @Nullable String lockLocalShared(Connection connection, Value... key) {
        return nothing(take(connection, key, true, true, true));
    }

    /**
     * Takes a lock for the session, if it is free.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether it was
     */
    public static @Nullable Boolean tryLock(Connection connection, Value... key) {
        return take(connection, key, false, false, false);
    }

    /**
     * Takes a lock for the session with others who share it, if it is free.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether it was
     */
    public static @Nullable Boolean tryLockShared(Connection connection, Value... key) {
        return take(connection, key, true, false, false);
    }

    /**
     * Takes a lock for the transaction, if it is free.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether it was
     */
    public static @Nullable Boolean tryLockLocal(Connection connection, Value... key) {
        return take(connection, key, false, true, false);
    }

    /**
     * Takes a lock for the transaction with others who share it, if it is free.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether it was
     */
    public static @Nullable Boolean tryLockLocalShared(Connection connection, Value... key) {
        return take(connection, key, true, true, false);
    }

    /**
     * Gives back a lock of the session.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether the session had it
     */
    public static boolean unlock(Connection connection, Value... key) {
        return EngineSession.of(connection)
                .services()
                .unlockAdvisory(number(key), key.length > 1, false);
    }

    /**
     * Gives back a shared lock of the session.
     *
     * @param connection the caller's
     * @param key one number or two
     * @return whether the session had it
     */
    public static boolean unlockShared(Connection connection, Value... key) {
        return EngineSession.of(connection)
                .services()
                .unlockAdvisory(number(key), key.length > 1, true);
    }
}

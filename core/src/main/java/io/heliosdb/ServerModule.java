package io.heliosdb;

import io.heliosdb.pg.PgException;
import io.heliosdb.pg.SqlState;
import io.heliosdb.spi.ServerProvider;

import java.util.ServiceLoader;

/** Finds the server module on the class path. */
final class ServerModule {
    private ServerModule() {}

    /**
     * The module that does what this one only offers.
     *
     * @param feature what it is wanted for, as a user knows it
     * @throws PgException 0A000 where it is not there
     */
    static ServerProvider require(String feature) {
        return ServiceLoader.load(ServerProvider.class, ServerProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() ->
                        new PgException(
                                        SqlState.FEATURE_NOT_SUPPORTED,
                                        feature + " needs the server module")
                                .withHint(
                                        "Add io.heliosdb:heliosdb-server to the class" + " path."));
    }
}

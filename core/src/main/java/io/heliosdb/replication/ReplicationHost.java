package io.heliosdb.replication;

import io.heliosdb.engine.TableInfo;
import io.heliosdb.pg.Report;
import io.heliosdb.sql.TableName;

import java.util.List;
import java.util.Optional;

/** What publications need of the session that defines them. Called in its thread only. */
public interface ReplicationHost {
    /**
     * A table or view by its name.
     *
     * @param name its name; without a schema it is looked for along the search path
     * @return nothing where there is none
     */
    Optional<TableInfo> table(TableName name);

    /**
     * Where names without a schema are looked up.
     *
     * @return the schemas of the search path that exist
     */
    List<String> schemas();

    /**
     * Who the session acts as.
     *
     * @return the role
     */
    String user();

    /**
     * Looks for a role.
     *
     * @param role its name
     * @throws io.heliosdb.pg.PgException 42704 where there is none
     */
    void requireRole(String role);

    /**
     * Tells the client.
     *
     * @param report what to say
     */
    void notice(Report report);
}

package io.heliosdb.engine;

import org.h2.engine.Constants;
import org.h2.engine.DbObject;

/** The numbers of users' objects: those of the store, which keeps them, behind PostgreSQL's own. */
final class Oids {
    /** The first oid that PostgreSQL gives to what users create. */
    static final int FIRST = 16_384;

    /** PostgreSQL's oid of the schema {@code public}. */
    private static final int PUBLIC = 2200;

    private Oids() {}

    static int of(DbObject object) {
        boolean isMain =
                object.getType() == DbObject.SCHEMA && object.getId() == Constants.MAIN_SCHEMA_ID;
        return isMain ? PUBLIC : FIRST + object.getId();
    }
}

package io.heliosdb.session;

/** The prepared statements and portals of a session, as commands reach them. */
interface SessionStore {
    /** Keeps a statement by a name that is not taken; 42P05 where it is. */
    void keep(String name, Prepared prepared);

    /** A statement by name; 26000 where there is none. */
    Prepared prepared(String name);

    /** Forgets a statement; 26000 where there is none. */
    void deallocate(String name);

    void deallocateAll();

    /** Forgets every portal, as the end of a transaction does. */
    void closePortals();
}

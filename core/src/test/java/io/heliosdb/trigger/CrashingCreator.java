package io.heliosdb.trigger;

import io.heliosdb.HeliosDb;

/** Creates one of each kind, says so, and waits to be killed. */
final class CrashingCreator {
    private CrashingCreator() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the directory
     */
    public static void main(String[] arguments) throws InterruptedException {
        var db = HeliosDb.open(arguments[0]);
        var connection = db.connect();
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, b text)");
        connection.execute("CREATE TABLE seen (n int)");
        connection.execute("INSERT INTO seen VALUES (0)");
        connection.execute("CREATE VIEW v AS SELECT id, b FROM t");
        connection.execute(
                "CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT i * 2'");
        connection.execute(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.b :="
                        + " upper(new.b); RETURN new; END $$");
        connection.execute(
                "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                        + " pg_notify('changes', json_build_object('id', new.id)::text); RETURN"
                        + " NULL; END $$");
        connection.execute(
                "CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t"
                        + " VALUES (new.id, new.b); RETURN new; END $$");
        connection.execute(
                "CREATE PROCEDURE add(i int, b text) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t"
                        + " VALUES (i, b); END $$");
        connection.execute("CREATE TRIGGER a BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
        connection.execute("CREATE TRIGGER b AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()");
        connection.execute(
                "CREATE TRIGGER c INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION h()");
        connection.execute(
                "CREATE TRIGGER d AFTER INSERT ON t BEGIN UPDATE seen SET n = n + 1; END");
        connection.execute("CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY ruled");
        connection.execute("INSERT INTO t VALUES (1, 'a')");
        System.out.println("done");
        System.out.flush();
        Thread.currentThread().join();
    }
}

#!/usr/bin/python3
"""psycopg 3: the extended protocol, parameters and results in text and in binary, prepared statements, pipelines."""
import datetime
import decimal
import threading
import uuid

import psycopg
from psycopg.types.json import Json, Jsonb

from common import *


def connect(**options):
    values = dict(host=HOST, port=PORT, user=USER, dbname=DATABASE)
    values.update(options)
    return psycopg.connect(**values)


def hear(connection):
    """A list that every notification is added to; those that wait come with the next statement at the latest."""
    heard = []
    connection.add_notify_handler(lambda n: heard.append((n.channel, n.payload, n.pid)))
    return heard


def sales_table(connection):
    connection.execute("drop table if exists sales_orders")
    connection.execute(SALES_TABLE)
    connection.execute(SALES_TRIGGER)


@step
def connects_and_tells_its_server():
    with connect() as connection:
        equal(connection.info.server_version // 10000, 15)
        equal(connection.execute("select pg_backend_pid()").fetchone(), (connection.info.backend_pid,))


@step
def another_connection_receives_exactly_what_was_committed():
    listener, writer = connect(autocommit=True), connect()
    sales_table(listener)
    heard = hear(listener)
    listener.execute("listen sales_updates")
    writer.execute(INSERT, (1, decimal.Decimal("10.25")))
    writer.execute(INSERT, (2, decimal.Decimal("20.75")))
    writer.commit()
    writer.execute(INSERT, (3, decimal.Decimal("30.33")))
    writer.rollback()
    with writer.transaction():
        writer.execute(INSERT, (4, decimal.Decimal("40.44")))
        try:
            with writer.transaction():
                writer.execute(INSERT, (5, decimal.Decimal("50.55")))
                raise KeyError("back to the savepoint")
        except KeyError:
            pass
    rows = listener.execute("select id, amount from sales_orders order by id").fetchall()
    equal([a for _, a in rows], [decimal.Decimal(a) for a in ("10.25", "20.75", "40.44")])
    equal(heard, [("sales_updates", payload(i, a), writer.info.backend_pid) for i, a in rows])
    listener.close()
    writer.close()


@step
def listens_and_stops_listening():
    with connect(autocommit=True) as listener, connect(autocommit=True) as other:
        other.execute("notify news, 'too early'")
        heard = hear(listener)
        listener.execute("listen news")
        other.execute("select pg_notify('news', %s)", ("é \U0001F600 ' \\",))
        listener.execute("unlisten news")
        other.execute("notify news, 'too late'")
        listener.execute("listen last")
        listener.execute("notify last")
        equal(heard, [("news", "é \U0001F600 ' \\", other.info.backend_pid), ("last", "", listener.info.backend_pid)])


@step
def an_idle_listener_is_told_without_asking():
    with connect(autocommit=True) as listener, connect(autocommit=True) as other:
        listener.execute("listen idle")
        timer = threading.Timer(PATIENCE, listener.close)
        timer.start()
        generator = listener.notifies()
        for i in range(3):
            other.execute("select pg_notify('idle', %s)", (str(i),))
            n = next(generator)
            equal((n.channel, n.payload, n.pid), ("idle", str(i), other.info.backend_pid))
        timer.cancel()
        generator.close()


def values():
    utc = datetime.timezone.utc
    return [
        ("int", 7), ("int", -2147483648), ("bigint", 9223372036854775807), ("smallint", -5),
        ("numeric(20,5)", decimal.Decimal("12345678901.12345")), ("numeric", decimal.Decimal("-0.001")),
        ("text", "żółć 漢字 \U0001F600 '\"\\"), ("text", ""), ("varchar(9)", "abc"), ("bytea", b"\x00\xff\\'"),
        ("boolean", True), ("boolean", False), ("text", None), ("int", None),
        ("timestamp", datetime.datetime(2026, 2, 3, 4, 5, 6, 789012)), ("timestamp", datetime.datetime(1969, 7, 20)),
        ("timestamptz", datetime.datetime(2026, 2, 3, 4, 5, 6, 789012, utc)),
        ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")), ("date", datetime.date(1999, 12, 31)),
        ("time", datetime.time(23, 59, 58, 123456)), ("double precision", 1.0 / 3), ("double precision", -1e300),
        ("real", 0.5), ("json", {"a": [1, None, "é"]}), ("jsonb", {"a": [1, None, "é"]})]


def adapt(kind, value):
    return Json(value) if kind == "json" else Jsonb(value) if kind == "jsonb" else value


@step
def values_go_both_ways_in_text_and_binary():
    with connect(autocommit=True) as connection:
        for number, (kind, value) in enumerate(values()):
            table = "psycopg3_values_%d" % number
            connection.execute("drop table if exists " + table)
            connection.execute("create table %s (v %s)" % (table, kind))
            for mark in ("%t", "%b"):
                for binary in (False, True):
                    what = "%s %r as %s, result %s" % (kind, value, mark, "binary" if binary else "text")
                    try:
                        connection.execute("delete from " + table)
                        connection.execute("insert into %s values (%s)" % (table, mark), (adapt(kind, value),))
                        cursor = connection.execute("select v from " + table, binary=binary)
                        equal(cursor.fetchone(), (value,))
                    except Exception as e:
                        raise AssertionError(what) from e
            connection.execute("drop table " + table)


@step
def a_cast_parameter_comes_back():
    with connect(autocommit=True) as connection:
        for kind, value in values():
            for binary in (False, True):
                try:
                    cursor = connection.execute("select %s::" + kind, (adapt(kind, value),), binary=binary)
                    equal(cursor.fetchone(), (value,))
                except Exception as e:
                    raise AssertionError("%s %r binary %s" % (kind, value, binary)) from e


@step
def an_error_has_its_code_and_the_connection_lives_on():
    with connect(autocommit=True) as connection:
        for sql, code in (("select * from nowhere", "42P01"), ("selec", "42601"), ("select 1/0", "22012"),
                          ("select nosuch(1)", "42883"), ("select pg_notify('', 'x')", "22023")):
            try:
                connection.execute(sql)
                raise AssertionError(sql + " did not fail")
            except psycopg.Error as e:
                equal(e.sqlstate, code)
        equal(connection.execute("select 1").fetchone(), (1,))


@step
def a_failed_block_refuses_until_its_end():
    with connect() as connection:
        try:
            connection.execute("select 1/0")
        except psycopg.errors.DivisionByZero:
            pass
        try:
            connection.execute("select 1")
            raise AssertionError("not refused")
        except psycopg.errors.InFailedSqlTransaction as e:
            equal(e.sqlstate, "25P02")
        connection.rollback()
        equal(connection.execute("select 1").fetchone(), (1,))


@step
def a_prepared_statement_is_used_again():
    with connect(autocommit=True) as connection:
        connection.prepare_threshold = 2
        for i in range(10):
            equal(connection.execute("select %s::int + 1", (i,)).fetchone(), (i + 1,))
        for i in range(3):
            equal(connection.execute("select %s::text", ("x%d" % i,), prepare=True).fetchone(), ("x%d" % i,))


@step
def many_rows_by_executemany():
    with connect() as connection:
        connection.execute("drop table if exists psycopg3_many")
        connection.execute("create table psycopg3_many (i int, t text)")
        connection.cursor().executemany("insert into psycopg3_many values (%s, %s)", [(i, "t%d" % i) for i in range(50)])
        equal(connection.execute("select count(*), sum(i) from psycopg3_many").fetchone(), (50, 1225))
        connection.rollback()


@step
def the_notifications_of_many_rows_with_bound_parameters():
    with connect(autocommit=True) as connection:
        heard = hear(connection)
        for i in range(3):
            connection.execute("listen chan%d" % i)
        connection.execute("select pg_notify(chan, json_build_object('payload', payload)::text) from (values"
                           " ('chan0', %s), ('chan1', %s), ('chan2', %s)) notifies(chan, payload)", ("a", 'é"', "\\"))
        equal([(c, p) for c, p, _ in heard],
              [("chan0", '{"payload" : "a"}'), ("chan1", '{"payload" : "é\\""}'), ("chan2", '{"payload" : "\\\\"}')])


@step
def a_busy_listener_gets_what_waited():
    with connect(autocommit=True) as listener, connect(autocommit=True) as other:
        heard = hear(listener)
        listener.execute("listen busy")
        sleeper = threading.Thread(target=listener.execute, args=("select pg_sleep(2)",))
        sleeper.start()
        other.execute("notify busy, '1'")
        other.execute("notify busy, '2'")
        sleeper.join(PATIENCE)
        equal(heard, [("busy", "1", other.info.backend_pid), ("busy", "2", other.info.backend_pid)])


@step
def a_statement_can_be_cancelled():
    with connect(autocommit=True) as connection:
        codes = []

        def sleep():
            try:
                connection.execute("select pg_sleep(30)")
            except psycopg.Error as e:
                codes.append(e.sqlstate)
        sleeper = threading.Thread(target=sleep)
        sleeper.start()

        def cancelled():
            connection.cancel()
            sleeper.join(0.2)
            return not sleeper.is_alive()
        wait_until(cancelled, "the cancel")
        equal(codes, ["57014"])
        equal(connection.execute("select 1").fetchone(), (1,))


@step
def a_named_cursor_reads_in_parts():
    with connect() as connection:
        for binary in False, True:
            with connection.cursor("many", scrollable=True) as cursor:
                cursor.execute("select i, 'row ' || i from generate_series(1, 2000) g(i) where i <= %s order by i", (1000,), binary=binary)
                equal(cursor.fetchmany(2), [(1, "row 1"), (2, "row 2")])
                cursor.scroll(-1)
                equal(cursor.fetchone(), (2, "row 2"))
                cursor.scroll(900, mode="absolute")
                equal(len(cursor.fetchall()), 100)
        with connection.cursor("held", withhold=True) as cursor:
            cursor.execute("select i from generate_series(1, 3) g(i)")
            connection.commit()
            equal(cursor.fetchall(), [(1,), (2,), (3,)])


@step
def copies_in_and_out():
    with connect() as connection:
        connection.execute("drop table if exists copied3")
        connection.execute("create table copied3 (i int, s text, d date, n numeric)")
        rows = [(i, "x\t%d" % i if i % 3 else None, datetime.date(2026, 1, 1), decimal.Decimal("1.5")) for i in range(500)]
        with connection.cursor() as cursor:
            with cursor.copy("copy copied3 from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            equal(cursor.rowcount, 500)
            with cursor.copy("copy copied3 (i, s, d) from stdin (format binary)") as copy:
                copy.set_types(["int4", "text", "date"])
                copy.write_row((500, "binary", datetime.date(2026, 2, 3)))
            with cursor.copy("copy (select i, s, d, n from copied3 order by i) to stdout") as copy:
                copy.set_types(["int4", "text", "date", "numeric"])
                equal(list(copy.rows()), rows + [(500, "binary", datetime.date(2026, 2, 3), None)])
            with cursor.copy("copy (select i, s from copied3 where i > 498 order by i) to stdout (format binary)") as copy:
                copy.set_types(["int4", "text"])
                equal(list(copy.rows()), [(499, "x\t499"), (500, "binary")])
        connection.commit()
        try:
            with connection.cursor() as cursor, cursor.copy("copy copied3 from stdin") as copy:
                copy.write("1\tlost\t\\N\t\\N\n")
                raise RuntimeError("given up")
        except psycopg.errors.QueryCanceled as e:
            equal("given up" in str(e), True)
            connection.rollback()
        equal(connection.execute("select count(*) from copied3").fetchone(), (501,))


@step
def logs_in_with_scram():
    with connect(port=SCRAM_PORT, user=SCRAM_USER, password=SCRAM_PASSWORD) as connection:
        equal(connection.execute("select current_user").fetchone(), (SCRAM_USER,))
    try:
        connect(port=SCRAM_PORT, user=SCRAM_USER, password="wrong")
        raise AssertionError("a wrong password was accepted")
    except psycopg.OperationalError as e:
        if "password authentication failed for user" not in str(e):
            raise


run()

#!/usr/bin/python3
"""psycopg2: libpq's simple protocol, parameters written into the text."""
import datetime
import decimal
import io
import select
import threading
import uuid

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg2.extras

from common import *

psycopg2.extras.register_uuid()


def connect(**options):
    values = dict(host=HOST, port=PORT, user=USER, dbname=DATABASE)
    values.update(options)
    return psycopg2.connect(**values)


def autocommit():
    connection = connect()
    connection.autocommit = True
    return connection


def execute(connection, sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else None


def notifies(connection, count):
    """The next ones, in order; takes them off the connection."""
    def arrived():
        if len(connection.notifies) < count:
            select.select([connection], [], [], 0.5)
            connection.poll()
        return len(connection.notifies) >= count
    wait_until(arrived, "%d notifications, have %r" % (count, connection.notifies))
    taken, connection.notifies[:] = connection.notifies[:count], connection.notifies[count:]
    return [(n.channel, n.payload, n.pid) for n in taken]


def nothing_more(connection):
    execute(connection, "select 1")
    equal(connection.notifies, [])


def sales_table(connection):
    execute(connection, "drop table if exists sales_orders")
    execute(connection, SALES_TABLE)
    execute(connection, SALES_TRIGGER)


@step
def connects_and_tells_its_server():
    connection = connect()
    equal(connection.server_version // 10000, 15)
    equal(connection.encoding, "UTF8")
    equal(execute(connection, "select pg_backend_pid()"), [(connection.info.backend_pid,)])
    connection.close()


@step
def another_connection_receives_exactly_what_was_committed():
    listener, writer = autocommit(), connect()
    sales_table(listener)
    execute(listener, "listen sales_updates")
    execute(writer, INSERT, (1, decimal.Decimal("10.25")))
    execute(writer, INSERT, (2, decimal.Decimal("20.75")))
    nothing_more(listener)
    writer.commit()
    execute(writer, INSERT, (3, decimal.Decimal("30.33")))
    writer.rollback()
    execute(writer, INSERT, (4, decimal.Decimal("40.44")))
    writer.commit()
    pid = writer.info.backend_pid
    got = notifies(listener, 3)
    equal([n[0] for n in got], ["sales_updates"] * 3)
    equal([n[2] for n in got], [pid] * 3)
    rows = execute(listener, "select id, amount from sales_orders order by id")
    equal(len(rows), 3)
    equal([n[1] for n in got], [payload(i, a) for i, a in rows])
    nothing_more(listener)
    listener.close()
    writer.close()


@step
def listens_and_stops_listening():
    listener, other = autocommit(), autocommit()
    execute(other, "notify news, 'too early'")
    execute(listener, "listen news")
    execute(other, "select pg_notify('news', %s)", ("é \U0001F600 ' \\",))
    equal([n[1] for n in notifies(listener, 1)], ["é \U0001F600 ' \\"])
    execute(listener, "unlisten news")
    execute(other, "notify news, 'too late'")
    nothing_more(listener)


@step
def values_go_both_ways():
    connection = connect()
    execute(connection, "drop table if exists psycopg2_values")
    execute(connection, "create table psycopg2_values (i int, b bigint, n numeric(20,5), t text, y bytea, o boolean,"
            " z text, s timestamp, w timestamptz, u uuid, j json, d date, f double precision)")
    utc = datetime.timezone.utc
    values = (-2147483648, 9223372036854775807, decimal.Decimal("12345678901.12345"), "żółć 漢字 \U0001F600 '\"\\",
              b"\x00\xff\\'", True, None, datetime.datetime(2026, 2, 3, 4, 5, 6, 789012),
              datetime.datetime(2026, 2, 3, 4, 5, 6, 789012, utc), uuid.UUID("12345678-1234-5678-1234-567812345678"),
              psycopg2.extras.Json({"a": [1, None, "é"]}), datetime.date(1999, 12, 31), 1.0 / 3)
    execute(connection, "insert into psycopg2_values values (" + ",".join(["%s"] * len(values)) + ")", values)
    [row] = execute(connection, "select * from psycopg2_values")
    want = list(values)
    want[10] = {"a": [1, None, "é"]}
    got = list(row)
    got[4] = bytes(got[4])
    equal(got, want)
    connection.rollback()


@step
def an_error_has_its_code_and_the_connection_lives_on():
    connection = autocommit()
    for sql, code in (("select * from nowhere", "42P01"), ("selec", "42601"), ("select 1/0", "22012"),
                      ("select nosuch(1)", "42883"), ("select pg_notify('', 'x')", "22023")):
        try:
            execute(connection, sql)
            raise AssertionError(sql + " did not fail")
        except psycopg2.Error as e:
            equal(e.pgcode, code)
            equal(e.diag.severity, "ERROR")
    execute(connection, "drop table if exists psycopg2_keys")
    execute(connection, "create table psycopg2_keys (i int primary key)")
    execute(connection, "insert into psycopg2_keys values (1)")
    try:
        execute(connection, "insert into psycopg2_keys values (1)")
        raise AssertionError("a duplicate key did not fail")
    except psycopg2.errors.UniqueViolation:
        pass
    equal(execute(connection, "select 1"), [(1,)])


@step
def a_failed_block_refuses_until_its_end():
    connection = connect()
    try:
        execute(connection, "select 1/0")
    except psycopg2.errors.DivisionByZero:
        pass
    try:
        execute(connection, "select 1")
        raise AssertionError("not refused")
    except psycopg2.errors.InFailedSqlTransaction as e:
        equal(e.pgcode, "25P02")
    connection.rollback()
    equal(execute(connection, "select 1"), [(1,)])


@step
def a_with_block_commits_or_rolls_back():
    listener, writer = autocommit(), connect()
    sales_table(listener)
    execute(listener, "listen sales_updates")
    with writer:
        execute(writer, INSERT, (1, decimal.Decimal("1.25")))
    try:
        with writer:
            execute(writer, INSERT, (2, decimal.Decimal("2.25")))
            raise KeyError("rolled back")
    except KeyError:
        pass
    equal([n[1] for n in notifies(listener, 1)], [payload(1, "1.25")])
    nothing_more(listener)
    equal(execute(listener, "select count(*) from sales_orders"), [(1,)])


@step
def a_busy_listener_gets_what_waited():
    listener, other = autocommit(), autocommit()
    execute(listener, "listen busy")
    sleeper = threading.Thread(target=execute, args=(listener, "select pg_sleep(2)"))
    sleeper.start()
    execute(other, "notify busy, '1'")
    execute(other, "notify busy, '2'")
    sleeper.join(PATIENCE)
    equal([(n.payload, n.pid) for n in listener.notifies],
          [("1", other.info.backend_pid), ("2", other.info.backend_pid)])


@step
def a_statement_can_be_cancelled():
    connection = autocommit()
    codes = []

    def sleep():
        try:
            execute(connection, "select pg_sleep(30)")
        except psycopg2.Error as e:
            codes.append(e.pgcode)
    sleeper = threading.Thread(target=sleep)
    sleeper.start()

    def cancelled():
        connection.cancel()
        sleeper.join(0.2)
        return not sleeper.is_alive()
    wait_until(cancelled, "the cancel")
    equal(codes, ["57014"])
    equal(execute(connection, "select 1"), [(1,)])


@step
def a_named_cursor_reads_in_parts():
    connection = connect()
    with connection.cursor("many", scrollable=True) as cursor:
        cursor.itersize = 100
        cursor.execute("select i, 'row ' || i from generate_series(1, %s) g(i) order by i", (1000,))
        equal(cursor.fetchone(), (1, "row 1"))
        equal(cursor.fetchmany(2), [(2, "row 2"), (3, "row 3")])
        cursor.scroll(-2)
        equal(cursor.fetchone(), (2, "row 2"))
        cursor.scroll(500, mode="absolute")
        equal(cursor.fetchone(), (501, "row 501"))
        equal(sum(1 for _ in cursor), 499)
    held = connection.cursor("held", withhold=True)
    held.execute("select generate_series from generate_series(1, 3)")
    connection.commit()
    equal(held.fetchall(), [(1,), (2,), (3,)])
    held.close()
    connection.close()


@step
def copies_in_and_out():
    connection = connect()
    execute(connection, "drop table if exists copied")
    execute(connection, "create table copied (i int primary key, s text)")
    with connection.cursor() as cursor:
        cursor.copy_expert("copy copied from stdin (format csv, header)", io.StringIO('i,s\n1,"a,b"\n2,\n3,"x\ny"\n'))
        equal(cursor.rowcount, 3)
        cursor.copy_from(io.StringIO("4\tfour\n5\t\\N\n"), "copied")
        out = io.StringIO()
        cursor.copy_expert("copy copied to stdout", out)
        equal(out.getvalue(), "1\ta,b\n2\t\\N\n3\tx\\ny\n4\tfour\n5\t\\N\n")
        connection.commit()
        try:
            cursor.copy_expert("copy copied from stdin", io.StringIO("6\tsix\n7\n"))
            raise AssertionError("a line without its fields was accepted")
        except psycopg2.errors.BadCopyFileFormat as e:
            equal(e.diag.context, 'COPY copied, line 2: "7"')
        connection.rollback()
    equal(execute(connection, "select count(*) from copied"), [(5,)])
    connection.close()


@step
def logs_in_with_scram():
    connection = connect(port=SCRAM_PORT, user=SCRAM_USER, password=SCRAM_PASSWORD)
    equal(execute(connection, "select current_user"), [(SCRAM_USER,)])
    connection.close()
    try:
        connect(port=SCRAM_PORT, user=SCRAM_USER, password="wrong")
        raise AssertionError("a wrong password was accepted")
    except psycopg2.OperationalError as e:
        if "password authentication failed for user" not in str(e):
            raise


run()

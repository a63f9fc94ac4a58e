#!/usr/bin/python3
"""asyncpg: everything prepared and binary."""
import asyncio
import datetime
import decimal
import io
import json
import uuid

import asyncpg

from common import *

INSERT_ASYNCPG = "insert into sales_orders (customer_id, amount) values ($1, $2)"


async def connect(**options):
    values = dict(host=HOST, port=PORT, user=USER, database=DATABASE, timeout=PATIENCE, command_timeout=PATIENCE)
    values.update(options)
    return await asyncpg.connect(**values)


def asynchronous(coroutine):
    def function():
        asyncio.run(asyncio.wait_for(coroutine(), 3 * PATIENCE))
    function.__name__ = coroutine.__name__
    step(function)
    return function


async def hear(connection, channel):
    queue = asyncio.Queue()
    await connection.add_listener(channel, lambda c, pid, name, text: queue.put_nowait((name, text, pid)))
    return queue


async def take(queue, count):
    return [await asyncio.wait_for(queue.get(), PATIENCE) for _ in range(count)]


@asynchronous
async def connects_and_tells_its_server():
    connection = await connect()
    equal(connection.get_server_version().major, 15)
    equal(await connection.fetchval("select pg_backend_pid()"), connection.get_server_pid())
    await connection.close()


@asynchronous
async def another_connection_receives_exactly_what_was_committed():
    listener, writer = await connect(), await connect()
    await listener.execute("drop table if exists sales_orders")
    await listener.execute(SALES_TABLE)
    await listener.execute(SALES_TRIGGER)
    queue = await hear(listener, "sales_updates")
    async with writer.transaction():
        await writer.execute(INSERT_ASYNCPG, 1, decimal.Decimal("10.25"))
        await writer.execute(INSERT_ASYNCPG, 2, decimal.Decimal("20.75"))
    try:
        async with writer.transaction():
            await writer.execute(INSERT_ASYNCPG, 3, decimal.Decimal("30.33"))
            raise KeyError("rolled back")
    except KeyError:
        pass
    async with writer.transaction():
        await writer.execute(INSERT_ASYNCPG, 4, decimal.Decimal("40.44"))
    await writer.execute("select pg_notify('sales_updates', 'end')")
    got = await take(queue, 4)
    rows = await listener.fetch("select id, amount from sales_orders order by id")
    pid = writer.get_server_pid()
    equal([r["amount"] for r in rows], [decimal.Decimal(a) for a in ("10.25", "20.75", "40.44")])
    equal(got, [("sales_updates", payload(r["id"], r["amount"]), pid) for r in rows] + [("sales_updates", "end", pid)])
    await listener.reset()
    await listener.close()
    await writer.close()


@asynchronous
async def values_go_both_ways():
    connection = await connect()
    utc = datetime.timezone.utc
    for number, (kind, value) in enumerate((
            ("int", -2147483648), ("bigint", 9223372036854775807), ("smallint", 5),
            ("numeric", decimal.Decimal("12345678901.12345")), ("numeric", decimal.Decimal("-0.001")),
            ("text", "żółć 漢字 \U0001F600 '\"\\"), ("varchar", ""), ("bytea", b"\x00\xff\\'"), ("boolean", True),
            ("text", None), ("timestamp", datetime.datetime(2026, 2, 3, 4, 5, 6, 789012)),
            ("timestamptz", datetime.datetime(2026, 2, 3, 4, 5, 6, 789012, utc)),
            ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")), ("date", datetime.date(1999, 12, 31)),
            ("time", datetime.time(23, 59, 58, 123456)), ("double precision", 1.0 / 3), ("real", 0.5))):
        table = "asyncpg_values_%d" % number
        try:
            equal(await connection.fetchval("select $1::" + kind, value), value)
            await connection.execute("drop table if exists " + table)
            await connection.execute("create table %s (v %s)" % (table, kind))
            await connection.execute("insert into %s values ($1)" % table, value)
            equal(await connection.fetchval("select v from " + table), value)
        except Exception as e:
            raise AssertionError("%s %r" % (kind, value)) from e
    text = json.dumps({"a": [1, None, "é"]})
    equal(json.loads(await connection.fetchval("select $1::json", text)), json.loads(text))
    equal(json.loads(await connection.fetchval("select $1::jsonb", text)), json.loads(text))
    await connection.close()


@asynchronous
async def an_error_has_its_code_and_the_connection_lives_on():
    connection = await connect()
    for sql, code in (("select * from nowhere", "42P01"), ("selec", "42601"), ("select 1/0", "22012"),
                      ("select pg_notify('', 'x')", "22023")):
        try:
            await connection.fetch(sql)
            raise AssertionError(sql + " did not fail")
        except asyncpg.PostgresError as e:
            equal(e.sqlstate, code)
    equal(await connection.fetchval("select 1"), 1)
    await connection.close()


@asynchronous
async def a_failed_block_refuses_until_its_end():
    connection = await connect()
    transaction = connection.transaction()
    await transaction.start()
    for code in ("22012", "25P02"):
        try:
            await connection.fetch("select 1/0")
            raise AssertionError("did not fail")
        except asyncpg.PostgresError as e:
            equal(e.sqlstate, code)
    await transaction.rollback()
    equal(await connection.fetchval("select 1"), 1)
    await connection.close()


@asynchronous
async def a_prepared_statement_is_used_again():
    connection = await connect()
    statement = await connection.prepare("select $1::int + 1, $2::text")
    equal([p.name for p in statement.get_parameters()], ["int4", "text"])
    for i in range(20):
        equal(tuple(await statement.fetchrow(i, "x")), (i + 1, "x"))
    await connection.close()


@asynchronous
async def a_busy_listener_gets_what_waited():
    listener, other = await connect(), await connect()
    queue = await hear(listener, "busy")
    sleep = asyncio.create_task(listener.execute("select pg_sleep(2)"))
    await other.execute("notify busy, '1'")
    await other.execute("notify busy, '2'")
    await sleep
    pid = other.get_server_pid()
    equal([queue.get_nowait(), queue.get_nowait()], [("busy", "1", pid), ("busy", "2", pid)])
    await listener.close()
    await other.close()


@asynchronous
async def a_statement_that_takes_too_long_is_cancelled():
    connection = await connect()
    try:
        await connection.execute("select pg_sleep(30)", timeout=0.3)
        raise AssertionError("not cancelled")
    except asyncio.TimeoutError:
        pass
    equal(await connection.fetchval("select 1"), 1)
    await connection.close()


@asynchronous
async def a_cursor_reads_in_parts():
    connection = await connect()
    async with connection.transaction():
        got = [row["i"] async for row in connection.cursor("select i from generate_series(1, 100) g(i)", prefetch=7)]
        equal(got, list(range(1, 101)))
        cursor = await connection.cursor("select i from generate_series(1, 10) g(i)")
        equal(await cursor.forward(3), 3)
        equal([row["i"] for row in await cursor.fetch(2)], [4, 5])
    await connection.close()


@asynchronous
async def copies_in_and_out():
    connection = await connect()
    await connection.execute("drop table if exists copied_a")
    await connection.execute("create table copied_a (i int, s text, b bool, t timestamptz, f float8, u uuid)")
    now = datetime.datetime(2026, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)
    key = uuid.UUID(int=7)
    rows = [(i, "row %d" % i if i % 2 else None, i % 3 == 0, now, i / 4, key) for i in range(1000)]
    equal(await connection.copy_records_to_table("copied_a", records=rows), "COPY 1000")
    equal([tuple(row) for row in await connection.fetch("select * from copied_a order by i")], rows)
    out = io.BytesIO()
    equal(await connection.copy_from_query("select i, s from copied_a where i < $1 order by i", 2, output=out), "COPY 2")
    equal(out.getvalue(), b"0\t\\N\n1\trow 1\n")
    equal(await connection.copy_to_table("copied_a", source=io.BytesIO(b"7,x\n"), columns=["i", "s"], format="csv"), "COPY 1")
    try:
        await connection.copy_to_table("copied_a", source=io.BytesIO(b"1\tx\nno\ty\n"), columns=["i", "s"])
        raise AssertionError("no number was accepted")
    except asyncpg.PostgresError as e:
        equal((e.sqlstate, e.context), ("22P02", 'COPY copied_a, line 2, column i: "no"'))
    equal(await connection.fetchval("select count(*) from copied_a"), 1001)
    await connection.close()


@asynchronous
async def logs_in_with_scram():
    connection = await connect(port=SCRAM_PORT, user=SCRAM_USER, password=SCRAM_PASSWORD)
    equal(await connection.fetchval("select current_user"), SCRAM_USER)
    await connection.close()
    try:
        await connect(port=SCRAM_PORT, user=SCRAM_USER, password="wrong")
        raise AssertionError("a wrong password was accepted")
    except asyncpg.PostgresError as e:
        equal(e.sqlstate, "28P01")


run()

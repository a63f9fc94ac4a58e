// node-postgres (npm "pg"): text in both directions, extended protocol as soon as there are parameters.
'use strict';

const { assert, target, scram, installed, payload, Inbox, step, run, env } = require('./common.js');

const { Client, Pool } = installed('pg');
const INSERT = 'insert into sales_orders (customer_id, amount) values ($1, $2)';

const open = new Set();

async function connect(options = {}) {
  const client = new Client({ ...target, ...options });
  client.on('error', () => {});
  await client.connect();
  open.add(client);
  return client;
}

async function closeAll() {
  await Promise.all([...open].map((client) => client.end()));
  open.clear();
}

function hear(client) {
  const inbox = new Inbox();
  client.on('notification', (n) => inbox.add([n.channel, n.payload, n.processId]));
  return inbox;
}

async function rejected(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  throw new Error('did not fail');
}

function test(name, work) {
  step(name, () => work().finally(closeAll));
}

test('connects and tells its server', async () => {
  const client = await connect();
  const { rows } = await client.query('select pg_backend_pid() as pid');
  assert.strictEqual(rows[0].pid, client.processID);
  const version = await client.query('show server_version');
  assert.match(version.rows[0].server_version, /^15\./);
});

test('another connection receives exactly what was committed', async () => {
  const listener = await connect();
  const writer = await connect();
  await listener.query('drop table if exists sales_orders');
  await listener.query(env.CONFORMANCE_SALES_TABLE);
  await listener.query(env.CONFORMANCE_SALES_TRIGGER);
  const inbox = hear(listener);
  await listener.query('listen sales_updates');
  await writer.query('begin');
  await writer.query(INSERT, [1, '10.25']);
  await writer.query(INSERT, [2, '20.75']);
  await writer.query('commit');
  await writer.query('begin');
  await writer.query(INSERT, [3, '30.33']);
  await writer.query('rollback');
  await writer.query(INSERT, [4, '40.44']);
  await writer.query("select pg_notify('sales_updates', 'end')");
  const got = await inbox.take(4);
  const { rows } = await listener.query('select id, amount from sales_orders order by id');
  assert.deepStrictEqual(rows.map((row) => row.amount), ['10.25', '20.75', '40.44']);
  const want = [...rows.map((row) => payload(row.id, row.amount)), 'end'];
  assert.deepStrictEqual(got, want.map((text) => ['sales_updates', text, writer.processID]));
});

test('listens and stops listening', async () => {
  const listener = await connect();
  const other = await connect();
  const inbox = hear(listener);
  await other.query("notify news, 'too early'");
  await listener.query('listen news');
  await other.query('select pg_notify($1, $2)', ['news', "é 😀 ' \\"]);
  assert.deepStrictEqual(await inbox.take(1), [['news', "é 😀 ' \\", other.processID]]);
  await listener.query('unlisten news');
  await other.query("notify news, 'too late'");
  await listener.query('listen last');
  await listener.query('notify last');
  assert.deepStrictEqual(await inbox.take(1), [['last', '', listener.processID]]);
});

test('values go both ways', async () => {
  const client = await connect();
  await client.query('drop table if exists node_values');
  await client.query(`create table node_values (i int, b bigint, n numeric(20,5), t text, y bytea, o boolean, z text,
    s timestamp, w timestamptz, u uuid, j json, d date, f double precision)`);
  const moment = new Date('2026-02-03T04:05:06.789Z');
  const values = [-2147483648, '9223372036854775807', '12345678901.12345', 'żółć 漢字 😀 \'"\\',
    Buffer.from([0, 255, 92, 39]), true, null, '2026-02-03 04:05:06.789012', moment,
    '12345678-1234-5678-1234-567812345678', { a: [1, null, 'é'] }, '1999-12-31', 1 / 3];
  const marks = values.map((_, i) => `$${i + 1}`).join(', ');
  await client.query(`insert into node_values values (${marks})`, values);
  const { rows, fields } = await client.query({ text: 'select *, d::text as dt, s::text as st from node_values', rowMode: 'array' });
  const row = rows[0];
  assert.deepStrictEqual(fields.map((f) => f.dataTypeID), [23, 20, 1700, 25, 17, 16, 25, 1114, 1184, 2950, 114, 1082, 701, 25, 25]);
  for (const i of [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12]) {
    assert.deepStrictEqual(row[i], values[i], `column ${i + 1}`);
  }
  assert.deepStrictEqual(row.slice(13), ['1999-12-31', '2026-02-03 04:05:06.789012']);
});

test('a cast parameter comes back', async () => {
  const client = await connect();
  const { rows } = await client.query(
    'select $1::int as i, $2::bigint as b, $3::numeric as n, $4::text as t, $5::boolean as o, $6::text as z, $7::float8 as f',
    [7, '8', '9.50', 'x', false, null, 0.1]);
  assert.deepStrictEqual(rows, [{ i: 7, b: '8', n: '9.50', t: 'x', o: false, z: null, f: 0.1 }]);
});

test('an error has its code and the connection lives on', async () => {
  const client = await connect();
  for (const [sql, code] of [['select * from nowhere', '42P01'], ['selec', '42601'], ['select 1/0', '22012'],
    ["select pg_notify('', 'x')", '22023']]) {
    const e = await rejected(client.query(sql));
    assert.strictEqual(e.code, code, sql);
    assert.strictEqual(e.severity, 'ERROR');
    assert.strictEqual((await rejected(client.query({ text: sql, values: [], name: code }))).code, code, sql);
  }
  const { rows } = await client.query('select 1 as one');
  assert.deepStrictEqual(rows, [{ one: 1 }]);
});

test('a failed block refuses until its end', async () => {
  const client = await connect();
  await client.query('begin');
  assert.strictEqual((await rejected(client.query('select 1/0'))).code, '22012');
  assert.strictEqual((await rejected(client.query('select $1::int', [1]))).code, '25P02');
  await client.query('rollback');
  assert.strictEqual((await client.query('select $1::int as one', [1])).rows[0].one, 1);
});

test('a named statement is used again', async () => {
  const client = await connect();
  for (let i = 0; i < 5; i++) {
    const { rows } = await client.query({ name: 'next', text: 'select $1::int + 1 as next', values: [i] });
    assert.strictEqual(rows[0].next, i + 1);
  }
});

test('many queries are in the pipe at once', async () => {
  const client = await connect();
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => client.query('select $1::int as i', [i])));
  assert.deepStrictEqual(answers.map((a) => a.rows[0].i), answers.map((_, i) => i));
});

test('a string of several statements', async () => {
  const client = await connect();
  const answers = await client.query("select 1 as a; notify c, 'x'; select 'b' as b");
  assert.deepStrictEqual(answers.map((a) => a.command), ['SELECT', 'NOTIFY', 'SELECT']);
});

test('the notifications of many rows with bound parameters', async () => {
  const client = await connect();
  const inbox = hear(client);
  await client.query('listen chan0; listen chan1; listen chan2');
  const { rowCount } = await client.query(
    "select pg_notify(chan, json_build_object('payload', payload)::text) from (values ('chan0', $1), ('chan1', $2), "
      + "('chan2', $3)) notifies(chan, payload)", ['a', 'é"', '\\']);
  assert.strictEqual(rowCount, 3);
  assert.deepStrictEqual((await inbox.take(3)).map(([channel, text]) => [channel, text]),
    [['chan0', '{"payload" : "a"}'], ['chan1', '{"payload" : "é\\""}'], ['chan2', '{"payload" : "\\\\"}']]);
});

test('a busy listener gets what waited', async () => {
  const listener = await connect();
  const other = await connect();
  const inbox = hear(listener);
  await listener.query('listen busy');
  const sleep = listener.query('select pg_sleep(2)');
  await other.query("notify busy, '1'");
  await other.query("notify busy, '2'");
  await sleep;
  assert.deepStrictEqual(inbox.items, [['busy', '1', other.processID], ['busy', '2', other.processID]]);
});

test('a statement can be cancelled', async () => {
  const client = await connect();
  const other = await connect();
  let running = true;
  const sleep = rejected(client.query('select pg_sleep(30)')).finally(() => { running = false; });
  while (running) {
    await other.query('select pg_cancel_backend($1)', [client.processID]);
    await Promise.race([sleep, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  assert.strictEqual((await sleep).code, '57014');
  assert.strictEqual((await client.query('select 1 as one')).rows[0].one, 1);
});

test('a pool shares few connections', async () => {
  const pool = new Pool({ ...target, max: 3 });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => pool.query('select $1::int as i', [i])));
  assert.deepStrictEqual(answers.map((a) => a.rows[0].i), answers.map((_, i) => i));
  await pool.end();
});

test('logs in with SCRAM', async () => {
  const client = await connect(scram);
  assert.strictEqual((await client.query('select current_user')).rows[0].current_user, scram.user);
  const e = await rejected(connect({ ...scram, password: 'wrong' }));
  assert.strictEqual(e.code, '28P01');
});

run();

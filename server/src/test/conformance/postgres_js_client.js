// postgres.js (npm "postgres"): pipelined extended protocol, parameters typed by Describe. Its question for array types is
// switched off: it reads pg_type, and there are no catalogs yet.
'use strict';

const { assert, target, scram, installed, payload, Inbox, step, run, env } = require('./common.js');

const postgres = installed('postgres');

const open = new Set();

function connect(options = {}) {
  const { user, ...rest } = { ...target, ...options };
  const sql = postgres({ ...rest, username: user, max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {}, ...(options.more || {}) });
  open.add(sql);
  return sql;
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
  step(name, () => work().finally(async () => {
    await Promise.all([...open].map((sql) => sql.end({ timeout: 2 })));
    open.clear();
  }));
}

test('another connection receives exactly what was committed', async () => {
  const listener = connect();
  const writer = connect();
  await listener.unsafe('drop table if exists sales_orders');
  await listener.unsafe(env.CONFORMANCE_SALES_TABLE);
  await listener.unsafe(env.CONFORMANCE_SALES_TRIGGER);
  const inbox = new Inbox();
  await listener.listen('sales_updates', (text) => inbox.add(text));
  await writer.begin(async (sql) => {
    await sql`insert into sales_orders (customer_id, amount) values (${1}, ${'10.25'})`;
    await sql`insert into sales_orders (customer_id, amount) values (${2}, ${'20.75'})`;
  });
  await rejected(writer.begin(async (sql) => {
    await sql`insert into sales_orders (customer_id, amount) values (${3}, ${'30.33'})`;
    throw new Error('rolled back');
  }));
  await writer.begin(async (sql) => {
    await sql`insert into sales_orders (customer_id, amount) values (${4}, ${'40.44'})`;
    await rejected(sql.savepoint(async (inner) => {
      await inner`insert into sales_orders (customer_id, amount) values (${5}, ${'50.55'})`;
      throw new Error('back to the savepoint');
    }));
  });
  await writer.notify('sales_updates', 'end');
  const rows = await listener`select id, amount from sales_orders order by id`;
  assert.deepStrictEqual(rows.map((row) => row.amount), ['10.25', '20.75', '40.44']);
  assert.deepStrictEqual(await inbox.take(4), [...rows.map((row) => payload(row.id, row.amount)), 'end']);
});

test('values go both ways', async () => {
  const sql = connect();
  const moment = new Date('2026-02-03T04:05:06.789Z');
  const [row] = await sql`select ${7}::int as i, ${'9223372036854775807'}::bigint as b, ${'9.50'}::numeric as n,
    ${'żółć 漢字 😀'}::text as t, ${Buffer.from([0, 255])}::bytea as y, ${true}::boolean as o, ${null}::text as z,
    ${moment}::timestamptz as w, ${'12345678-1234-5678-1234-567812345678'}::uuid as u, ${sql.json({ a: [1, null] })}::json as j,
    ${0.1}::float8 as f`;
  assert.deepStrictEqual({ ...row }, { i: 7, b: '9223372036854775807', n: '9.50', t: 'żółć 漢字 😀', y: Buffer.from([0, 255]),
    o: true, z: null, w: moment, u: '12345678-1234-5678-1234-567812345678', j: { a: [1, null] }, f: 0.1 });
});

test('an error has its code and the connection lives on', async () => {
  const sql = connect();
  for (const [text, code] of [['select * from nowhere', '42P01'], ['selec', '42601'], ['select 1/0', '22012']]) {
    assert.strictEqual((await rejected(sql.unsafe(text))).code, code);
  }
  assert.strictEqual((await sql`select 1 as one`)[0].one, 1);
});

test('statements are prepared once and used again', async () => {
  const sql = connect();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => sql`select ${i}::int + 1 as next`));
  assert.deepStrictEqual(answers.map((rows) => rows[0].next), answers.map((_, i) => i + 1));
});

test('a statement can be cancelled', async () => {
  const sql = connect();
  const other = connect();
  const [{ pid }] = await sql`select pg_backend_pid() as pid`;
  let running = true;
  const sleep = rejected(sql`select pg_sleep(30)`).finally(() => { running = false; });
  while (running) {
    await other`select pg_cancel_backend(${pid}::int)`;
    await Promise.race([sleep, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
  assert.strictEqual((await sleep).code, '57014');
  assert.strictEqual((await sql`select 1 as one`)[0].one, 1);
});

test('logs in with SCRAM', async () => {
  assert.strictEqual((await connect(scram)`select current_user`)[0].current_user, scram.user);
  assert.strictEqual((await rejected(connect({ ...scram, password: 'wrong' })`select 1`)).code, '28P01');
});

run();

// Three pages of a browser follow rooms over the relay, through a proxy that can be cut; the server is killed and started again.
// Environment: RELAY_SERVE (a JSON list: the command that starts the server), RELAY_DATA, RELAY_SHOTS (a folder), CONFORMANCE_NODE_MODULES.
'use strict';

const { createRequire } = require('node:module');
const { spawn } = require('node:child_process');
const assert = require('node:assert');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const load = createRequire(path.join(process.env.CONFORMANCE_NODE_MODULES, 'x.js'));
const { chromium } = load('playwright-core');
const { Client } = load('pg');

const SECRET = 'a secret of the tests, 32 bytes or more';
const DATA = process.env.RELAY_DATA;
const SHOTS = process.env.RELAY_SHOTS;
const secretFile = path.join(DATA, '..', 'secret');

let server = null;
let pg = '127.0.0.1:0';
let http = '127.0.0.1:0';

function jwt(claims) {
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims })}`;
  return `${text}.${crypto.createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

async function serve() {
  const [command, ...options] = JSON.parse(process.env.RELAY_SERVE);
  server = spawn(command, [...options, '--data', DATA, '--pg', pg, '--http', http], {
    env: { ...process.env, HELIOSDB_HTTP_JWT_SECRET_FILE: secretFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    server.stdout.once('data', data => resolve(String(data)));
    server.once('exit', code => reject(new Error(`the server ended with ${code}`)));
  });
  [, pg, http] = /ready pg=(\S+) http=(\S+)/.exec(line);
}

async function kill() {
  const gone = new Promise(resolve => server.once('exit', resolve));
  server.kill('SIGKILL');
  await gone;
}

async function session() {
  const [host, port] = pg.split(':');
  const client = new Client({ host, port: Number(port), user: 'postgres', database: 'postgres' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A way to the server that can be cut for a while. */
function proxy() {
  const sockets = new Set();
  let isCut = false;
  const listener = net.createServer(from => {
    if (isCut) {
      from.destroy();
      return;
    }
    const [host, port] = http.split(':');
    const to = net.connect(Number(port), host);
    for (const [a, b] of [[from, to], [to, from]]) {
      sockets.add(a);
      a.on('error', () => {});
      a.on('close', () => { sockets.delete(a); b.destroy(); });
      a.pipe(b);
    }
  });
  return new Promise(resolve => listener.listen(0, '127.0.0.1', () => resolve({
    url: `http://127.0.0.1:${listener.address().port}/`,
    cut(value) {
      isCut = value;
      if (value) for (const socket of sockets) socket.destroy();
    },
    close() { listener.close(); this.cut(true); },
  })));
}

async function follow(browser, url, channels, token) {
  const page = await browser.newPage();
  page.on('pageerror', error => { throw error; });
  await page.goto(url);
  await page.evaluate(async ([list, credential]) => {
    const { connect } = await import('/client.js');
    globalThis.got = [];
    globalThis.gaps = [];
    globalThis.client = connect(undefined, { token: credential, retry: { min: 50, max: 500 } });
    await globalThis.client.opened;
    for (const channel of list) {
      const subscription = globalThis.client.subscribe(channel);
      subscription.on('event', event => globalThis.got.push({ ...JSON.parse(event.payload), at: performance.timeOrigin + performance.now() }));
      subscription.on('gap', gap => globalThis.gaps.push(gap));
      await subscription.ready;
    }
  }, [channels, token]);
  return page;
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function until(page, expression, value) {
  await page.waitForFunction(([name, least]) => globalThis[name].length >= least, [expression, value], { timeout: 30000, polling: 50 });
}

async function main() {
  fs.mkdirSync(SHOTS, { recursive: true });
  fs.writeFileSync(secretFile, SECRET);
  await serve();
  let db = await session();
  await db.query('CREATE TABLE chat (id SERIAL PRIMARY KEY, room INT NOT NULL, body TEXT)');
  await db.query(`CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('room.' || NEW.room, json_build_object('id', NEW.id, 'body', NEW.body)::text); RETURN NEW; END $$`);
  await db.query('CREATE TRIGGER tell AFTER INSERT ON chat FOR EACH ROW EXECUTE FUNCTION tell()');

  const sent = { 1: [], 2: [] };
  const when = new Map();
  const insert = async room => {
    const now = performance.timeOrigin + performance.now();
    const { rows } = await db.query('INSERT INTO chat (room, body) VALUES ($1, $2) RETURNING id', [room, `in room ${room}`]);
    sent[room].push(rows[0].id);
    when.set(rows[0].id, now);
  };

  const browser = await chromium.launch({ executablePath: process.env.RELAY_CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const ways = await Promise.all([proxy(), proxy(), proxy()]);
  const token = jwt({ sub: 'ada', channels: ['room.*'] });
  const pages = [
    await follow(browser, ways[0].url, ['room.1'], token),
    await follow(browser, ways[1].url, ['room.2'], token),
    await follow(browser, ways[2].url, ['room.1', 'room.2'], token),
  ];
  // The browser's own EventSource, beside them.
  await pages[0].evaluate(credential => {
    globalThis.streamed = [];
    const source = new EventSource(`/events?channel=room.1&access_token=${credential}`);
    source.onmessage = event => {
      const message = JSON.parse(event.data);
      if (message.type === 'notification') globalThis.streamed.push(JSON.parse(message.payload).id);
    };
    return new Promise(resolve => { source.onopen = resolve; });
  }, token);

  const check = async what => {
    const wanted = [sent[1], sent[2], [...sent[1], ...sent[2]]];
    for (let i = 0; i < pages.length; i++) {
      await until(pages[i], 'got', wanted[i].length);
      const ids = await pages[i].evaluate(() => globalThis.got.map(event => event.id));
      if (i < 2) assert.deepStrictEqual(ids, wanted[i], `${what}: page ${i}`);
      else assert.deepStrictEqual([...ids].sort((a, b) => a - b), [...wanted[i]].sort((a, b) => a - b), `${what}: page ${i}`);
      // After a crash a gap says that what no row stood for may be gone; rows are not.
      const gaps = await pages[i].evaluate(() => globalThis.gaps.filter(gap => !gap.volatile));
      assert.deepStrictEqual(gaps, [], `${what}: gaps of page ${i}`);
    }
    await until(pages[0], 'streamed', sent[1].length);
    assert.deepStrictEqual(await pages[0].evaluate(() => globalThis.streamed), sent[1], `${what}: event stream`);
  };

  for (let i = 0; i < 300; i++) {
    await insert(1 + (i % 2));
    await sleep(5);
  }
  await check('live');
  const late = (await pages[0].evaluate(() => globalThis.got)).slice(50).map(event => event.at - when.get(event.id)).sort((a, b) => a - b);
  const p50 = late[Math.floor(late.length / 2)];
  console.log(`from before the INSERT to the page: p50 ${p50.toFixed(1)} ms, p99 ${late[Math.floor(late.length * 0.99)].toFixed(1)} ms`);
  assert.ok(p50 < 50, `p50 is ${p50} ms`);

  ways[1].cut(true);
  for (let i = 0; i < 50; i++) {
    await insert(1 + (i % 2));
    await sleep(100);
  }
  ways[1].cut(false);
  await check('offline for 5 s');

  for (let i = 0; i < 20; i++) await insert(1 + (i % 2));
  await db.end().catch(() => {});
  await kill();
  await serve();
  db = await session();
  for (let i = 0; i < 20; i++) await insert(1 + (i % 2));
  await check('killed');

  await consolePage(browser, insert);
  await browser.close();
  ways.forEach(way => way.close());
  await db.end();
  server.kill('SIGTERM');
}

async function consolePage(browser, insert) {
  const once = fs.readFileSync(path.join(DATA, 'console.token'), 'utf8').trim();
  const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
  const elsewhere = [];
  page.on('request', request => { if (!request.url().startsWith(`http://${http}`) && !request.url().startsWith('data:')) elsewhere.push(request.url()); });
  await page.goto(`http://${http}/#token=${once}`);
  await page.waitForSelector('#board:not([hidden])');
  assert.ok(!page.url().includes(once), 'the token does not stay in the address');
  await page.waitForFunction(() => document.getElementById('status').textContent === 'connected');
  for (let i = 0; i < 30; i++) {
    await insert(1 + (i % 2));
    await sleep(100);
  }
  await page.waitForSelector('#events li');
  // By keyboard alone: publish, then SQL.
  await page.focus('#to');
  await page.keyboard.type('room.1');
  await page.keyboard.press('Tab');
  await page.keyboard.type('{"id": 0, "body": "from the console"}');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('published').textContent === 'committed');
  await page.focus('#statement');
  await page.keyboard.type('SELECT room, count(*) FROM chat GROUP BY room ORDER BY room');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#result td');
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('input, textarea, button, svg')]
    .filter(e => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-labelledby'))).map(e => e.outerHTML));
  assert.deepStrictEqual(unnamed, [], 'everything that can be used has a name');
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: path.join(SHOTS, `console-${colorScheme}.png`), fullPage: true });
  }
  assert.deepStrictEqual(elsewhere, [], 'nothing is loaded from elsewhere');
}

main().then(() => process.exit(0), error => {
  console.error(error);
  server?.kill('SIGKILL');
  process.exit(1);
});

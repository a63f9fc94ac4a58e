// The console: a session of the operator, its figures once a second, and a client like any other.
import { connect } from './client.js';

const $ = id => document.getElementById(id);
const SESSION = 'heliosdb.console';
const SAMPLES = 120;
const EVENTS_SHOWN = 200;

let session = sessionStorage.getItem(SESSION);
let client = null;
let following = null;
let ticker = null;
const samples = { rate: [], delay: [] };
let last = null;

async function call(path, options = {}) {
  return fetch(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${session}` } });
}

function say(text) { $('status').textContent = text; }

function showEnter(error = '') {
  clearInterval(ticker);
  client?.close();
  client = null;
  sessionStorage.removeItem(SESSION);
  session = null;
  $('board').hidden = true;
  $('enter').hidden = false;
  $('enter-error').textContent = error;
  $('token').focus();
}

async function enter(token) {
  const answer = await fetch('console/session', { method: 'POST', body: JSON.stringify({ token: token.trim() }) });
  if (!answer.ok) {
    showEnter('This is not the token of this moment.');
    return;
  }
  session = (await answer.json()).session;
  sessionStorage.setItem(SESSION, session);
  await begin();
}

async function begin() {
  if (!(await tick())) return;
  $('enter').hidden = true;
  $('board').hidden = false;
  client = connect(undefined, { token: session });
  client.on('open', () => say('connected'));
  client.on('close', () => say('connection lost, trying again'));
  follow($('channel').value);
  ticker = setInterval(tick, 1000);
}

function follow(channel) {
  following?.close();
  following = client.subscribe(channel, { policy: 'DROP_OLDEST' });
  following.on('event', show);
  following.on('gap', gap => line('gap', `from ${gap.from}`, 'bad'));
  following.on('error', error => line('error', error.message, 'bad'));
}

function show(event) { line(event.channel, event.payload); }

function line(name, text, kind) {
  const item = document.createElement('li');
  const head = document.createElement('b');
  head.textContent = name;
  if (kind) item.className = kind;
  item.append(`${new Date().toLocaleTimeString()} `, head, ` ${text}`);
  $('events').prepend(item);
  while ($('events').children.length > EVENTS_SHOWN) $('events').lastChild.remove();
}

async function tick() {
  const begun = performance.now();
  let answer;
  try {
    answer = await call('console/state');
  } catch {
    say('the server does not answer');
    return false;
  }
  if (answer.status === 401 || answer.status === 403) {
    showEnter();
    return false;
  }
  const state = await answer.json();
  const now = performance.now();
  draw(state, now, now - begun);
  return true;
}

function draw(state, now, delay) {
  if (last) {
    const seconds = (now - last.now) / 1000;
    plot('rate', (state.sent - last.state.sent) / seconds, value => `${Math.round(value)} events a second`);
  }
  plot('delay', delay, value => `${value.toFixed(1)} ms`);
  last = { state, now };
  figures(state);
  rows('channels', state.followed.map(f => [f.channel, f.peers]));
  rows('peers', state.peers.flatMap(p => p.subscriptions.length === 0
    ? [[p.peer, p.subject, p.since, '-', 0, 0, '']]
    : p.subscriptions.map(s => [p.peer, p.subject, p.since, `${s.id}: ${s.channel}`, s.sent, s.unacknowledged, s.waits ? 'yes' : ''])));
}

const NAMES = {
  sent: 'notifications committed', delivered: 'put into queues', received: 'taken by subscribers', dropped: 'dropped', subscriptions: 'subscriptions',
  channels: 'channels', peerCount: 'peers', present: 'present', toPeers: 'events to peers', queued: 'events in queues',
};

function figures(state) {
  const list = [];
  for (const [key, name] of Object.entries(NAMES)) {
    if (state[key] === undefined) continue;
    const term = document.createElement('dt');
    const value = document.createElement('dd');
    term.textContent = name;
    value.textContent = state[key].toLocaleString();
    list.push(term, value);
  }
  $('figures').replaceChildren(...list);
}

function rows(id, values) {
  $(id).replaceChildren(...values.map(cells => row('td', cells)));
}

function row(kind, cells) {
  const tr = document.createElement('tr');
  for (const text of cells) {
    const cell = document.createElement(kind);
    cell.textContent = text === null ? 'NULL' : text;
    tr.append(cell);
  }
  return tr;
}

function plot(name, value, words) {
  const line = samples[name];
  line.push(value);
  if (line.length > SAMPLES) line.shift();
  const top = Math.max(...line, 1e-9);
  const points = line.map((v, i) => `${(i * 600) / (SAMPLES - 1)},${115 - (v / top) * 110}`);
  let path = $(`plot-${name}`).firstChild;
  if (!path) {
    path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    $(`plot-${name}`).append(path);
  }
  path.setAttribute('d', `M${points.join('L')}`);
  $(`${name}-now`).textContent = `now ${words(value)}, highest ${words(top)}`;
}

$('enter').addEventListener('submit', event => { event.preventDefault(); enter($('token').value); });
$('follow').addEventListener('submit', event => { event.preventDefault(); follow($('channel').value); });
$('publish').addEventListener('submit', async event => {
  event.preventDefault();
  try {
    await client.publish($('to').value, $('payload').value);
    $('published').textContent = 'committed';
    $('published').className = '';
  } catch (error) {
    $('published').textContent = `${error.message} (${error.code})`;
    $('published').className = 'bad';
  }
});
$('sql').addEventListener('submit', async event => {
  event.preventDefault();
  const answer = await call('console/sql', { method: 'POST', body: $('statement').value });
  const result = await answer.json();
  $('sql-status').className = answer.ok ? '' : 'bad';
  $('sql-status').textContent = answer.ok ? result.tag : `${result.message} (${result.code})`;
  $('result').replaceChildren(...(result.columns ? [row('th', result.columns), ...result.rows.map(cells => row('td', cells))] : []));
});

const token = new URLSearchParams(location.hash.slice(1)).get('token');
if (token) history.replaceState(null, '', location.pathname);
if (token && !session) enter(token);
else if (session) begin();
else showEnter();

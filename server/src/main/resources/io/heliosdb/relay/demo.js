// The sales dashboard: what the trigger of sales_orders notifies, as it comes. Placing orders takes the console's token.
import { connect } from './client.js';

const $ = id => document.getElementById(id);
const SECONDS = 120;
const SHOWN = 50;

let orders = 0;
let cents = 0;
let lastOrders = 0;
let lastCents = 0;
const perSecond = [];

const client = connect();
client.on('open', () => { $('status').textContent = 'connected'; });
client.on('close', () => { $('status').textContent = 'connection lost, trying again'; });
client.subscribe('sales_updates').on('event', show);

function show(event) {
  const order = JSON.parse(event.payload);
  orders++;
  cents += Math.round(Number(order.amount) * 100);
  $('orders').textContent = orders.toLocaleString();
  $('revenue').textContent = money(cents);
  const item = document.createElement('li');
  const number = document.createElement('b');
  number.textContent = `#${order.order_id}`;
  item.append(number, ` customer ${order.customer_id}, ${money(Math.round(Number(order.amount) * 100))}`);
  $('events').prepend(item);
  while ($('events').children.length > SHOWN) $('events').lastChild.remove();
}

function money(value) {
  return (value / 100).toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

setInterval(() => {
  $('rate').textContent = (orders - lastOrders).toLocaleString();
  perSecond.push(cents - lastCents);
  if (perSecond.length > SECONDS) perSecond.shift();
  [lastOrders, lastCents] = [orders, cents];
  const top = Math.max(...perSecond, 1);
  const points = perSecond.map((value, i) => `${(i * 600) / (SECONDS - 1)},${115 - (value / top) * 110}`);
  let path = $('plot').firstChild;
  if (!path) {
    path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    $('plot').append(path);
  }
  path.setAttribute('d', `M${points.join('L')}`);
}, 1000);

let session = sessionStorage.getItem('heliosdb.console');

async function enter() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(null, '', location.pathname);
  const answer = await fetch('console/session', { method: 'POST', body: JSON.stringify({ token }) });
  if (answer.ok) {
    session = (await answer.json()).session;
    sessionStorage.setItem('heliosdb.console', session);
  }
}

async function place(count) {
  const sql = `INSERT INTO sales_orders (customer_id, amount) SELECT n, 10 + n * 0.37 FROM generate_series(1, ${count}) AS g(n)`;
  const answer = await fetch('console/sql', { method: 'POST', body: sql, headers: { Authorization: `Bearer ${session}` } });
  const result = await answer.json();
  $('placed').className = answer.ok ? '' : 'bad';
  $('placed').textContent = answer.ok ? `${result.tag}, committed` : `${result.message} (${result.code}); open this page with the address that the demo printed`;
}

$('one').addEventListener('click', () => place(1));
$('hundred').addEventListener('click', () => place(100));
enter();

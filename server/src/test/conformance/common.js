// What the node clients share: the target from the environment, named steps, and waits that end.
'use strict';

const assert = require('node:assert');
const path = require('node:path');

const env = process.env;
const PATIENCE = 10000;

const target = {
  host: env.PGHOST,
  port: Number(env.PGPORT),
  user: env.PGUSER,
  database: env.PGDATABASE,
};

const scram = {
  ...target,
  port: Number(env.CONFORMANCE_SCRAM_PORT),
  user: env.CONFORMANCE_SCRAM_USER,
  password: env.CONFORMANCE_SCRAM_PASSWORD,
};

/** A package of the folder that install.sh filled. */
function installed(name) {
  return require(require.resolve(name, { paths: [path.dirname(env.CONFORMANCE_NODE_MODULES)] }));
}

function payload(order, amount) {
  return `{"order_id":${order},"amount":${amount}}`;
}

/** Fails instead of waiting for ever. */
function bounded(promise, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${PATIENCE} ms for ${what}`)), PATIENCE);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** Collects what arrives and lets one wait for the next ones. */
class Inbox {
  constructor() {
    this.items = [];
    this.wake = () => {};
  }

  add(item) {
    this.items.push(item);
    this.wake();
  }

  async take(count) {
    while (this.items.length < count) {
      await bounded(new Promise((resolve) => { this.wake = resolve; }), `${count} items, have ${JSON.stringify(this.items)}`);
    }
    return this.items.splice(0, count);
  }
}

const steps = [];

function step(name, work) {
  steps.push([name, work]);
}

async function run() {
  let failed = 0;
  for (const [name, work] of steps) {
    try {
      await bounded(work(), name);
      console.log(`ok   ${name}`);
    } catch (e) {
      failed++;
      console.log(`FAIL ${name}\n${e.stack}`);
    }
  }
  process.exit(failed ? 1 : 0);
}

module.exports = { assert, target, scram, installed, payload, bounded, Inbox, step, run, env, PATIENCE };

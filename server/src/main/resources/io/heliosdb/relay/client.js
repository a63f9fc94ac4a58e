// HeliosDB-Lite's client for browsers and Node 22 or later: events of channels over one WebSocket, which comes back by itself and
// goes on where it was. An ES module without dependencies.

const PROTOCOL = 'heliosdb.v1';

/** An error that the server told: its code is a SQLSTATE. */
export class HeliosError extends Error {
  constructor(code, message, hint) {
    super(message);
    this.name = 'HeliosError';
    this.code = code;
    this.hint = hint;
  }
}

/** One subscription: an async iterator, and callbacks. */
export class Subscription {
  #client;
  #request;
  #queue = [];
  #waiting = [];
  #ended = false;
  #error = null;
  #handlers = { event: [], gap: [], subscribed: [], error: [] };
  #ready;
  #resolveReady;
  #rejectReady;

  constructor(client, request) {
    this.#client = client;
    this.#request = request;
    this.#ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.#ready.catch(() => {});
  }

  get id() { return this.#request.id; }

  /** Resolves when the server has begun the subscription. */
  get ready() { return this.#ready; }

  /** The place of the last event; give it as `since` to go on from there. */
  get token() { return this.#request.since ?? null; }

  /** Calls a function for each 'event', 'gap', 'subscribed' or 'error'. Events with a handler are not queued for iteration. */
  on(kind, handler) {
    if (!(kind in this.#handlers)) throw new TypeError(`there is no '${kind}'`);
    this.#handlers[kind].push(handler);
    return this;
  }

  /** Says that all events up to and with this one, or a token, are worked on. */
  ack(eventOrToken) {
    const token = typeof eventOrToken === 'string' ? eventOrToken : eventOrToken.token;
    this.#client._send({ type: 'ack', id: this.id, token });
  }

  /** Ends the subscription; an iteration over it ends too. */
  close() {
    if (this.#ended) return;
    this.#client._forget(this.id);
    this._end(null);
  }

  [Symbol.asyncIterator]() {
    return {
      next: () => this.#next(),
      return: () => { this.close(); return Promise.resolve({ done: true, value: undefined }); },
    };
  }

  #next() {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#queue.shift() });
    if (this.#error) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  _request() { return this.#request; }

  _receive(message) {
    switch (message.type) {
      case 'subscribed':
        if (message.token && this.#request.since === undefined) this.#request.since = message.token;
        this.#resolveReady(message);
        this.#tell('subscribed', message);
        break;
      case 'gap':
        this.#deliver('gap', message);
        break;
      case 'error':
        this._end(new HeliosError(message.code, message.message, message.hint));
        break;
      default:
        if (message.token) this.#request.since = message.token;
        this.#deliver('event', message);
    }
  }

  #deliver(kind, message) {
    if (this.#handlers[kind].length > 0) {
      this.#tell(kind, message);
      return;
    }
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve({ done: false, value: message });
    else if (this.#handlers.event.length === 0) this.#queue.push(message);
  }

  #tell(kind, message) {
    for (const handler of this.#handlers[kind]) handler(message);
  }

  _end(error) {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (error) {
      this.#rejectReady(error);
      this.#tell('error', error);
    }
    for (const waiting of this.#waiting.splice(0)) {
      if (error) waiting.reject(error);
      else waiting.resolve({ done: true, value: undefined });
    }
  }
}

/** A connection that comes back by itself. */
export class HeliosClient {
  #url;
  #token;
  #socket = null;
  #subscriptions = new Map();
  #published = new Map();
  #presences = new Map();
  #handlers = { open: [], close: [], error: [], presence: [], broadcast: [] };
  #lastId = 0;
  #attempts = 0;
  #closed = false;
  #timer = null;
  #retry;
  #firstOpen;

  constructor(url, options = {}) {
    this.#url = url;
    this.#token = options.token ?? null;
    this.#retry = { min: 200, max: 10000, ...options.retry };
    this.#firstOpen = new Promise((resolve, reject) => {
      this.on('open', () => resolve(this));
      this._reject = reject;
    });
    this.#firstOpen.catch(() => {});
    this.#open();
  }

  /** Resolves with the client at its first connection; rejects where it is closed before. */
  get opened() { return this.#firstOpen; }

  get connected() { return this.#socket?.readyState === 1; }

  on(kind, handler) {
    if (!(kind in this.#handlers)) throw new TypeError(`there is no '${kind}'`);
    this.#handlers[kind].push(handler);
    return this;
  }

  /** Follows a channel, or with `orders.*` all below it. */
  subscribe(channel, options = {}) {
    const { since, consumer, maxUnacked, policy } = options;
    const request = { type: 'subscribe', id: `s${++this.#lastId}`, channel };
    if (since !== undefined && since !== null) request.since = since;
    if (consumer !== undefined) request.consumer = consumer;
    if (maxUnacked !== undefined) request.max_unacked = maxUnacked;
    if (policy !== undefined) request.policy = policy;
    const subscription = new Subscription(this, request);
    this.#subscriptions.set(request.id, subscription);
    this._send(request);
    return subscription;
  }

  /** Notifies a channel; resolves when it is committed, rejects where it is refused or the connection breaks. */
  publish(channel, payload = '') {
    const id = `p${++this.#lastId}`;
    return new Promise((resolve, reject) => {
      if (!this.connected) {
        reject(new HeliosError('08003', 'not connected'));
        return;
      }
      this.#published.set(id, { resolve, reject });
      this._send({ type: 'publish', id, channel, payload });
    });
  }

  /** Is present on a channel with a state that others see; null leaves. */
  presence(channel, state) {
    if (state === null) this.#presences.delete(channel);
    else this.#presences.set(channel, state);
    this._send({ type: 'presence', channel, state });
  }

  /** Sends a value to all others who are present; it is not kept. */
  broadcast(channel, payload) {
    this._send({ type: 'broadcast', channel, payload });
  }

  /** Goes on with another token of the same subject. */
  authenticate(token) {
    this.#token = token;
    this._send({ type: 'authenticate', token });
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this._reject(new HeliosError('08003', 'the client was closed'));
    this.#socket?.close(1000);
    for (const subscription of this.#subscriptions.values()) subscription._end(null);
    this.#subscriptions.clear();
    this.#failPublished();
  }

  _send(message) {
    if (this.connected) this.#socket.send(JSON.stringify(message));
  }

  _forget(id) {
    if (this.#subscriptions.delete(id)) this._send({ type: 'unsubscribe', id });
  }

  #open() {
    const protocols = this.#token ? [PROTOCOL, `bearer.${this.#token}`] : [PROTOCOL];
    const socket = new WebSocket(this.#url, protocols);
    this.#socket = socket;
    socket.onopen = () => {
      this.#attempts = 0;
      for (const subscription of this.#subscriptions.values()) this._send(subscription._request());
      for (const [channel, state] of this.#presences) this._send({ type: 'presence', channel, state });
      this.#tell('open', this);
    };
    socket.onmessage = event => this.#receive(JSON.parse(event.data));
    socket.onclose = event => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#failPublished();
      this.#tell('close', { code: event.code, reason: event.reason });
      if (!this.#closed) this.#comeBack();
    };
    socket.onerror = () => {};
  }

  // Waits longer after each failure, and not as long as all the others who lost the same server.
  #comeBack() {
    const longest = Math.min(this.#retry.max, this.#retry.min * 2 ** this.#attempts++);
    this.#timer = setTimeout(() => this.#open(), longest * (0.5 + Math.random() / 2));
  }

  #receive(message) {
    switch (message.type) {
      case 'presence':
      case 'broadcast':
        this.#tell(message.type, message);
        return;
      case 'published':
        this.#published.get(message.id)?.resolve();
        this.#published.delete(message.id);
        return;
      case 'authenticated':
      case 'pong':
        return;
      default:
    }
    const published = this.#published.get(message.id);
    if (published) {
      this.#published.delete(message.id);
      published.reject(new HeliosError(message.code, message.message, message.hint));
      return;
    }
    const subscription = this.#subscriptions.get(message.id);
    if (subscription) {
      if (message.type === 'error') this.#subscriptions.delete(message.id);
      subscription._receive(message);
    } else if (message.type === 'error') {
      this.#tell('error', new HeliosError(message.code, message.message, message.hint));
    }
  }

  #failPublished() {
    for (const { reject } of this.#published.values()) {
      reject(new HeliosError('08006', 'the connection was lost; whether it was committed is not known'));
    }
    this.#published.clear();
  }

  #tell(kind, value) {
    for (const handler of this.#handlers[kind]) handler(value);
  }
}

/** Connects; `url` is such as `ws://127.0.0.1:8080/ws`, and in a page of the server itself may be left out. */
export function connect(url, options) {
  const address = url ?? new URL('ws', location.href.replace(/^http/, 'ws')).href;
  return new HeliosClient(address, options);
}

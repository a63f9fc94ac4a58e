/** A committed notification. */
export interface NotificationEvent {
  type: 'notification';
  id: string;
  channel: string;
  payload: string;
  pid: number;
  token: string;
}

/** Something was lost to this subscription. */
export interface GapEvent {
  type: 'gap';
  id: string;
  from: string;
  to?: string;
  missed?: number;
  volatile: boolean;
}

export interface SubscribedEvent {
  type: 'subscribed';
  id: string;
  token?: string;
  recovered: boolean;
}

export interface PresenceEvent {
  type: 'presence';
  channel: string;
  event: 'members' | 'join' | 'update' | 'leave';
  peer?: string;
  subject?: string;
  state?: unknown;
  members?: { peer: string; subject: string; state: unknown }[];
}

export interface BroadcastEvent {
  type: 'broadcast';
  channel: string;
  peer: string;
  payload: unknown;
}

export type Policy = 'CATCH_UP' | 'DROP_OLDEST' | 'COALESCE' | 'CLOSE';

export interface SubscribeOptions {
  /** Strictly after this token. */
  since?: string | null;
  /** The name under which the server keeps the position. */
  consumer?: string;
  /** How many events may wait for their acknowledgement. */
  maxUnacked?: number;
  /** What happens when this client is too slow. */
  policy?: Policy;
}

export interface ClientOptions {
  /** A JWT, an API key, or a session of the console. */
  token?: string;
  /** The wait before a reconnect, in milliseconds. */
  retry?: { min?: number; max?: number };
}

export class HeliosError extends Error {
  /** A SQLSTATE. */
  readonly code: string;
  readonly hint?: string;
  constructor(code: string, message: string, hint?: string);
}

export class Subscription implements AsyncIterable<NotificationEvent | GapEvent> {
  readonly id: string;
  readonly ready: Promise<SubscribedEvent>;
  readonly token: string | null;
  on(kind: 'event', handler: (event: NotificationEvent) => void): this;
  on(kind: 'gap', handler: (event: GapEvent) => void): this;
  on(kind: 'subscribed', handler: (event: SubscribedEvent) => void): this;
  on(kind: 'error', handler: (error: HeliosError) => void): this;
  ack(eventOrToken: NotificationEvent | string): void;
  close(): void;
  [Symbol.asyncIterator](): AsyncIterator<NotificationEvent | GapEvent>;
}

export class HeliosClient {
  constructor(url: string, options?: ClientOptions);
  readonly opened: Promise<HeliosClient>;
  readonly connected: boolean;
  on(kind: 'open', handler: (client: HeliosClient) => void): this;
  on(kind: 'close', handler: (event: { code: number; reason: string }) => void): this;
  on(kind: 'error', handler: (error: HeliosError) => void): this;
  on(kind: 'presence', handler: (event: PresenceEvent) => void): this;
  on(kind: 'broadcast', handler: (event: BroadcastEvent) => void): this;
  subscribe(channel: string, options?: SubscribeOptions): Subscription;
  publish(channel: string, payload?: unknown): Promise<void>;
  presence(channel: string, state: unknown): void;
  broadcast(channel: string, payload: unknown): void;
  authenticate(token: string): void;
  close(): void;
}

export function connect(url?: string, options?: ClientOptions): HeliosClient;

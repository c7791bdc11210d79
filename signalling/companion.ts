import type { Refusal } from './gate.ts';
import type { Limits } from './limits.ts';
import type { Message } from './message.ts';

/**
 * The protocol of y-webrtc's own signalling server, so that its stock clients can meet here:
 *
 *   client → server   subscribe {topics} · unsubscribe {topics} · publish {topic, data} · ping
 *   server → client   publish {topic, data, clients} · pong
 *
 * What is published goes to all subscribers of the topic, its publisher included, as stock clients expect. Types do not
 * overlap with those of rooms, but for ping, which means the same in both; so one socket may speak both [SG7].
 * Source: y-webrtc 10.3, bin/server.js.
 */
export interface CompanionDoor<Connection> {
  obey(connection: Connection, message: Message): Refusal | undefined;
  leave(connection: Connection): void;
  counters(): { readonly topics: number; readonly published: number };
}

export interface Published {
  readonly type: 'publish';
  readonly topic: string;
  /** Text sealed with the room's password, or any JSON where there is none. */
  readonly data: unknown;
  /** How many subscribe to the topic. */
  readonly clients: number;
}

export function createCompanionDoor<Connection>(
  limits: Limits,
  send: (connection: Connection, message: Published) => void,
): CompanionDoor<Connection> {
  const topics = new Map<string, Set<Connection>>();
  const subscriptions = new Map<Connection, Set<string>>();
  let published = 0;

  function subscribe(connection: Connection, topic: string): Refusal | undefined {
    const own = subscriptions.get(connection) ?? new Set();
    const subscribers = topics.get(topic);
    if (own.has(topic)) return undefined;
    if (own.size >= limits.topicsPerConnectionMax) return 'full';
    if (subscribers === undefined ? topics.size >= limits.topicsMax : subscribers.size >= limits.subscribersPerTopicMax) return 'full';
    subscriptions.set(connection, own.add(topic));
    topics.set(topic, (subscribers ?? new Set<Connection>()).add(connection));
    return undefined;
  }

  function unsubscribe(connection: Connection, topic: string): undefined {
    const own = subscriptions.get(connection);
    if (own?.delete(topic) !== true) return;
    if (own.size === 0) subscriptions.delete(connection);
    const subscribers = topics.get(topic);
    subscribers?.delete(connection);
    if (subscribers?.size === 0) topics.delete(topic);
  }

  /** A refusal does not keep the other topics from being obeyed. */
  function forEachTopic(named: unknown, f: (topic: string) => Refusal | undefined): Refusal | undefined {
    if (!Array.isArray(named)) return 'garbage';
    let refusal: Refusal | undefined = named.length > limits.topicsPerConnectionMax ? 'full' : undefined;
    for (const topic of named.slice(0, limits.topicsPerConnectionMax) as unknown[])
      refusal = (isTopic(topic) ? f(topic) : 'garbage') ?? refusal;
    return refusal;
  }

  const isTopic = (topic: unknown): topic is string =>
    typeof topic === 'string' && topic !== '' && topic.length <= limits.topicCharactersMax;

  function publish({ topic, data }: Message): Refusal | undefined {
    if (!isTopic(topic) || data === undefined) return 'garbage';
    const subscribers = topics.get(topic);
    if (subscribers === undefined) return undefined;
    published += 1;
    for (const subscriber of subscribers) send(subscriber, { type: 'publish', topic, data, clients: subscribers.size });
    return undefined;
  }

  return {
    obey(connection, message) {
      switch (message.type) {
        case 'subscribe':
          return forEachTopic(message['topics'], (topic) => subscribe(connection, topic));
        case 'unsubscribe':
          return forEachTopic(message['topics'], (topic) => unsubscribe(connection, topic));
        case 'publish':
          return publish(message);
        default:
          return 'unknown';
      }
    },
    leave: (connection) => [...(subscriptions.get(connection) ?? [])].forEach((topic) => unsubscribe(connection, topic)),
    counters: () => ({ topics: topics.size, published }),
  };
}

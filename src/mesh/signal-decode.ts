import * as v from 'valibot';
import { SIGNAL_BYTES_MAX, type ServerSignal } from './signal.ts';

const Id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const IceServer = v.object({
  urls: v.union([v.string(), v.array(v.string())]),
  username: v.exactOptional(v.string()),
  credential: v.exactOptional(v.string()),
});
const Utc = v.object({ ms: v.number(), isSynchronised: v.boolean(), bound: v.exactOptional(v.number()) });

const Schema = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    id: Id,
    peers: v.array(Id),
    iceServers: v.array(IceServer),
    utc: Utc,
  }),
  v.object({ type: v.literal('joined'), id: Id }),
  v.object({ type: v.literal('left'), id: Id }),
  v.object({ type: v.literal('signal'), from: Id, data: v.string() }),
  v.object({ type: v.literal('pong'), utc: v.exactOptional(Utc) }),
  v.object({ type: v.literal('refused'), reason: v.string() }),
]);

/** undefined when the text is not a signal of ours: a server, too, is outside. */
export function decodeServerSignal(text: string): ServerSignal | undefined {
  if (text.length > SIGNAL_BYTES_MAX) return undefined;
  const result = v.safeParse(Schema, parseJson(text));
  return result.success ? result.output : undefined;
}

/** undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

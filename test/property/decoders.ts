import { deflateSync } from 'fflate';
import * as Y from 'yjs';
import { createRooms } from '../../signalling/room.ts';
import { parseMessage } from '../../signalling/message.ts';
import type { LocalTime, MeshTime } from '../../src/base.ts';
import { toRequest } from '../../src/crdt/companion.ts';
import { createDocument } from '../../src/crdt/doc.ts';
import { edit } from '../../src/crdt/edit.ts';
import { parseCommand } from '../../src/crdt/edit/schema.ts';
import { checkFile, parseFile, printFile, readFile } from '../../src/crdt/file.ts';
import { exportScore } from '../../src/crdt/ossia/export.ts';
import { importScore } from '../../src/crdt/ossia/import.ts';
import { parseJson as parseLossless } from '../../src/crdt/ossia/json.ts';
import { createLineage } from '../../src/crdt/lineage.ts';
import { decodeIndex, decodeMedia, encodeIndex, encodeMedia } from '../../src/crdt/media/messages.ts';
import { createPresenceExchange } from '../../src/crdt/presence.ts';
import { read } from '../../src/crdt/read.ts';
import { createRoomDocument } from '../../src/crdt/room.ts';
import { applyChecked } from '../../src/crdt/sync/apply.ts';
import { decodeBallot, encodeBallot } from '../../src/crdt/sync/ballot.ts';
import { createContentHash } from '../../src/crdt/sync/hash.ts';
import { createAssembly, decodeSync, encodeSync, toFragments } from '../../src/crdt/sync/messages.ts';
import { createUnpacking } from '../../src/crdt/sync/unpacking.ts';
import { createSync } from '../../src/crdt/sync.ts';
import { decodeVector } from '../../src/crdt/sync/vector.ts';
import { toValue } from '../../src/crdt/valid-value.ts';
import { decodeFact, encodeFact, factId, toFact } from '../../src/engine/codec.ts';
import { decodeMidi } from '../../src/engine/devices/midi-message.ts';
import { parseDestination } from '../../src/engine/destination.ts';
import { fromTree, parse } from '../../src/engine/expression.ts';
import { compilePattern } from '../../src/engine/pattern.ts';
import { parseFormula } from '../../src/engine/process/formula-parse.ts';
import { parseUnit } from '../../src/engine/unit.ts';
import { apply, toStructure } from '../../src/engine/structure-change.ts';
import { hash } from '../../src/engine/structure-hash.ts';
import { createStructureExchange } from '../../src/engine/structure-exchange.ts';
import { compile } from '../../src/engine/structure.ts';
import { toVote } from '../../src/groups/ballot.ts';
import { createRunDesk } from '../../src/groups/run.ts';
import { decodeStatement, encodeStatement, toStatement } from '../../src/groups/statement.ts';
import { decodeAny, encodeAny } from '../../src/mesh/any.ts';
import { decodeBeacon, encodeBeacon } from '../../src/mesh/beacon.ts';
import { decodeDigest, encodeDigest } from '../../src/mesh/digest.ts';
import { decodeEnvelope, encodeEnvelope } from '../../src/mesh/envelope.ts';
import { parseFault } from '../../src/mesh/fault.ts';
import { createGreeting, greeterOf } from '../../src/mesh/greeting.ts';
import { encodeHello, readHello } from '../../src/mesh/hello.ts';
import { identityFrom, verify } from '../../src/mesh/identity.ts';
import { createPinger } from '../../src/mesh/pinger.ts';
import { decodeProfile, encodeProfile } from '../../src/mesh/profile.ts';
import { encodeRecord, peekRecord, readRecord } from '../../src/mesh/record.ts';
import { change as changeRights, decodeChain, encodeChain, toRightsRecord } from '../../src/mesh/rights.ts';
import { parseCode, seal, unseal } from '../../src/mesh/room-code.ts';
import { openSignal, sealSignal } from '../../src/mesh/sealed.ts';
import { decodeServerSignal, parseJson } from '../../src/mesh/signal-decode.ts';
import { SIGNAL_VERSION } from '../../src/mesh/signal.ts';
import { decode, decodeFrame, decodeMessage, decodeText, encodeFrame, encodeMessage, encodeText } from '../../src/mesh/wire.ts';
import { readMemory } from '../../src/ui/memory.ts';
import { createDraw } from '../sim/random.ts';
import { createScore } from '../sim/score.ts';
import { bytes, host, other, self, stateful, text, value, type Decoder } from './decoder.ts';
import { PIT_DECODERS } from './decoders-pits.ts';
import { RIGHTS_DECODERS } from './decoders-rights.ts';

const identity = identityFrom(new Uint8Array(32).fill(98));
const rightsBy = { identity, tag: '5eed'.repeat(8), until: { session: 's', at: 1 } };
const rightsChain = [{ peers: new Map([[self, { view: true, edit: false, control: false }]]) }, { next: self }].reduce(
  (chain, wish) => changeRights(chain, rightsBy, wish) ?? chain,
  changeRights(undefined, rightsBy, {}) ?? [],
);
const KEYS = { tag: '5eed'.repeat(8), key: new Uint8Array(32).fill(7) };

const sample = (): Y.Doc => {
  const doc = createDocument(createDraw(3));
  edit(doc, { type: 'replace', file: createScore(createDraw(1)).file }, createDraw(4), 'me');
  return doc;
};
const doc = sample();
const structure = compile(read(doc));
const STRUCTURE_HASH = hash(structure);
const update = Y.encodeStateAsUpdateV2(doc);
const small = (() => {
  const one = new Y.Doc();
  one.getMap('objects').set('x', { kind: 'interval', nominal: 5 });
  one.getMap('facts').set('f', { type: 'stop', run: 'r', at: 1, by: other });
  return Y.encodeStateAsUpdateV2(one);
})();
const vector = Y.encodeStateVector(doc);
const sum = createContentHash(doc).read();

/** Stands for a signature. */
const PROOF = new Uint8Array(64);
const facts: readonly unknown[] = [
  { type: 'play', run: 'r', at: 10, by: other, from: 0, structure: STRUCTURE_HASH },
  { type: 'fired', run: 'r', at: 20, by: other, path: '0', sync: 'one', reason: 'click' },
  { type: 'decided', run: 'r', at: 20, by: other, path: '0', event: 'one.end.event', holds: true },
  { type: 'pause', run: 'r', at: 25, by: other },
  { type: 'seek', run: 'r', at: 30, by: other, to: 705_600 },
  { type: 'loop', run: 'r', at: 31, by: other, start: 0, end: 705_600_000 },
  { type: 'speed', run: 'r', at: 32, by: other, path: '0', interval: 'first', speed: 2 },
  {
    ...{ type: 'adopt', run: 'r', at: 40, by: other, structure: STRUCTURE_HASH },
    ...{ changes: Object.entries(structure.objects).slice(0, 3), fired: [['0', 'one', 15]] },
  },
];
const beacon = encodeBeacon({
  ...{ session: 'abc', term: 2, master: other, since: 1, joinedAt: 2, map: { origin: 0, offset: 5, skew: 0 } },
  ...{ spread: 1, bound: 2, isVisible: true, isReady: true, preference: 0, heard: [1, 2] },
});
const record = encodeRecord(
  {
    ...{ id: other, incarnation: 'x', seq: 3, profile: { name: 'Ada', hue: 3 }, isVisible: true, isReady: true, preference: 0 },
    ...{ session: 'abc', joinedAt: 5, links: [{ peer: self, delay: 12, isFrozen: false }] },
  },
  identity,
  KEYS.tag,
);
const around = { tag: KEYS.tag, isInitiator: true, fingerprints: { offerer: 'x', answerer: 'y' } };
const envelope = { from: 1, to: 2, attempt: 3 };
const sealed = sealSignal(host(), KEYS, envelope, { type: 'signal', data: { type: 'offer', sdp: 'v=0' } });
const greeting = createGreeting(KEYS.tag, envelope, { identity, id: other, incarnation: 'i', profile: { name: 'B', hue: 1 } });
const ping = Uint8Array.from([0, 1, 2, 3, 4, ...new Uint8Array(8), ...beacon]);
const pong = Uint8Array.from([1, 1, 2, 3, 4, ...new Uint8Array(24)]);
const file = printFile(read(doc));

/** One desk with nobody to talk to. */
const desk = () =>
  createRunDesk({
    ...{ host: host(), self, now: () => 100 as MeshTime, latency: () => 1, spread: () => 1, isMaster: () => true, isReady: () => true },
    ...{ score: () => read(doc), memberships: () => new Map(), present: () => [self, other], read: () => undefined },
    ...{ broadcastFact: () => undefined, broadcastVote: () => undefined, sendStructure: () => true, linked: () => [other] },
    ...{ record: () => undefined, reentered: () => undefined, forget: () => undefined, changed: () => undefined, contain: (_, f) => f() },
    ...{ prove: () => PROOF, isProven: () => true, isOfSession: () => true },
  });
/** What was taken is lived through, too. */
const lived = (of: (run: ReturnType<typeof desk>) => (input: never) => unknown) => () => {
  const run = desk();
  const take = of(run) as (input: unknown) => unknown;
  return (input: never) => {
    const outcome = take(input);
    run.turn();
    return outcome;
  };
};
const statements = facts.map((fact) => encodeStatement(fact as never, PROOF));
const entries = facts.map((fact) => ({ ...(fact as object), proof: PROOF }));
const inLog = (fact: unknown) => [{ id: toStatement(fact) ? factId(fact as never) : 'x', writer: 1, fact }];
const votes = [encodeAny(['r', '0', 'one', true, 1])];

/**
 * Every place where something from outside (wire, file, store, person) becomes something of ours, by `file#name`, with
 * messages that hold. `decoders.test.ts` holds this list against the source and feeds each with garbage.
 */
export const DECODERS: Readonly<Record<string, Decoder>> = {
  'src/mesh/wire.ts#decode': bytes([encodeMessage(17, small)], (it) => decode(it, ({ arr, pos }) => arr[pos])),
  'src/mesh/wire.ts#decodeMessage': bytes([encodeMessage(17, small)], decodeMessage),
  'src/mesh/wire.ts#decodeFrame': bytes([encodeFrame([encodeMessage(17, small), encodeMessage(3, vector)])], decodeFrame),
  'src/mesh/any.ts#decodeAny': bytes([encodeAny(facts), encodeAny({ a: [1, 'x', null, { b: small }] })], decodeAny),
  'src/mesh/beacon.ts#decodeBeacon': bytes([beacon], decodeBeacon),
  'src/mesh/wire.ts#decodeText': bytes([encodeText('1.abc')], decodeText),
  'src/mesh/record.ts#readRecord': bytes([record.bytes], (it) => readRecord(it, KEYS.tag)),
  'src/mesh/record.ts#peekRecord': bytes([record.bytes], peekRecord),
  'src/mesh/digest.ts#decodeDigest': bytes([encodeDigest(7), encodeDigest(new Map([['abc', 3]]))], decodeDigest),
  'src/mesh/envelope.ts#decodeEnvelope': bytes(
    [
      encodeEnvelope({ kind: 'latest', origin: 'abc', life: 'x', seq: 3, channel: 'fast', to: '', message: small }),
      encodeEnvelope({ kind: 'addressed', origin: 'abc', life: 'x', seq: 3, channel: 'event', to: 'def', message: small }),
    ],
    decodeEnvelope,
  ),
  'src/mesh/profile.ts#decodeProfile': bytes([encodeProfile({ name: 'Ada', hue: 3 })], decodeProfile),
  'src/mesh/profile.ts#readProfile': bytes([encodeProfile({ name: 'Ada', hue: 3 })], decodeProfile),
  'src/mesh/hello.ts#readHello': bytes(
    [encodeHello({ identity, id: other, incarnation: 'i', profile: { name: 'B', hue: 1 } }, around, createDraw(1))],
    (it) => readHello(it, around),
  ),
  'src/mesh/pinger.ts#createPinger': stateful([ping, pong], () => {
    const pinger = createPinger(host(), () => undefined, { sample: () => undefined, heard: () => undefined, message: () => undefined });
    return (it) => pinger.receive(it, 5 as LocalTime);
  }),
  'src/mesh/sealed.ts#openSignal': text([sealed], (it) => openSignal(KEYS, envelope, it)),
  'src/mesh/greeting.ts#greeterOf': text([greeting.signature], (it) => greeterOf(KEYS.tag, envelope, { ...greeting, signature: it })),
  'src/mesh/room-code.ts#unseal': text([seal(KEYS.key, 'x', { context: 'c', random: createDraw(1) })], (it) => unseal(KEYS.key, it, 'c')),
  'src/mesh/room-code.ts#parseCode': text(['tuna-apple-river-stone-cloud', 'https://x/#tuna%20apple'], parseCode),
  'src/mesh/identity.ts#verify': text([other], (it) => verify(it, new Uint8Array(64), 'x')),
  'src/mesh/signal-decode.ts#parseJson': text(['{"type":"pong"}'], parseJson),
  'src/mesh/signal-decode.ts#decodeServerSignal': text(
    [
      JSON.stringify({ type: 'welcome', id: 1, peers: [2], iceServers: [{ urls: 'stun:x' }], utc: { ms: 1, isSynchronised: true } }),
      JSON.stringify({ type: 'signal', from: 2, data: sealed }),
    ],
    decodeServerSignal,
  ),
  'src/mesh/fault.ts#parseFault': text(['100,-20'], parseFault),
  'signalling/message.ts#parseMessage': text(['{"type":"join","room":"x","version":1}'], (it) => parseMessage(it, 32)),
  'signalling/room.ts#createRooms': {
    input: 'text',
    valid: [
      JSON.stringify({ type: 'join', room: KEYS.tag, version: SIGNAL_VERSION }),
      JSON.stringify({ type: 'signal', to: 1, data: 'x' }),
      JSON.stringify({ type: 'subscribe', topics: ['a'] }),
      JSON.stringify({ type: 'publish', topic: 'a', data: { deep: [[1]] } }),
    ],
    open() {
      const rooms = createRooms<string>({ send: () => undefined, close: () => undefined });
      rooms.connect('it');
      let now = 0;
      return (it) => rooms.receive('it', it, (now += 1000));
    },
  },
  'src/crdt/sync/messages.ts#decodeSync': bytes(
    [
      encodeSync({ kind: 'update', document: 0, update }),
      encodeSync({ kind: 'update', document: 1, update: small }),
      encodeSync({ kind: 'announce', document: 0, vector, hash: sum }),
      encodeSync({ kind: 'request', document: 1, vector }),
    ],
    (it) => decodeSync(it),
  ),
  'src/crdt/sync/messages.ts#createAssembly': stateful(toFragments(encodeSync({ kind: 'update', document: 0, update })), () => {
    const assembly = createAssembly();
    return (it) => assembly.add(it);
  }),
  'src/crdt/sync/unpacking.ts#createUnpacking': stateful([deflateSync(update)], () => {
    const unpacking = createUnpacking(update.length);
    return (it) => (unpacking.add(it) ? unpacking.length() : unpacking.end());
  }),
  'src/crdt/sync/vector.ts#decodeVector': bytes([vector], decodeVector),
  'src/crdt/media/messages.ts#decodeMedia': bytes(
    [
      encodeMedia({ kind: 'want', hash: 'ab'.repeat(32) }),
      encodeMedia({ kind: 'piece', hash: 'ab'.repeat(32), size: 9, offset: 3, bytes: new Uint8Array([1, 2, 3]) }),
    ],
    decodeMedia,
  ),
  'src/crdt/media/messages.ts#decodeIndex': bytes([encodeIndex({ size: 70_000, hashes: ['ab'.repeat(32), 'cd'.repeat(32)] })], decodeIndex),
  'src/mesh/rights.ts#decodeChain': bytes([encodeChain(rightsChain), encodeChain(rightsChain.slice(0, 1))], decodeChain),
  'src/mesh/rights.ts#toRightsRecord': value(
    rightsChain.map(({ bytes: it }) => decodeAny(it)),
    toRightsRecord,
  ),
  'src/crdt/sync/ballot.ts#decodeBallot': bytes([encodeBallot({ document: 0, state: '00'.repeat(8), hash: 'ab'.repeat(8) })], decodeBallot),
  'src/crdt/sync/apply.ts#applyChecked': stateful([small, update], () => {
    const target = sample();
    const room = createRoomDocument(createDocument(createDraw(5)));
    const content = createContentHash(target);
    // What was taken must be readable, too.
    return (it) => {
      const outcome = applyChecked(target, it, 'test');
      read(target);
      content.read();
      if (applyChecked(room.doc, it, 'test') !== 'refused') {
        room.members();
        room.facts();
        room.companion();
      }
      return outcome;
    };
  }),
  'src/crdt/sync.ts#createSync': stateful(
    [
      ...toFragments(encodeSync({ kind: 'update', document: 1, update: small })),
      ...toFragments(encodeSync({ kind: 'announce', document: 0, vector, hash: sum })),
      ...toFragments(encodeSync({ kind: 'request', document: 0, vector })),
      ...toFragments(encodeSync({ kind: 'ask', document: 0 })),
    ],
    () => {
      const wire = {
        peers: () => [other],
        send: () => true,
        buffered: () => 0,
        pace: { take: () => true },
        refuse: () => undefined,
        areLinked: () => true,
      };
      const sync = createSync(host(), wire as never, { score: sample(), room: createDocument(createDraw(5)) });
      sync.joined(other);
      return (it) => sync.receive(other, it);
    },
  ),
  'src/crdt/lineage.ts#createLineage': stateful([encodeAny(['session', 'score', 12.5])], () => {
    const lineage = createLineage({
      ...{
        self,
        session: () => ({ id: 'session', since: 5, isFounder: false }),
        now: () => 100,
        scoreId: () => 'mine',
        send: () => undefined,
      },
      ...{ compatible: () => undefined, giveWay: () => undefined },
    });
    lineage.joined(other);
    return (it) => lineage.receive(other, it);
  }),
  'src/crdt/presence.ts#createPresenceExchange': stateful(
    [encodeAny({ cursor: { scenario: 's', at: 5, lane: 1 }, selection: ['a'], drag: { id: 'a', at: 1, lane: 0, duration: 5 } })],
    () => {
      const presence = createPresenceExchange(host(), () => undefined);
      return (it) => presence.receive(other, it);
    },
  ),
  'src/crdt/companion.ts#toRequest': value(
    [
      { type: 'play', from: 5 },
      { type: 'put', pit: 'x', value: [1] },
    ],
    toRequest,
  ),
  'src/crdt/valid-value.ts#toValue': value([1, 'x', [1, [true]], { impulse: true }], (it) => toValue(it)),
  'src/crdt/edit/schema.ts#parseCommand': value(
    [
      { type: 'createInterval', at: 0, duration: 100, name: 'x' },
      { type: 'set', id: 'x', fields: { name: 'y' } },
      { type: 'replace', file: JSON.parse(file) as unknown },
      { type: 'setPolicies', id: 'x', policies: { group: null } },
    ],
    (it) => {
      parseCommand(it);
      const target = createDocument(createDraw(5));
      edit(target, it as never, createDraw(6), 'me');
      return read(target);
    },
  ),
  'src/crdt/file.ts#parseFile': text([file], (it) => {
    const parsed = parseFile(it);
    return 'file' in parsed ? readFile(parsed.file) : parsed;
  }),
  'src/crdt/file.ts#checkFile': value([JSON.parse(file)], (it) => {
    const parsed = checkFile(it);
    return 'file' in parsed ? readFile(parsed.file) : parsed;
  }),
  'src/crdt/ossia/import.ts#importScore': text([exportScore(readFile(JSON.parse(file) as never))], (it) => importScore(it)),
  'src/crdt/ossia/json.ts#parseJson': text(['{"a": [1.0, NaN, 4611686018427387903, "\\u00e9"]}'], parseLossless),
  'src/engine/codec.ts#decodeFact': bytes(
    facts.map((fact) => encodeFact(fact as never)),
    decodeFact,
  ),
  'src/engine/codec.ts#toFact': value(facts, toFact),
  'src/engine/destination.ts#parseDestination': text(['a:/b@[color.hsv.h][0]'], parseDestination),
  'src/engine/destination.ts#readDestination': text(['a:/{b,c*}/[a-z]!//x@[0]'], (it) => parseDestination(it)),
  'src/engine/pattern.ts#compilePattern': text(['a:/{b,c*}/[a-z]!//x'], (it) => {
    const pattern = compilePattern(it);
    return 'matches' in pattern ? { isMeant: pattern.matches('a:/bx/d.1/x') } : undefined;
  }),
  'src/engine/process/formula-parse.ts#parseFormula': text(['if (x > 0.5) sin(2 * pi * x) else { a + b }', 'x * 2'], parseFormula),
  'src/engine/unit.ts#parseUnit': text(['color.hsv.h'], parseUnit),
  'src/engine/expression.ts#fromTree': value(
    [{ Children: [{ Relation: { LHS: { Address: { Device: 'a', Path: 'b' } }, Op: 2, RHS: { Int: 1 } } }] }],
    fromTree,
  ),
  'src/engine/expression.ts#parse': text(['%a:/b% == 1 and not { %c:/d% impulse }'], parse),
  'src/engine/structure-change.ts#toStructure': value([structure], (it) => {
    const found = toStructure(it);
    return found && hash(found);
  }),
  'src/engine/structure-change.ts#apply': value([[['x', structure.objects['first'] ?? null]]], (it) =>
    Array.isArray(it) && it.every(Array.isArray) ? apply(structure, it as never) : undefined,
  ),
  'src/engine/structure-exchange.ts#createStructureExchange': stateful(
    [encodeAny([0, STRUCTURE_HASH]), encodeAny([1, STRUCTURE_HASH, 0, 1, small]), encodeAny([1, STRUCTURE_HASH, 1, 2, small])],
    () => {
      const exchange = createStructureExchange(host().timer, { peers: () => [other], send: () => true, accept: () => false });
      exchange.want(STRUCTURE_HASH);
      return (it) => exchange.receive(other, it);
    },
  ),
  'src/engine/devices/midi-message.ts#decodeMidi': bytes([Uint8Array.of(0x90, 60, 100), Uint8Array.of(0xb0, 7, 1)], (it) =>
    decodeMidi(it as never),
  ),
  'src/groups/run.ts#receiveFact': {
    input: 'bytes',
    valid: statements,
    open: lived((run) => (payload: never) => run.receiveFact(other, payload)) as never,
  },
  'src/groups/run.ts#read': { input: 'value', valid: entries, open: lived((run) => (it: never) => run.read(inLog(it))) as never },
  'src/groups/statement.ts#decodeStatement': bytes(statements, decodeStatement),
  'src/groups/statement.ts#toStatement': value(entries, toStatement),
  'src/groups/ballot.ts#toVote': bytes(votes, toVote),
  'src/groups/run.ts#receiveVote': {
    input: 'bytes',
    valid: votes,
    open: lived((run) => (payload: never) => run.receiveVote(other, payload)) as never,
  },
  'src/groups/run.ts#receiveStructure': {
    input: 'bytes',
    valid: [encodeAny([0, STRUCTURE_HASH])],
    open: lived((run) => (payload: never) => run.receiveStructure(other, payload)) as never,
  },
  ...PIT_DECODERS,
  ...RIGHTS_DECODERS,
  'src/ui/memory.ts#readMemory': text(['[{"code":"x","title":"y"}]'], (it) =>
    readMemory({ get: () => it, set: () => undefined, remove: () => undefined } as never, 1),
  ),
};

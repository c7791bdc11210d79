import { deflateSync } from 'fflate';
import fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { read } from '../../src/crdt/read.ts';
import { applyChecked } from '../../src/crdt/sync/apply.ts';
import { createContentHash } from '../../src/crdt/sync/hash.ts';
import { DEPTH_MAX } from '../../src/crdt/sync/nesting.ts';
import { createAssembly, createFragmentation, decodeSync } from '../../src/crdt/sync/messages.ts';
import { decodeAny } from '../../src/mesh/any.ts';
import { DECODERS } from './decoders.ts';
import { runs } from './runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where bytes, text or foreign documents are first taken apart. */
const OPENS =
  /\b(?:decodeAny|createDecoder|decode|parseJson|unseal|safeParse|fromBase64\w*|getFloat64|getUint32|decodeVector|readProfile)\(|JSON\.parse\(|v\.parse\(|\bY\.(?:applyUpdate|decode)|new Inflate\(/;
/** What is exported to take something apart. */
const EXPORTED =
  /^export (?:function|const) ((?:decode|parse|unseal|verify|read(?!File)|open(?!Scenario)|check)\w*|to(?:Fact|Structure|Request|Value|Record)\b)(?:<T>)?(?:\(| = \()(?:keys|id|key|storage|decoder|input|bytes|text|update)\b/gm;

/** Files that open only what is our own, and why. */
const OWN: Readonly<Record<string, string>> = {
  'src/crdt/store.node.ts': 'files of this device, which it wrote itself',
  'src/crdt/desk.ts': 'updates of documents of this peer, which were checked when they came',
  'src/crdt/fork.ts': 'updates of the shared document, which were checked when they came',
  'src/convert.node.ts': 'scores of Tutti, by way of checkFile; others by importScore',
  'src/crdt/ossia/shape.ts': 'what import kept of a file, by way of its own parseJson',
  'src/crdt/fields.ts': 'field by field, by way of `read`, which is total on garbage (crdt-score.test.ts)',
  'src/crdt/read/parse.ts': 'likewise',
  'src/crdt/sync/nesting.ts': 'looks at structs that applyChecked has decoded',
  'src/crdt/sync/portion.ts': 'updates and structs that `inspect` has decoded',
  'src/crdt/value.ts': 'addresses of commands, which parseCommand checks',
  'src/engine/expression-parse.ts': 'by way of expression.ts',
  'src/mesh/identity.browser.ts': "this installation's own key",
  'src/ui/format.ts': 'what a person types, as a number or not',
  'src/ui/tokens.ts': 'our own style sheet',
  'signalling/configuration.ts': 'the environment of the server; what cannot be meant ends the start [SG11]',
  'signalling/site.ts': 'our own build',
};

const sources = ['src', 'signalling'].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.ts')),
);

describe('decoders', () => {
  it('[TR1] are all in the list: whoever writes a new one adds it to decoders.ts', () => {
    const listed = Object.keys(DECODERS);
    const files = new Set(listed.map((key) => key.split('#')[0]));
    const missing = sources.flatMap((path) => {
      const code = readFileSync(`${ROOT}${path}`, 'utf8').replaceAll(/^import .*$|^ ?\*.*$|^\/\/.*$/gm, '');
      if (path in OWN) return [];
      const names = [...code.matchAll(EXPORTED)].map(([, name = '']) => `${path}#${name}`).filter((key) => !listed.includes(key));
      return OPENS.test(code) && !files.has(path) ? [path, ...names] : names;
    });
    expect(missing).toEqual([]);
    expect([...files, ...Object.keys(OWN)].filter((path) => !sources.includes(path ?? ''))).toEqual([]);
  });
});

/** One or several small wounds to a message that holds: bytes changed, cut, repeated, put in. */
const wounded = (valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.constantFrom(...valid), fc.array(fc.tuple(fc.nat(4), fc.nat(), fc.nat(255), fc.nat(40)), { minLength: 1, maxLength: 6 }))
    .map(([message, wounds]) => {
      let bytes = [...message];
      for (const [kind, where, byte, length] of wounds) {
        const at = bytes.length === 0 ? 0 : where % bytes.length;
        if (kind === 0) bytes[at] = byte;
        else if (kind === 1) bytes = bytes.slice(0, at);
        else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + length));
        else if (kind === 3) bytes.splice(at, length);
        else bytes.splice(at, 0, 255, 255, 255, byte, byte & 127);
      }
      return Uint8Array.from(bytes);
    });

/** A value that holds, with a field anywhere in it replaced, dropped or added. */
const bent = (valid: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(), fc.anything({ withNullPrototype: false })), { minLength: 1, maxLength: 3 }),
    )
    .map(([message, bends]) => bends.reduce<unknown>((value, [where, by]) => bend(value, where, by), structuredClone(message)));

function bend(value: unknown, where: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  if (keys.length === 0 || where % 7 === 0) return by;
  const key = keys[where % keys.length] ?? '';
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = where % 3 === 0 ? by : bend(copy[key], Math.floor(where / keys.length), by);
  return copy;
}

const inputs = (decoder: (typeof DECODERS)[string]): fc.Arbitrary<unknown> => {
  if (decoder.input === 'bytes')
    return fc.oneof(fc.uint8Array({ maxLength: 300 }), wounded(decoder.valid), fc.constantFrom(...decoder.valid));
  if (decoder.input === 'value') return fc.oneof(fc.anything(), bent(decoder.valid), fc.constantFrom(...decoder.valid));
  const asBytes = decoder.valid.map((text) => new TextEncoder().encode(text));
  return fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.json(),
    wounded(asBytes).map((bytes) => new TextDecoder().decode(bytes)),
    bent(decoder.valid.map(fromJson)).map(
      (value) => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? '1' : each)) ?? '',
    ),
    fc.constantFrom(...decoder.valid),
  );
};

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

describe('[TR2] never throws, on noise, on wounded messages, on several in a row:', () => {
  it.each(Object.entries(DECODERS))('%s', (_, decoder) => {
    fc.assert(
      fc.property(fc.array(inputs(decoder), { minLength: 1, maxLength: 4 }), (all) => {
        const take = decoder.open() as (input: unknown) => unknown;
        for (const input of all) take(input);
      }),
      runs(40),
    );
  });

  it('and takes what holds', () => {
    for (const [name, decoder] of Object.entries(DECODERS)) {
      const take = decoder.open() as (input: unknown) => unknown;
      const outcomes = decoder.valid.map(take);
      if (!/#(create|receive|read$)/.test(name))
        expect(
          outcomes.every((outcome) => outcome !== undefined),
          name,
        ).toBe(true);
      expect(
        outcomes.filter((outcome) => outcome === 'refused' || outcome === 'wrong'),
        name,
      ).toEqual([]);
    }
  });
});

/** A Yjs update (v2) of so many deleted structs of one client: run lengths make it 25 bytes, whatever the number. */
function structBomb(count: number): Uint8Array {
  const part = (write: (encoder: encoding.Encoder) => void) => (encoder: encoding.Encoder) =>
    encoding.writeVarUint8Array(encoder, encoding.encode(write));
  const nothing = part(() => undefined);
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    nothing(encoder);
    part((it) => encoding.writeVarInt(it, 5))(encoder);
    nothing(encoder);
    nothing(encoder);
    part((it) => encoding.writeUint8(it, 0))(encoder);
    encoding.writeVarUint8Array(encoder, new encoding.StringEncoder().toUint8Array());
    nothing(encoder);
    nothing(encoder);
    part((it) => {
      encoding.writeVarInt(it, -1);
      encoding.writeVarUint(it, count - 2);
    })(encoder);
    for (const number of [1, count, 0, 0]) encoding.writeVarUint(encoder, number);
  });
}

/** Its size is `size` when inflated, whatever it claims. */
const inflating = (size: number, claim: number): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 3);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, claim);
    encoding.writeUint8Array(encoder, deflateSync(new Uint8Array(size)));
  });

describe('[TR3] work is bounded by what was sent:', () => {
  it('an update of 25 bytes that stands for a billion structs is refused', () => {
    const doc = new Y.Doc();
    expect(applyChecked(doc, structBomb(1000), 'test')).toBe('done');
    expect(applyChecked(doc, structBomb(1e9), 'test')).toBe('refused');
    expect(Y.getState(doc.store, 5)).toBe(1000);
  });

  it('what inflates to more than it claims, or claims more than may travel, is refused', () => {
    expect(decodeSync(inflating(1000, 1000))).toMatchObject({ kind: 'update' });
    expect(decodeSync(inflating(16_000_000, 1000))).toBeUndefined();
    expect(decodeSync(inflating(10, 2 ** 40))).toBeUndefined();
  });

  it('a message that is deflated while it leaves is given up once it makes, or takes, more than it claims', () => {
    const outcomes = (bytes: Uint8Array): readonly unknown[] => {
      const fragmentation = createFragmentation();
      const assembly = createAssembly();
      return [...fragmentation.add(bytes), fragmentation.end()].map((fragment) => assembly.add(fragment));
    };
    expect(outcomes(inflating(3_000_000, 3_000_000)).at(-1)).toMatchObject({ kind: 'update', document: 0 });
    const tooMuch = outcomes(inflating(30_000_000, 1000));
    expect(tooMuch.indexOf('wrong')).toBeLessThan(10);
    // Stored blocks that hold nothing, for ever.
    const nothing = Uint8Array.from({ length: 100_000 }, (_, i) => [0, 0, 0, 255, 255][i % 5] ?? 0);
    const head = inflating(0, 1000).subarray(0, 4);
    expect(outcomes(Uint8Array.from([...head, ...nothing])).indexOf('wrong')).toBeLessThan(5);
  });

  it('a message in crumbs is given up at the first', () => {
    const crumb = (flags: number, ...rest: number[]): Uint8Array => Uint8Array.of(flags, ...rest);
    const assembly = createAssembly();
    expect(assembly.add(crumb(1, 200, 1))).toBe('wrong');
    expect(assembly.progress()).toBeUndefined();
    expect(assembly.add(crumb(0, 7))).toBe('wrong');
  });

  it('lists within lists without end are no value', () => {
    const deep = encoding.encode((encoder) => {
      for (let i = 0; i < 200_000; i++) encoding.writeUint8Array(encoder, Uint8Array.of(117, 1));
      encoding.writeUint8(encoder, 126);
    });
    expect(decodeAny(deep)).toBeUndefined();
  });

  it.each([2, 20, 100, 300])('types within types, %d deep, are refused or read and hashed', (depth) => {
    const nested = new Y.Doc();
    const updates: Uint8Array[] = [];
    nested.on('updateV2', (update: Uint8Array) => void updates.push(update));
    let at: Y.Map<unknown> = nested.getMap('objects');
    for (let i = 0; i < depth; i++) at = at.set('x', new Y.Map<unknown>());
    const isFine = depth < DEPTH_MAX;
    for (const parts of [[Y.encodeStateAsUpdateV2(nested)], updates, updates.toReversed()]) {
      const target = new Y.Doc();
      const content = createContentHash(target);
      const outcomes = parts.map((update) => applyChecked(target, update, 'test'));
      expect(outcomes.includes('refused')).toBe(!isFine);
      read(target);
      content.read();
      let deepest = 0;
      for (let it: unknown = target.getMap('objects').get('x'); it instanceof Y.Map; it = it.get('x')) deepest += 1;
      expect(deepest).toBeLessThan(DEPTH_MAX);
      if (isFine) expect(deepest).toBe(depth);
    }
  });

  it.each([2, 20, 100, 1000, 4000])('lists within lists, %d deep, are refused or read and hashed', (depth) => {
    let deep: unknown = 1;
    for (let i = 0; i < depth; i++) deep = i % 2 === 0 ? [deep] : { x: deep };
    const values = new Y.Doc();
    values.getMap('objects').set('y', { kind: 'interval', name: deep });
    const target = new Y.Doc();
    const content = createContentHash(target);
    expect(applyChecked(target, Y.encodeStateAsUpdateV2(values), 'test')).toBe(depth < DEPTH_MAX ? 'done' : 'refused');
    read(target);
    content.read();
  });
});

import { describe, expect, it } from 'vitest';
import { exportScore } from '../../../../src/crdt/ossia/export.ts';
import type { Message, Score } from '../../../../src/crdt/score.ts';
import { opened } from './fixtures.ts';
import { document, interval, scenario, state, text } from './write.ts';

type Node = Readonly<Record<string, unknown>>;
const node = (Name: string, User: unknown, ...Children: readonly Node[]): Node => ({
  ...{ Name, Accessors: [], Unit: 'none', Previous: [], Following: [], User, Priorities: [1, 2, 0] },
  ...(Children.length > 0 && { Children }),
});
const parameter = (Name: string): Node => ({ Address: { Name, ioType: '<->', ClipMode: 'Free', Value: { Float: 0 } } });
const device = (Name: string, ...Children: readonly Node[]): Node => ({ Device: { Name, Protocol: '' }, Children });
const file = (devices: readonly Node[], Messages?: Node): string => {
  const made = scenario(2, [interval(0, 0, 1)], { States: [state(0, Messages && { Messages }), state(1)] });
  const plugin = { uuid: '6e610e1f-9de2-4c36-90dd-0ef570002a21', RootNode: {}, Children: devices };
  return text({ ...document([made]), Plugins: [plugin] });
};
const messagesIn = (score: Score): readonly Message[] => [...score.states.values()].find(({ messages }) => messages.length > 0)!.messages;
const edited = (score: Score, change: (messages: readonly Message[]) => readonly Message[]): Score => {
  const held = [...score.states.values()].find(({ messages }) => messages.length > 0)!;
  return { ...score, states: new Map(score.states).set(held.id, { ...held, messages: change(held.messages) }) };
};
/** Names on the way to each value of a tree of messages. */
const leavesOf = (json: unknown, before: readonly string[] = []): readonly string[] => {
  if (Array.isArray(json)) return json.flatMap((each) => leavesOf(each, before));
  if (typeof json !== 'object' || json === null) return [];
  const { Name, User, Children, ...rest } = json as Readonly<Record<string, unknown>>;
  if (typeof Name !== 'string' || !('Priorities' in json)) return Object.values(json).flatMap((each) => leavesOf(each, before));
  const way = [...before, Name];
  return [...(User ? [`${way.slice(1).join('|')} ${JSON.stringify(User)}`] : []), ...leavesOf(Children, way), ...leavesOf(rest, way)];
};

describe('names that are none here', () => {
  const strange = node(
    '',
    null,
    node('my dev', null, node('a b', { Int: 1 }), node('é', { Int: 2 }), node('x%y', { Int: 3 }, node('in', { Int: 4 }))),
    node('', null, node('z', { Int: 5 })),
  );

  it('[OS6] messages that cannot be addressed stay in the file when others of the state are changed', () => {
    const { score } = opened(file([device('my dev')], strange));
    expect(messagesIn(score).map(({ address }) => address)).toEqual(['my dev:/é']);
    const changed = edited(score, ([first]) => [{ ...first!, value: 9 }]);
    const written = exportScore(changed);
    expect(leavesOf(JSON.parse(written))).toEqual([
      'my dev|é {"Float":9}',
      ...['my dev|a b {"Int":1}', 'my dev|x%y {"Int":3}', 'my dev|x%y|in {"Int":4}', '|z {"Int":5}'],
    ]);
    const again = opened(written).score;
    expect(messagesIn(again).map(({ value }) => value)).toEqual([9]);
    expect(leavesOf(JSON.parse(exportScore(again)))).toEqual(leavesOf(JSON.parse(written)));
    // A message that was taken away does not come back.
    expect(leavesOf(JSON.parse(exportScore(edited(score, () => []))))).not.toContain('my dev|é {"Int":2}');
  });

  it('[OS6] a device keeps the name that it has in the file, and so do addresses that lead to it', () => {
    const messages = node('', null, node('a:b', null, node('x', { Float: 1 })));
    const { score } = opened(file([device('a:b', parameter('x'))], messages));
    expect([...score.devices.values()].map(({ name }) => name)).toEqual(['a_b']);
    expect(messagesIn(score)).toMatchObject([{ address: 'a_b:/x', value: 1 }]);
    const [only] = score.devices.values();
    const fewer = { ...score, devices: new Map([[only!.id, { ...only!, parameters: new Map() }]]) };
    for (const changed of [score, edited(score, ([first]) => [{ ...first!, value: 2 }]), fewer]) {
      const written = JSON.stringify(JSON.parse(exportScore(changed)));
      expect(written).not.toContain('a_b');
      expect(opened(exportScore(changed)).score.devices.get(only!.id)).toMatchObject({ name: 'a_b' });
    }
  });

  it('[OS6] of two devices of one name, and of one without, the names are the same when the file comes again', () => {
    const { file: first, score } = opened(file([device('d', parameter('x')), device('d'), device('')]));
    expect([...score.devices.values()].map(({ name }) => name)).toEqual(['d', 'd-2', 'device']);
    expect(opened(exportScore(score)).file.devices).toEqual(first.devices);
  });

  it('[OS4] a value that is no number is told, and kept', () => {
    const messages = node(
      '',
      null,
      node('d', null, node('nan', { Float: '#nan' }), node('odd', { Quaternion: [1] }), node('a', { Int: 1 })),
    );
    const raw = file([device('d')], messages).replace('"#nan"', 'nan');
    for (const each of [raw, raw.replace('nan}', 'inf}')]) {
      const { score, report } = opened(each);
      expect(messagesIn(score).map(({ address }) => address)).toEqual(['d:/a']);
      expect(report.lines.find(({ message }) => message.includes('no known type'))).toMatchObject({ level: 'approximated' });
    }
  });

  it('[OS5] a root that spells its speed without a point comes back the same', () => {
    const { file: first, score } = opened(file([]).replace('"Constraint":{', '"Constraint":{"Speed":1,'));
    const again = opened(exportScore(score)).file;
    expect(again.objects['root']?.['foreign']).toBe(first.objects['root']?.['foreign']);
  });
});

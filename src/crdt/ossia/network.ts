import { generateNKeysBetween } from 'fractional-indexing';
import { POLICY_NAMES } from '../fields.ts';
import { ALL } from '../score.ts';
import type { Group, GroupId, ObjectId, Policies, Score, ScoreObject } from '../score.ts';
import { at, idAt, objectAt, objectOf, objectsAt, textAt } from './access.ts';
import { isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Numbers } from './numbers.ts';
import { keyOf } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Reporter } from './report.ts';

/**
 * Groups, and who runs what. Since version 3 in a plugin of the document:
 *
 *   plugin  = { uuid, Groups: { GroupList: [{ ObjectName, id, Name, Clients: [id] }] }, Policy,
 *               Intervals | Events | Syncs | Processes: [{ Path, Data: { Sync: 0–3, Share: 0–2, Group: name } }] }
 *
 * before, in `Metadata.Extended = { group, sharemode, syncmode, order }` of each object. A group is meant by its name;
 * '' and 'parent' inherit, 'all' is everyone. Who was in a group is not taken over: those ids mean nobody here.
 */
export const NETWORK = '58c9e19a-fde3-47d0-a121-35853fec667d';

export interface Network {
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly policies: ReadonlyMap<ObjectId, Policies>;
}

const SHARES = ['shared', 'mixed', 'free'] as const;
const SYNCS: readonly Pick<Policies, 'order' | 'date'>[] = [
  { order: 'sync', date: 'immediate' },
  { order: 'sync', date: 'compensated' },
  { order: 'async', date: 'immediate' },
  { order: 'async', date: 'compensated' },
];
export const NETWORK_KINDS = ['Intervals', 'Events', 'Syncs', 'Processes'] as const;
/** What an object has that nobody touched. */
const UNTOUCHED = { sync: 2, share: 0 };
const GROUPS_MAX = 1000;

export function readNetwork(
  plugins: Json | undefined,
  plan: Plan,
  reporter: Reporter,
  rankOf: (count: number) => readonly string[],
): Network {
  const plugin = pluginOf(plugins);
  const names = new Map<string, GroupId>([['all', ALL]]);
  const listed = plugin ? objectsAt(objectAt(plugin, 'Groups'), 'GroupList').slice(0, GROUPS_MAX) : [];
  const policies = new Map<ObjectId, Policies>();
  for (const group of listed) nameGroup(textAt(group, 'Name'), names);
  for (const { json } of plan.places.values()) nameGroup(textAt(extendedOf(json), 'group'), names);
  for (const [key, found] of plan.places) {
    const extended = key === 'outermost' ? undefined : extendedOf(found.json);
    const own = extended && older(extended, names);
    if (own && Object.keys(own).length > 0) policies.set(found.id, own);
  }
  for (const kind of NETWORK_KINDS) {
    for (const entry of plugin ? objectsAt(plugin, kind) : []) {
      const found = plan.places.get(keyOf(at(entry, 'Path')) ?? '');
      const own = fromData(objectAt(entry, 'Data'), names, reporter);
      if (!found) reporter.say('mended', 'a rule of who runs what names an object that is not there');
      else if (Object.keys(own).length > 0) policies.set(found.id, own);
    }
  }
  const own = [...names].filter(([, id]) => id !== ALL);
  const ranks = rankOf(own.length);
  if (own.length > 0) reporter.say('approximated', 'groups have no members yet: say who is in which');
  return { groups: new Map(own.map(([name, id], i) => [id, { id, name, hue: i % 12, rank: ranks[i]! }])), policies };
}

function nameGroup(name: string, names: Map<string, GroupId>): void {
  const isKnown = name === '' || name === 'parent' || names.has(name) || names.size > GROUPS_MAX;
  if (!isKnown) names.set(name, `group${names.size}`);
}

/** The plugin, in the list of version 4 or under the name of its class. */
export function pluginOf(plugins: Json | undefined): JsonObject | undefined {
  const list: readonly Json[] = isObject(plugins) ? [...plugins.values()] : Array.isArray(plugins) ? (plugins as readonly Json[]) : [];
  return list.filter(isObject).find((plugin) => textAt(plugin, 'uuid').toLowerCase() === NETWORK || isObject(at(plugin, 'Groups')));
}

export const extendedOf = (json: JsonObject): JsonObject => objectAt(objectAt(json, 'Metadata'), 'Extended');

/**
 * Words that the older form uses; a word it does not know says nothing. Until May 2017 `syncmode` said `async` or `sync` and
 * meant the date, and `order` said whether one waits; on intervals and processes `syncmode` was the share mode.
 */
function older(extended: JsonObject, names: ReadonlyMap<string, GroupId>): Policies {
  const group = names.get(textAt(extended, 'group'));
  const mode = textAt(extended, 'syncmode').toLowerCase();
  const share = SHARES.find((each) => each === textAt(extended, 'sharemode').toLowerCase()) ?? SHARES.find((each) => each === mode);
  const word = textAt(extended, 'order').toLowerCase();
  const said = /^(?:ordered|sync|true)$/.test(word) ? 'sync' : /^(?:unordered|async|false)$/.test(word) ? 'async' : undefined;
  const isOldest = said !== undefined && (mode === 'sync' || mode === 'async');
  const order = said ?? (/^sync/.test(mode) ? 'sync' : /^async/.test(mode) ? 'async' : undefined);
  const date =
    /uncompensated|non/.test(mode) || (isOldest && mode === 'async')
      ? 'immediate'
      : /compensated/.test(mode) || isOldest
        ? 'compensated'
        : undefined;
  return { ...(group !== undefined && { group }), ...(share && { share }), ...(order && { order }), ...(date && { date }) };
}

function fromData(data: JsonObject, names: ReadonlyMap<string, GroupId>, reporter: Reporter): Policies {
  const sync = idAt(data, 'Sync') ?? UNTOUCHED.sync;
  const share = idAt(data, 'Share') ?? UNTOUCHED.share;
  const name = textAt(data, 'Group');
  const group = names.get(name);
  if (group === undefined && name !== '' && name !== 'parent')
    reporter.say('mended', 'an object names a group that is not there; it inherits', name);
  const policies = { ...(group !== undefined && { group }), ...(SHARES[share] && { share: SHARES[share] }), ...SYNCS[sync] };
  return group === undefined && sync === UNTOUCHED.sync && share === UNTOUCHED.share ? {} : policies;
}

/** Groups and policies of a score, as the plugin has them, and what it has no words for. */
export interface PolicyWriter {
  /** Whether import gives these groups again. */
  readonly isExpected: boolean;
  /** Policies as Tutti's own word, where the plugin would say something else. */
  wordOf(object: { readonly id: ObjectId; readonly kind: ScoreObject['kind']; readonly policies: Policies }): Json | undefined;
  /** undefined where there is nothing to say; an empty one where one is expected. */
  plugin(numbers: Pick<Numbers, 'pathOf'>, isExpected: boolean): JsonObject | undefined;
}

export function createPolicyWriter(score: Score): PolicyWriter {
  const groups = [...score.groups.values()].sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  const names = new Map<string, GroupId>([['all', ALL]]);
  for (const { name } of groups) nameGroup(name, names);
  const ranks = generateNKeysBetween(null, null, groups.length);
  const isExpected = groups.every(({ id, name, hue, rank }, i) => names.get(name) === id && hue === i % 12 && rank === ranks[i]);
  const quiet: Reporter = { say: () => undefined, report: () => ({ lines: [] }) };
  const isSaid = (policies: Policies): boolean => {
    const back = fromData(toData(policies, score.groups), names, quiet);
    return POLICY_NAMES.every((name) => back[name] === policies[name]);
  };
  const lists = { Intervals: score.intervals, Events: score.events, Syncs: score.syncs, Processes: score.processes } as const;
  return {
    isExpected,
    wordOf: ({ policies }) => (isSaid(policies) ? undefined : objectOf({ ...policies })),
    plugin({ pathOf }, isWanted) {
      const entries = NETWORK_KINDS.map((kind): readonly [string, readonly Json[]] => [
        kind,
        [...(lists[kind] as ReadonlyMap<ObjectId, { readonly id: ObjectId; readonly policies: Policies }>).values()].flatMap(
          ({ id, policies }) =>
            Object.keys(policies).length > 0 && pathOf.has(id)
              ? [objectOf({ Path: pathOf.get(id)!, Data: toData(policies, score.groups) })]
              : [],
        ),
      ]);
      if (!isWanted && groups.length === 0 && entries.every(([, list]) => list.length === 0)) return undefined;
      const list = [{ name: 'all' }, ...groups].map(({ name }, i) => objectOf({ ObjectName: 'Group', id: i, Name: name, Clients: [] }));
      return new Map<string, Json>([['Groups', objectOf({ GroupList: list })], ...entries]);
    },
  };
}

function toData(policies: Policies, groups: ReadonlyMap<GroupId, Group>): JsonObject {
  const sync = SYNCS.findIndex(({ order, date }) => order === (policies.order ?? 'async') && date === (policies.date ?? 'immediate'));
  const group = policies.group === undefined ? '' : policies.group === ALL ? 'all' : (groups.get(policies.group)?.name ?? '');
  return objectOf({ Sync: sync, Share: SHARES.indexOf(policies.share ?? 'shared'), Group: group });
}

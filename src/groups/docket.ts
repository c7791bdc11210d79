import type { LogEntry } from '../crdt/room.ts';

/**
 * What of the room document waits to be checked. Whoever writes there can write anything, as often and in whatever words
 * it likes; so its inventions must hold up nobody's but its own. Each writer has a line of its own, and writers take
 * turns; one whose entry was false comes after all others from then on, and no run waits for what it wrote.
 * Within a line come plays and stops, then the run that is on, oldest first: what is known of it has no gaps.
 */
export interface Docket {
  add(entries: readonly LogEntry[]): void;
  /** The next in turn, of writers whose standing is not spent; it stays in its line. turn: counts up. */
  next(turn: number, spent: ReadonlySet<Standing>): Case | undefined;
  remove(found: Case): void;
  /** Whether the writer's entry was true. */
  judge(writer: number, isProven: boolean): void;
  /** Which run is on, or will be. */
  setForemost(run: string | undefined): void;
  /** Nothing of this run waits but what doubtful writers wrote. */
  isWhole(run: string): boolean;
  size(): number;
}

export interface Case {
  /** What was written last under this id by this writer. */
  entry: unknown;
  readonly id: string;
  readonly writer: number;
  readonly standing: Standing;
}

/** What is known of a writer. A false entry is never forgiven: an honest peer writes down only what is proven. */
export type Standing = 'proven' | 'new' | 'doubtful';

interface Waiting extends Case, Urgency {
  standing: Standing;
}

interface Urgency {
  /** As the entry claims it. */
  readonly run: string;
  readonly isTransport: boolean;
  readonly at: number;
}

interface Writer {
  standing: Standing;
  readonly cases: Map<string, Waiting>;
  /** The last is the most urgent. Empty for doubtful ones: theirs come as they came. */
  line: Waiting[];
  isSorted: boolean;
  isInTurn: boolean;
}

/** Eleven hours of a trigger each second. */
const WAITING_MAX = 40_000;
/** As many as a document takes at once [TR7], and more. */
const WRITERS_MAX = 16_384;
/** So many are put into a sorted line one by one. */
const SINGLE_MAX = 16;
/** One turn in so many is for doubtful writers, whatever else there is. */
const DOUBTFUL_EVERY = 16;

export function createDocket(waitingMax = WAITING_MAX): Docket {
  const writers = new Map<number, Writer>();
  const turns: Readonly<Record<Standing, Writer[]>> = { proven: [], new: [], doubtful: [] };
  /** How much of each run waits, but for doubtful writers. */
  const open = new Map<string, number>();
  let size = 0;
  let foremost: string | undefined;

  const count = (run: string, change: number): void => {
    const next = (open.get(run) ?? 0) + change;
    if (next > 0) open.set(run, next);
    else open.delete(run);
  };
  const byUrgency = (a: Waiting, b: Waiting): number => {
    const rank = (it: Waiting): number => (it.isTransport ? 2 : it.run === foremost ? 1 : 0);
    return rank(a) - rank(b) || (a.at === b.at ? 0 : (a.at - b.at) * (a.isTransport ? 1 : -1));
  };
  const enqueue = (writer: Writer): void => {
    if (!writer.isInTurn) turns[writer.standing].push(writer);
    writer.isInTurn = true;
  };
  const sort = (writer: Writer): void => {
    if (!writer.isSorted) writer.line = [...writer.cases.values()].sort(byUrgency);
    writer.isSorted = true;
  };

  const writerOf = (key: number): Writer => {
    const writer: Writer = writers.get(key) ?? { standing: 'new', cases: new Map(), line: [], isSorted: true, isInTurn: false };
    writers.set(key, writer);
    return writer;
  };

  const put = ({ id, writer: key, fact }: LogEntry, isSingle: boolean): void => {
    const writer = writerOf(key);
    const known = writer.cases.get(id);
    if (known) return void (known.entry = fact);
    const fresh: Waiting = { id, writer: key, entry: fact, standing: writer.standing, ...urgencyOf(fact) };
    writer.cases.set(id, fresh);
    size += 1;
    enqueue(writer);
    if (writer.standing === 'doubtful') return;
    count(fresh.run, 1);
    if (isSingle && writer.isSorted) writer.line.splice(placeOf(writer.line, fresh, byUrgency), 0, fresh);
    else writer.isSorted = false;
  };

  const drop = (found: Waiting): void => {
    const writer = writers.get(found.writer);
    if (writer?.cases.get(found.id) !== found) return;
    writer.cases.delete(found.id);
    size -= 1;
    if (writer.standing === 'doubtful') return;
    count(found.run, -1);
    if (!writer.isSorted) return;
    const place = writer.line.lastIndexOf(found);
    if (place >= 0) writer.line.splice(place, 1);
  };

  /** There is no room: the least urgent of who wrote most goes, first of doubtful ones. */
  const makeRoom = (): void => {
    while (size > waitingMax) {
      const all = [...writers.values()];
      const doubtful = all.filter((it) => it.standing === 'doubtful' && it.cases.size > 0);
      const most = (doubtful.length > 0 ? doubtful : all).reduce((a, b) => (b.cases.size > a.cases.size ? b : a));
      sort(most);
      const least = most.standing === 'doubtful' ? [...most.cases.values()].reverse() : most.line;
      most.isSorted = most.standing === 'doubtful';
      for (const each of least.slice(0, Math.ceil(least.length / 2))) drop(each);
    }
  };

  const topOf = (standing: Standing): Case | undefined => {
    const queue = turns[standing];
    for (let writer = queue.shift(); writer; writer = queue.shift()) {
      // One that was judged since takes its turn elsewhere.
      if (writer.standing !== standing) continue;
      writer.isInTurn = false;
      if (writer.cases.size === 0) continue;
      enqueue(writer);
      sort(writer);
      return standing === 'doubtful' ? writer.cases.values().next().value : writer.line.at(-1);
    }
    return undefined;
  };

  return {
    add(entries) {
      const isSingle = entries.length <= SINGLE_MAX;
      for (const entry of entries) put(entry, isSingle);
      makeRoom();
      if (writers.size > WRITERS_MAX) for (const [key, { cases }] of writers) if (cases.size === 0) writers.delete(key);
    },
    next(turn, spent) {
      for (const standing of orderOf(turn)) {
        const found = spent.has(standing) ? undefined : topOf(standing);
        if (found) return found;
      }
      return undefined;
    },
    remove: (found) => drop(found as Waiting),
    judge(key, isProven) {
      const writer = writers.get(key);
      const standing = isProven ? 'proven' : 'doubtful';
      if (!writer || writer.standing === 'doubtful' || writer.standing === standing) return;
      writer.standing = standing;
      writer.isInTurn = false;
      if (writer.cases.size > 0) enqueue(writer);
      for (const each of writer.cases.values()) {
        each.standing = writer.standing;
        if (!isProven) count(each.run, -1);
      }
      if (isProven) return;
      writer.line = [];
      writer.isSorted = true;
    },
    setForemost(run) {
      if (run === foremost) return;
      foremost = run;
      for (const writer of writers.values()) if (writer.standing !== 'doubtful') writer.isSorted = false;
    },
    isWhole: (run) => !open.has(run),
    size: () => size,
  };
}

function orderOf(turn: number): readonly Standing[] {
  if (turn % DOUBTFUL_EVERY === DOUBTFUL_EVERY - 1) return ['doubtful', 'proven', 'new'];
  return turn % 2 === 0 ? ['proven', 'new', 'doubtful'] : ['new', 'proven', 'doubtful'];
}

function placeOf(line: readonly Waiting[], fresh: Waiting, order: (a: Waiting, b: Waiting) => number): number {
  let [low, high] = [0, line.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(line[middle]!, fresh) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function urgencyOf(entry: unknown): Urgency {
  const { type, run, at } = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>;
  return {
    run: typeof run === 'string' ? run : '',
    isTransport: type === 'play' || type === 'stop',
    at: typeof at === 'number' && Number.isFinite(at) ? at : -Number.MAX_VALUE,
  };
}

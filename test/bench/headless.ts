import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSignallingServer } from '../../signalling/server.ts';
import { createCode } from '../../src/mesh/room-code.ts';
import { createNodeHost } from '../../src/mesh/host.node.ts';
import type { Orders, PeerState, Usage } from './headless-process.ts';
import { quantile } from './measure.ts';
import { bytes, count, digits, ms, percent, type Table } from './table.ts';

/**
 * Whole peers in Node, over WebRTC, on one machine: what a room of so many costs and how fast it is. They are spread over
 * a few processes, since threads of libdatachannel are per process, and a process has one main thread.
 */
const SIZES = [8, 16, 32];
const PIT_SIZE = 25;
const PIT_HZ = 60;
const PEERS_PER_PROCESS = 8;
const SET_UP_MS_MAX = 60_000;
const SETTLE_MS = 6000;
const REST_MS = 8000;
const SHOUTS = 40;
const HEARD_MS_MAX = 3000;
const POLL_MS = 15;

const wait = (duration: number): Promise<void> => new Promise((go) => setTimeout(go, duration));

interface Worker {
  readonly size: number;
  call<K extends keyof Orders>(name: K, ...order: Parameters<Orders[K]>): Promise<Awaited<ReturnType<Orders[K]>>>;
  end(): void;
}

function startWorker(size: number): Worker {
  const child: ChildProcess = fork(join(import.meta.dirname, 'headless-process.ts'), { execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, (answer: never) => void>();
  let calls = 0;
  child.on('message', ({ id, answer }: { readonly id: number; readonly answer: never }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  return {
    size,
    call: (name, ...[order]) =>
      new Promise((done) => {
        waiting.set(++calls, done as (answer: never) => void);
        child.send({ id: calls, name, order });
      }),
    end: () => child.kill('SIGKILL'),
  };
}

interface Ensemble {
  readonly size: number;
  readonly workers: readonly Worker[];
  /** ms; undefined when not everyone was there in time. */
  readonly setUp: number | undefined;
  readonly baseMemory: number;
  states(): Promise<readonly PeerState[]>;
  usage(): Promise<Usage>;
}

async function assemble(size: number, url: string): Promise<Ensemble> {
  const code = createCode(createNodeHost().random);
  const count = Math.ceil(size / PEERS_PER_PROCESS);
  const workers = Array.from({ length: count }, (_, i) => startWorker(Math.floor(size / count) + (i < size % count ? 1 : 0)));
  const states = async (): Promise<readonly PeerState[]> => (await Promise.all(workers.map((worker) => worker.call('state')))).flat();
  const usage = async (): Promise<Usage> => {
    const all = await Promise.all(workers.map((worker) => worker.call('usage')));
    const sum = (of: (one: Usage) => number): number => all.reduce((so, one) => so + of(one), 0);
    return {
      processor: sum(({ processor }) => processor),
      memory: sum(({ memory }) => memory),
      messages: sum(({ messages }) => messages),
      bytes: sum((one) => one.bytes),
    };
  };
  const { memory: baseMemory } = await usage();
  const startedAt = performance.now();
  await Promise.all(workers.map((worker, i) => worker.call('open', { url, code, first: i * PEERS_PER_PROCESS, count: worker.size })));
  const isWhole = ({ isReady, present }: PeerState): boolean => isReady && present === size - 1;
  let setUp: number | undefined;
  while (setUp === undefined && performance.now() - startedAt < SET_UP_MS_MAX) {
    await wait(50);
    if ((await states()).every(isWhole)) setUp = performance.now() - startedAt;
  }
  return { size, workers, setUp, baseMemory, states, usage };
}

const closeAll = async ({ workers }: Ensemble): Promise<void> => {
  await Promise.race([Promise.all(workers.map((worker) => worker.call('close'))), wait(3000)]);
  for (const worker of workers) worker.end();
};

/** Each in turn says something; when do all others have it? Who did not hear it within 3 s counts as lost. */
async function latencies({ workers, size }: Ensemble): Promise<{ readonly figures: readonly number[]; readonly lost: number }> {
  const figures: number[] = [];
  let lost = 0;
  for (let n = 0; n < SHOUTS; n++) {
    const speaker = workers[n % workers.length]!;
    await Promise.all(workers.map((worker) => worker.call('shout', -1)));
    const at = await speaker.call('shout', Math.floor(n / workers.length) % speaker.size);
    const giveUpAt = performance.now() + HEARD_MS_MAX;
    let heard: number[];
    do {
      await wait(POLL_MS);
      heard = (await Promise.all(workers.map((worker) => worker.call('heard')))).flat();
    } while (heard.length < size - 1 && performance.now() < giveUpAt);
    figures.push(...heard.map((when) => when - at));
    lost += size - 1 - heard.length;
  }
  return { figures, lost };
}

/** UDP datagrams that this machine sent, over IPv4 and IPv6; everything else on it included. NaN but on Linux. */
function datagrams(): number {
  try {
    const [names, figures] = readFileSync('/proc/net/snmp', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('Udp:'));
    const four = Number(figures?.split(' ')[names?.split(' ').indexOf('OutDatagrams') ?? -1]);
    const six = Number(/^Udp6OutDatagrams\s+(\d+)/m.exec(readFileSync('/proc/net/snmp6', 'utf8'))?.[1] ?? 0);
    return four + six;
  } catch {
    return Number.NaN;
  }
}

interface Rates {
  /** Share of one core. */
  readonly processor: number;
  readonly messages: number;
  readonly bytes: number;
  readonly datagrams: number;
}

/** Per peer and second. */
async function rates(ensemble: Ensemble): Promise<Rates> {
  const [before, datagramsBefore, startedAt] = [await ensemble.usage(), datagrams(), performance.now()];
  await wait(REST_MS);
  const [after, datagramsAfter] = [await ensemble.usage(), datagrams()];
  const each = ((performance.now() - startedAt) / 1000) * ensemble.size;
  return {
    processor: (after.processor - before.processor) / 1000 / each,
    messages: (after.messages - before.messages) / each,
    bytes: (after.bytes - before.bytes) / each,
    datagrams: (datagramsAfter - datagramsBefore) / each,
  };
}

const range = (figures: readonly number[]): string => {
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return least === most ? String(least) : `${least} to ${most}`;
};

async function costs(size: number, url: string): Promise<readonly string[]> {
  const ensemble = await assemble(size, url);
  await wait(SETTLE_MS);
  const states = await ensemble.states();
  const rest = await rates(ensemble);
  const { memory } = await ensemble.usage();
  const { figures, lost } = await latencies(ensemble);
  await closeAll(ensemble);
  const missing = states.filter(({ present }) => present < size - 1).length;
  return [
    String(size),
    ensemble.setUp === undefined ? `${size - missing} of ${size} in ${ms(SET_UP_MS_MAX)}` : ms(ensemble.setUp),
    range(states.map(({ links }) => links)),
    percent(rest.processor),
    bytes((memory - ensemble.baseMemory) / size),
    digits(rest.messages),
    digits(rest.datagrams),
    bytes(rest.bytes),
    ms(quantile(figures, 0.5)),
    ms(quantile(figures, 0.99)),
    count(lost),
  ];
}

async function sharedPit(url: string): Promise<readonly string[]> {
  const ensemble = await assemble(PIT_SIZE, url);
  await ensemble.workers[0]?.call('writePit');
  const giveUpAt = performance.now() + SET_UP_MS_MAX;
  while (!(await ensemble.states()).every(({ hasPit }) => hasPit) && performance.now() < giveUpAt) await wait(100);
  await Promise.all(ensemble.workers.map((worker) => worker.call('startPit', PIT_HZ)));
  await wait(SETTLE_MS);
  await Promise.all(ensemble.workers.map((worker) => worker.call('delivered')));
  const startedAt = performance.now();
  const under = await rates(ensemble);
  const seconds = (performance.now() - startedAt) / 1000;
  const delivered = (await Promise.all(ensemble.workers.map((worker) => worker.call('delivered')))).flat().map((n) => n / seconds);
  const pairs = PIT_SIZE * (PIT_SIZE - 1);
  const { figures, lost } = await latencies(ensemble);
  await closeAll(ensemble);
  return [
    `${PIT_SIZE}`,
    `${digits(delivered.reduce((a, b) => a + b, 0) / pairs)} Hz`,
    `${digits(quantile(delivered, 0.05))} Hz`,
    `${delivered.length} of ${pairs}`,
    percent(under.processor),
    digits(under.messages),
    digits(under.datagrams),
    bytes(under.bytes),
    ms(quantile(figures, 0.5)),
    ms(quantile(figures, 0.99)),
    count(lost),
  ];
}

export async function benchHeadless(): Promise<readonly Table[]> {
  const server = await createSignallingServer({ port: 0, host: '127.0.0.1' });
  const url = `ws://127.0.0.1:${server.port}/signal`;
  // PEERS=8,pit runs these rows alone.
  const asked = (process.env['PEERS'] ?? [...SIZES, 'pit'].join()).split(',');
  const rows: (readonly string[])[] = [];
  for (const size of asked.map(Number).filter((size) => size > 0)) rows.push(await costs(size, url));
  const traffic = ['messages/s of each', 'datagrams/s of each', 'bytes/s of each', 'event p50', 'event p99', 'not heard in 3 s'];
  const tables: Table[] = [
    {
      title: 'A room of headless peers at rest',
      columns: ['peers', 'set-up', 'links of each', 'processor of each', 'memory of each', ...traffic],
      rows,
    },
  ];
  if (asked.includes('pit'))
    tables.push({
      title: `All put into one pit, ${PIT_HZ} times a second`,
      columns: ['peers', 'delivered, mean', 'least 5 %', 'pairs served', 'processor of each', ...traffic],
      rows: [await sharedPit(url)],
    });
  await server.close();
  return tables;
}

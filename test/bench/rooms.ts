import { TOPIC } from '../../src/mesh/wire.ts';
import { createHall } from '../sim/hall.ts';
import { createMeshHall, type MeshHall } from '../sim/mesh-hall.ts';
import { quantile } from './measure.ts';
import { count, digits, ms, percent, type Table } from './table.ts';

/** Large rooms in virtual time: figures depend on the seed, not on the machine. Meshes and pits whole; documents in the last table. */
const SIZES = [8, 16, 50, 100];
const SHARED = 25;
const WHOLE = 25;
const REST_MS = 3000;
const LISTEN_MS = 5000;
const MOVES_MS = 20;
const DATES_MS = 1;

export function benchRooms(): Promise<readonly Table[]> {
  return Promise.resolve([sizes(), sharedPit(), documents()]);
}

const most = (figures: readonly number[]): number => Math.max(...figures);
const mean = (figures: readonly number[]): number => figures.reduce((sum, each) => sum + each, 0) / figures.length;

function together(hall: MeshHall): number {
  return hall.until(() => hall.isOneRoom(), 20_000) ?? Infinity;
}

function sizes(): Table {
  const rows = SIZES.map((peers) => {
    const hall = createMeshHall({ peers });
    const joined = together(hall);
    hall.pass(REST_MS);
    const idle = hall.packets(REST_MS);
    const links = hall.degrees();
    const fact = sayFact(hall, mean(idle));
    const pit = fillPit(hall);
    return [
      String(peers),
      ms(joined),
      `${digits(mean(links))} / ${most(links)}`,
      `${digits(mean(idle))} / ${digits(most(idle))}`,
      digits(fact.sends),
      ms(fact.last),
      ms(pit.last),
      digits(most(pit.packets)),
      ms(succeed(hall)),
    ];
  });
  return {
    title: 'Rooms by size, LAN, all come in one instant',
    columns: [
      ...['peers', 'one room after', 'links mean / most', 'packets/s at rest mean / most', 'sends of a fact per peer'],
      ...['fact at the last', 'pit alike after', 'packets/s most, all move', 'new master after death'],
    ],
    rows,
  };
}

/** Sends per peer, on event and fast together, and ms until the last has it. */
function sayFact(hall: MeshHall, idle: number): { readonly sends: number; readonly last: number } {
  const [first, ...others] = hall.seats;
  const [before, begin] = [hall.cables.sent.packets, hall.timeline.now()];
  first!.mesh.broadcast('event', TOPIC.fact, new Uint8Array([7]));
  while (others.some(({ facts }) => !facts.has('7')) && hall.timeline.now() < begin + 2000) hall.pass(DATES_MS);
  const last = hall.timeline.now() - begin;
  hall.pass(100);
  const extra = hall.cables.sent.packets - before - (idle * hall.seats.length * (hall.timeline.now() - begin)) / 1000;
  return { sends: Math.max(0, extra) / hall.seats.length, last };
}

/** Everyone puts something into one pit and goes on doing so. */
function fillPit(hall: MeshHall): { readonly last: number; readonly packets: readonly number[] } {
  for (const { pits, number } of hall.seats) pits.put('p', number);
  const last = hall.until(() => hall.seats.every(({ pits }) => pits.contributions('p').length === hall.seats.length), 5000) ?? Infinity;
  const ends = hall.seats.map(({ host, pits, number }) => host.timer.every(MOVES_MS, () => pits.put('p', number + host.random.next())));
  hall.pass(1000);
  const packets = hall.packets(1000);
  for (const end of ends) end();
  return { last, packets };
}

/** ms until all who are left have one new master. */
function succeed(hall: MeshHall): number {
  const master = hall.seats.find(({ mesh }) => mesh.clock.isMaster())!;
  hall.kill(master);
  const begin = hall.timeline.now();
  const isDone = (): boolean => {
    const left = hall.seats.filter(({ isAlive }) => isAlive).map(({ mesh }) => mesh.clock.master());
    return new Set(left).size === 1 && left[0] !== master.mesh.self;
  };
  while (!isDone() && hall.timeline.now() < begin + 5000) hall.pass(10);
  return hall.timeline.now() - begin;
}

/** A value says when it was put in, in true ms, so that its age on arrival is known. */
function sharedPit(): Table {
  const rows = [1, SHARED].map((moving) => {
    const hall = createMeshHall({ peers: SHARED });
    together(hall);
    hall.pass(REST_MS);
    const ages: number[] = [];
    for (const seat of hall.seats) {
      const heard = new Map<string, number>();
      seat.pits.onChange((pit) => {
        for (const { peer, value, seq } of seat.pits.contributions(pit)) {
          if (peer === seat.mesh.self || heard.get(peer) === seq) continue;
          heard.set(peer, seq);
          ages.push(hall.timeline.now() - (value as number));
        }
      });
    }
    const ends = hall.seats.slice(0, moving).map(({ host, pits }) => host.timer.every(MOVES_MS, () => pits.put('p', hall.timeline.now())));
    hall.pass(1000);
    ages.length = 0;
    const packets = hall.packets(LISTEN_MS);
    const rate = ages.length / moving / (SHARED - 1) / (LISTEN_MS / 1000);
    for (const end of ends) end();
    return [
      String(moving),
      `${digits(rate)} Hz`,
      percent(rate / (1000 / MOVES_MS)),
      ms(quantile(ages, 0.5)),
      ms(quantile(ages, 0.99)),
      `${digits(mean(packets))} / ${digits(most(packets))}`,
    ];
  });
  return {
    title: `${SHARED} peers share one pit, each moving its fader ${1000 / MOVES_MS} times a second`,
    columns: ['who move', 'values delivered, of each at each', 'of those moved', 'age p50', 'age p99', 'packets/s mean / most'],
    rows,
  };
}

/** Whole peers: one edit reaches all over links of links. */
function documents(): Table {
  const hall = createHall({ peers: WHOLE, pause: 0 });
  const { world, machines } = hall;
  world.until(() => hall.isOneRoom(), 20_000);
  world.pass(REST_MS);
  const scores = (): number => new Set(machines.map(({ peer }) => JSON.stringify([...peer.score.read().intervals]))).size;
  const alike = world.until(() => scores() === 1, 20_000);
  const before = world.now();
  machines[0]!.peer.score.edit({ type: 'setTempo', tempo: 97 });
  world.until(() => machines.every(({ peer }) => peer.score.read().tempo === 97), 20_000);
  const took = world.now() - before;
  const packets = hall.packets(REST_MS);
  return {
    title: `Documents of ${WHOLE} whole peers`,
    columns: ['scores alike', 'an edit is everywhere after', 'packets/s mean / most', 'links most'],
    rows: [[String(alike), ms(took), `${digits(mean(packets))} / ${digits(most(packets))}`, count(most(hall.degrees()))]],
  };
}

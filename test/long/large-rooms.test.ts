import { beforeAll, describe, expect, it } from 'vitest';
import type { PeerId } from '../../src/base.ts';
import { DEGREE_MAX } from '../../src/mesh/topology.ts';
import { TOPIC } from '../../src/mesh/wire.ts';
import { createMeshHall, type MeshHall, type Seat } from '../sim/mesh-hall.ts';

const alive = ({ seats }: MeshHall): readonly Seat[] => seats.filter(({ isAlive }) => isAlive);
const masters = (hall: MeshHall): ReadonlySet<PeerId | undefined> => new Set(alive(hall).map(({ mesh }) => mesh.clock.master()));
const seatOf = (hall: MeshHall, id: PeerId | undefined): Seat => hall.seats.find(({ mesh }) => mesh.self === id)!;

/** Virtual time; everything is one hall, because arrivals are what takes time: it grows with the square of the peers. */
const PEERS = 200;

describe('two hundred peers who come in one instant', () => {
  let hall: MeshHall;

  beforeAll(() => {
    hall = createMeshHall({ peers: PEERS, seed: 3 });
  });

  it('[LR4] are one room within seconds, over a few links each', () => {
    expect(hall.until(() => hall.isOneRoom(), 15_000)).toBeDefined();
    const degrees = hall.degrees();
    expect(Math.max(...degrees)).toBeLessThanOrEqual(DEGREE_MAX);
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(2);
  });

  it('[LR4] follow one clock', () => {
    const master = seatOf(hall, hall.seats[0]!.mesh.clock.master());
    hall.pass(2000);
    for (const { mesh } of hall.seats) {
      const error = Math.abs(mesh.clock.now() - master.mesh.clock.now());
      expect(error).toBeLessThanOrEqual(mesh.clock.bound() + 0.01);
      expect(error).toBeLessThan(3);
    }
  });

  it('[LR4] hear a fact once each, and hand it on once each', () => {
    const before = hall.cables.sent.packets;
    const idle = hall.packets(200).reduce((sum, rate) => sum + rate / 5, 0);
    const start = hall.cables.sent.packets;
    hall.seats[17]!.mesh.broadcast('event', TOPIC.fact, new Uint8Array([1, 2, 3]));
    hall.pass(200);
    const extra = hall.cables.sent.packets - start - idle;
    const others = hall.seats.filter(({ number }) => number !== 17);
    expect(others.map(({ facts }) => facts.get('1,2,3'))).toEqual(others.map(() => 1));
    const links = hall.degrees().reduce((sum, degree) => sum + degree, 0);
    // On event and once more on fast over each link, both ways at worst.
    expect(extra).toBeLessThan(2.5 * links);
    expect(before).toBeLessThan(start);
  });

  it('[LR3] keep the budget of packets, also when all of them move one fader', () => {
    for (const { pits, number } of hall.seats) pits.put('p', number);
    const rates = hall.packets(2000);
    expect(Math.max(...rates)).toBeLessThanOrEqual(250);
    const isAlike = (): boolean => hall.seats.every(({ pits }) => pits.contributions('p').length === hall.seats.length);
    expect(hall.until(isAlike, 5000)).toBeDefined();
  });

  it('[EL2] have one new master 1.5 s after the old one vanished', () => {
    const old = seatOf(hall, hall.seats[0]!.mesh.clock.master());
    const others = hall.seats.filter((seat) => seat !== old);
    const before = others.map(({ mesh }) => mesh.clock.now());
    hall.kill(old);
    hall.pass(1500);
    expect(masters(hall).size).toBe(1);
    expect(masters(hall)).not.toContain(old.mesh.self);
    for (const [i, { mesh }] of others.entries()) expect(Math.abs(mesh.clock.now() - before[i]! - 1500)).toBeLessThan(1 + 1500 * 1e-3);
  });
});

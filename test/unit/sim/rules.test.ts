import { describe, expect, it } from 'vitest';
import { mustAgree } from '../../sim/checks/check.ts';
import type { Watch } from '../../sim/checks/check.ts';
import { timeCheck } from '../../sim/checks/time.ts';
import { createTimeline } from '../../sim/heap.ts';
import { createSimHost } from '../../sim/host.ts';
import { createOptions, FAULTS, STRAINS } from '../../sim/options.ts';
import { createDraw } from '../../sim/random.ts';

describe('a simulated machine', () => {
  it('[SM3] has a clock as wrong as it was told to', () => {
    const host = createSimHost(createTimeline(), { offset: 3_600_000, skew: 300 }, createDraw(1));
    expect(host.localAt(1_000_000) - host.localAt(0)).toBeCloseTo(1_000_300, 6);
    expect(host.localAt(0)).toBe(3_600_000);
  });

  it('[SM3] hangs without its worker, and nothing of it runs after its death', () => {
    const timeline = createTimeline();
    const host = createSimHost(timeline, { offset: 0, skew: 0 }, createDraw(1));
    const log: string[] = [];
    host.freeze(1000);
    host.timer.after(10, () => log.push(`page ${timeline.now()}`));
    host.worker.timer.after(10, () => log.push('worker'));
    timeline.run(900);
    expect(log).toEqual(['worker']);
    timeline.run(2000);
    expect(log).toEqual(['worker', 'page 1000']);
    host.timer.after(10, () => log.push('ghost'));
    host.kill();
    timeline.run(3000);
    expect(log).toHaveLength(2);
  });
});

describe('a rehearsal', () => {
  it('[SM4] has scores that say nothing of distribution, and scores of every share mode, order and group that decides', () => {
    const all = Array.from({ length: 300 }, (_, seed) => createOptions(createDraw(seed)).axes);
    expect(all.filter((axes) => axes === undefined).length).toBeGreaterThan(100);
    const said = all.flatMap((axes) =>
      axes ? [axes.share, axes.ordered.join(), axes.follows, axes.decides, axes.areEdited, axes.isOverlapping] : [],
    );
    for (const each of ['shared', 'mixed', 'free', 'one,two,three', '', 'strings', 'winds', 'all', true, false, undefined])
      expect(said).toContain(each);
  });

  it('[SM4] has 3 to 5 peers and up to three faults, no two alike, and one strain at most; every one comes up', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 500; seed++) {
      const { peers, faults } = createOptions(createDraw(seed));
      expect(peers).toBeGreaterThanOrEqual(3);
      expect(peers).toBeLessThanOrEqual(5);
      const strains = faults.filter(({ name }) => STRAINS.some((strain) => strain === name));
      expect(strains.length).toBeLessThanOrEqual(1);
      expect(faults.length - strains.length).toBeLessThanOrEqual(3);
      expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
      for (const { name } of faults) seen.add(name);
    }
    expect([...seen].sort()).toEqual([...FAULTS, ...STRAINS].sort());
  });
});

/** Two machines at rest for an hour, with clocks that say what we want. */
function watch(master: { now: number }, other: { now: number; bound: number }, isOtherMaster = false) {
  const reports: string[] = [];
  const machine = (number: number, isMaster: boolean, figures: { now: number; bound?: number }) => {
    const clock = { now: () => figures.now, bound: () => figures.bound ?? 0, spread: () => 0, isMaster: () => isMaster, master: () => 0 };
    const peer = { clock };
    return { number, id: number, peer, page: { peer, bornAt: 0, host: { isFrozen: () => false } } };
  };
  const machines = [machine(0, true, master), machine(1, isOtherMaster, other)];
  const world = {
    ...{ timeline: { now: () => 3_600_000 }, disturbances: [], cables: { isCut: () => false } },
    ...{ now: () => 3_600_000, present: () => machines, machines },
  };
  return { reports, watch: { world, report: (what: string) => void reports.push(what) } as unknown as Watch };
}

describe('what is looked at', () => {
  it('[SM5] a clock beyond its bound, beyond 3 ms, or running back, and a second master', () => {
    const other = { now: 1002, bound: 5 };
    const fine = watch({ now: 1000 }, other);
    const check = timeCheck(fine.watch);
    check.sample?.();
    expect(fine.reports).toEqual([]);
    other.now = 1001;
    check.sample?.();
    expect(fine.reports).toEqual(['mesh time of machine 1 ran back by 1.000 ms']);
    const beyond = watch({ now: 1000 }, { now: 1004, bound: 1 });
    timeCheck(beyond.watch).sample?.();
    expect(beyond.reports).toHaveLength(2);
    const two = watch({ now: 1000 }, { now: 1000, bound: 1 }, true);
    timeCheck(two.watch).sample?.();
    expect(two.reports).toEqual(['2 clock masters: 0, 1']);
  });

  it('[SM6] what should be alike and is not', () => {
    const { watch: both, reports } = watch({ now: 0 }, { now: 0, bound: 1 });
    mustAgree(both, 'score', () => 'the same');
    expect(reports).toEqual([]);
    mustAgree(both, 'score', ({ number }) => `score of ${number}`);
    expect(reports[0]).toContain('score differs');
  });
});

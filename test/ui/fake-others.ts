import type { PeerId } from '../../src/base.ts';
import type { PeerView } from '../../src/peer-api.ts';

const NAMES =
  'Béla Bartók,Clara,Dmitri,Éliane Radigue,Fanny,György,Hildegard von Bingen,Iannis,Josquin,Kaija,Ludwig,Meredith,Nadia,Olivier,Pauline,Qigang,Rebecca,Sofia,Tōru,Ustvolskaya'.split(
    ',',
  );

/** One of each kind of trouble, in the order of NAMES. */
const TROUBLES: readonly Partial<PeerView>[] = [
  { roundTrip: 0.9, spread: 0.2, preference: 1 },
  { roundTrip: 24, spread: 0.7, document: 'comparing', progress: 0.62 },
  { roundTrip: 148, spread: 4.2, link: 'relayed', via: 'peer2' as PeerId, hops: 2 },
  { roundTrip: 38, spread: 1.3, document: 'differs', refused: 2 },
  { link: 'connecting', hops: undefined, age: 9000, document: 'comparing' },
  { roundTrip: 31, spread: 1.1, isFrozen: true },
  { roundTrip: 260, spread: 22, document: 'healing' },
  { roundTrip: 44, spread: 1.9, link: 'silent' },
];

/** Others whose figures tremble as real ones do; nothing here is true. master: index of the clock master. */
export function fakeOthers(count = 5, isCalm: boolean, id: (i: number) => PeerId, master: number): readonly PeerView[] {
  return Array.from({ length: count }, (_, i) => {
    const tremble = (least: number, most: number): number => least + (most - least) * Math.abs(Math.sin(performance.now() / 3000 + i * 7));
    const trouble: Partial<PeerView> = isCalm ? { preference: i === 0 ? 1 : 0 } : (TROUBLES[i] ?? {});
    const isLinked = trouble.link !== 'connecting';
    const isPoor = trouble.spread !== undefined && trouble.spread > 20;
    const spread = trouble.spread ?? 0.3 + (i % 5) / 4;
    const name = NAMES[i % NAMES.length] ?? '';
    return {
      ...{ id: id(i + 1), name: i < NAMES.length ? name : `${name} ${1 + Math.floor(i / NAMES.length)}`, hue: (i * 5 + 8) % 12 },
      ...{ isSelf: false, link: 'whole', via: undefined, hops: 1, age: 200_000, isFrozen: false, isMaster: i + 1 === master },
      ...{ preference: 0, roundTrip: isLinked ? 2 + i * 1.7 : undefined, spread: isLinked ? spread : undefined, refused: 0 },
      ...{ document: 'same', progress: undefined },
      health: isLinked
        ? {
            lastHeard: trouble.link === 'silent' ? 1300 : tremble(20, 240),
            loss: isPoor ? 0.083 : i % 3 === 1 ? 0.004 : 0,
            ...{ sent: tremble(24, 36), received: tremble(20, 140), jitter: isPoor ? 61 : tremble(0.1, 2) },
            offset: { spread, bound: spread * 3 },
          }
        : undefined,
      ...trouble,
    };
  });
}

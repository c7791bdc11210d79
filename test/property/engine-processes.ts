import fc from 'fast-check';
import { flicks } from '../../src/base.ts';
import type { Process } from '../../src/crdt/score.ts';
import {
  filter,
  generator,
  lfo,
  limiter,
  mapping,
  metronome,
  micromap,
  notes,
  pattern,
  ramp,
  smoothing,
  steps,
} from '../unit/engine/processes.ts';

/** Processes and cables for properties of what is performed. */
export const NAMES = ['p', 'q', 'r', 's', 't'];

export const cable = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...NAMES),
    fc.constantFrom('', '', '.a', '.b', '.frequency', '.max'),
    fc.constantFrom('', '', '~', '!', '~!'),
  )
  .map(([from, to, port, kind]) => `${from}>${to}${port}${kind}`);

/** Of every kind that says values or plays notes; heard at `osc:/<id>`, or only by others. */
export const processOf = (id: string, places: readonly string[]): fc.Arbitrary<Process> =>
  fc.tuple(fc.constantFrom(...places), fc.nat(18), fc.boolean()).map(([at, kind, isHeard]): Process => {
    const more = isHeard ? { address: `osc:/${id}` } : {};
    const music: readonly (readonly [number, number])[] = [
      [20, 60],
      [90, 30],
      [250, 400],
    ];
    return [
      () => ramp(id, at, more),
      () => ramp(id, at, { ...more, isTween: true }),
      () => lfo(id, at, { ...more, waveform: 'sampleAndHold', frequency: 3, jitter: 0.3 }),
      () => lfo(id, at, { ...more, quantisation: 4 }),
      () => mapping(id, at, more),
      () => micromap(id, at, 'x * 2 + px', more),
      () => generator(id, at, 'm1 += random(0, 1) + a; m1', more),
      () => generator(id, at, 'pos', more),
      () => filter(id, at, 'po / 2 + x + b', more),
      () => smoothing(id, at, more),
      () => limiter(id, at, more),
      () => steps(id, at, [0, 1, 0.5], more),
      () => steps(id, at, [0.2, 0.8], { ...more, isLooping: true, loopDuration: flicks(130) }),
      () => smoothing(id, at, { ...more, mode: 'median' }),
      () => limiter(id, at, { ...more, isQuantised: true, rate: 16 }),
      () => notes(id, at, music, { address: isHeard ? 'sound:/lead' : '', isLooping: true, loopDuration: flicks(330) }),
      () => notes(id, at, music, { address: isHeard ? 'sound:/lead' : '' }),
      () => pattern(id, at, ['1-2-', '--1'], { address: isHeard ? 'sound:/lead' : '' }),
      () => metronome(id, at, { address: isHeard ? 'sound:/wood' : '' }),
    ][kind]!();
  });

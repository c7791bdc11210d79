import { CATALOGUE } from '../../crdt/catalogue.ts';
import type { NewProcess } from '../../crdt/command.ts';
import type { ProcessType, Score } from '../../crdt/score.ts';

/** What a process begins with when somebody takes it from the library: enough to be seen and heard at once. */

const SHADER = `vec4 render(vec2 uv) {
  float wave = sin(uv.x * 12.0 + time * 2.0) * 0.5 + 0.5;
  return vec4(vec3(wave) * level, 1.0);
}`;

/** Kick and snare by turns, and room for a hat. */
const BEAT = [
  { note: 36, hits: '1-------1-------' },
  { note: 38, hits: '----1-------1---' },
  { note: 42, hits: '' },
];

/** From one height to another, straight. */
const line = (from: number, to: number) => [
  { id: 'a', x: 0, y: from, curve: 1 },
  { id: 'b', x: 1, y: to, curve: 1 },
];

/** track: key of the one that is played, or whose volume and place are moved. */
export function starter(type: ProcessType, { track, tempo }: { readonly track: string } & Pick<Score, 'tempo'>): NewProcess {
  const name = CATALOGUE[type].label;
  switch (type) {
    case 'automation':
      return { type, name, address: `sound:/${track}/volume`, min: -60, max: 0, points: line(0, 1) };
    case 'mapping':
      return { type, name, points: line(0, 1) };
    case 'tempo': {
      // A curve's height spans 20 to 500 BPM.
      const height = (tempo - 20) / 480;
      return { type, name, points: line(height, height) };
    }
    case 'gradient':
      return {
        ...{ type, name },
        stops: [
          { id: 'a', x: 0, color: [0, 0, 0, 1] },
          { id: 'b', x: 1, color: [1, 1, 1, 1] },
        ],
      };
    case 'spline':
      return { type, name, points: [0, 0.25, 0.75, 1].map((x, i) => ({ id: 'abcd'[i]!, x, y: i % 2 === 0 ? x : 1 - x })) };
    case 'steps':
      return { type, name, steps: [0, 0.5, 1, 0.5] };
    case 'pattern':
      return {
        type,
        name,
        address: `sound:/${track}`,
        patterns: [{ length: 16, division: 16, lanes: BEAT }],
      };
    case 'generator':
      return { type, name, expression: 'sin(2 * pi * pos)' };
    case 'lfo':
      return { type, name, address: `sound:/${track}/pan`, amplitude: 0.8, frequency: 0.25 };
    case 'notes':
      return { type, name, address: `sound:/${track}` };
    case 'midiPit':
      return { type, name, output: `sound:/${track}`, isAlways: true };
    case 'audioPit':
    case 'videoPit':
      return { type, name, isAlways: true };
    case 'pit':
      return { type, name, combination: 'average', min: 0, max: 1 };
    case 'shader':
      return { type, name, source: SHADER, inputs: [{ name: 'level', min: 0, max: 1, value: 1 }] };
    default:
      return { type, name };
  }
}

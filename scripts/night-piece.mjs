/** The score that the pictures of the docs show: notes, curves, a bell that is voted on, a light, and a choir that is not there. */
import { edit } from './camera.mjs';

const ms = (n) => n * 705_600;
const notes = (pitches, step, length) =>
  pitches.map((pitch, i) => ({ id: `n${i}`, start: ms(i * step), duration: ms(length), pitch, velocity: 0.8 }));
export const points = (...all) => all.map(([x, y, curve = 1], i) => ({ id: `p${i}`, x, y, curve }));
export const SKY = `vec4 render(vec2 uv) {
  float r = length(uv - vec2(0.35 + 0.3 * warm, 0.5)), s = length(uv - vec2(0.65 - 0.3 * cold, 0.5));
  vec3 sun = vec3(1.0, 0.55, 0.2) * warm * smoothstep(0.42, 0.0, r), moon = vec3(0.2, 0.5, 1.0) * cold * smoothstep(0.42, 0.0, s);
  return vec4(sun + moon + vec3(0.02, 0.02, 0.04), 1.0);
}`;

/** “Night Piece”: three groups, a bell that Hands ring, and light of its own. */
export const NIGHT = [
  { type: 'setTitle', title: 'Night Piece' },
  { type: 'createGroup', id: 'sound', name: 'Sound', hue: 7 },
  { type: 'createGroup', id: 'light', name: 'Light', hue: 2 },
  { type: 'createGroup', id: 'hands', name: 'Hands', hue: 10 },
  { type: 'createGroup', id: 'choir', name: 'Choir', hue: 0 },
  { type: 'createTrack', id: 'lead', track: { key: 'lead', name: 'Lead', instrument: 'pluck' } },
  { type: 'createInterval', id: 'arrival', at: 0, duration: 12_000, name: 'Arrival', group: 'sound', lane: 0 },
  {
    ...{ type: 'createProcess', interval: 'arrival', id: 'first' },
    process: { type: 'notes', name: 'tune', address: 'sound:/lead', notes: notes([62, 65, 69, 72, 70, 69, 65, 64], 1500, 1300) },
  },
  {
    ...{ type: 'createProcess', interval: 'arrival', id: 'opening' },
    process: {
      type: 'automation',
      name: 'opening',
      address: 'sound:/lead/cutoff',
      min: 200,
      max: 6000,
      points: points([0, 0.1], [0.6, 0.35], [1, 0.9]),
    },
  },
  { type: 'createInterval', id: 'dawn', at: 0, duration: 40_000, name: 'Dawn', group: 'light', lane: 1 },
  {
    type: 'createProcess',
    interval: 'dawn',
    id: 'breath',
    process: { type: 'lfo', name: 'breath', address: 'visual:/sky/warm', frequency: 0.1, amplitude: 0.4, offset: 0.5 },
  },
  { type: 'createInterval', id: 'voices', at: 20_000, duration: 20_000, name: 'Voices', group: 'choir', lane: 2 },
  {
    type: 'createProcess',
    interval: 'voices',
    id: 'hum',
    process: { type: 'notes', name: 'hum', address: 'sound:/lead', notes: notes([50, 53, 57, 50], 4800, 4600) },
  },
  {
    type: 'createProcess',
    interval: 'root',
    id: 'energy',
    process: { type: 'pit', name: 'Energy', isAlways: true, isAligned: true, output: 'sound:/lead/resonance' },
  },
];
/** What comes after Arrival, behind the bell. */
export async function finishNight(page) {
  const [state, sync] = await page.evaluate(() => {
    const { objects } = window.tutti.score.read();
    const { end } = objects.arrival;
    return [end, objects[objects[end].event].sync];
  });
  await edit(page, [
    { type: 'setTrigger', id: sync, expression: '%keys:/b% == true' },
    { type: 'set', id: sync, fields: { name: 'Bell' } },
    { type: 'setPolicies', id: sync, policies: { group: 'hands', consensus: 'majority', date: 'compensated' } },
    { type: 'set', id: 'arrival', fields: { min: ms(4000) } },
    { type: 'createInterval', id: 'dance', from: state, duration: 28_000, name: 'Dance', group: 'sound' },
    {
      type: 'createProcess',
      interval: 'dance',
      id: 'second',
      process: {
        type: 'notes',
        name: 'tune',
        address: 'sound:/lead',
        notes: notes([74, 72, 70, 69, 67, 65, 64, 62, 65, 69, 74, 77], 2200, 1900),
      },
    },
    {
      type: 'createProcess',
      interval: 'dance',
      id: 'sway',
      process: {
        type: 'automation',
        name: 'sway',
        address: 'sound:/lead/pan',
        min: -1,
        max: 1,
        points: points([0, 0.5], [0.25, 0.9], [0.75, 0.1], [1, 0.5]),
      },
    },
  ]);
  return sync;
}

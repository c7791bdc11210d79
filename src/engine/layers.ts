import type { MeshTime } from '../base.ts';
import type { ObjectId, Process, Shader } from '../crdt/score.ts';
import type { Outbox, Rank } from './outbox.ts';

/** Shaders shown while their interval runs, pauses included, with their inputs' values. */
export interface Layers {
  show(occurrences: readonly Shown[], window: { readonly now: MeshTime; readonly valuesTo: MeshTime }): void;
}

export interface Shown {
  readonly key: string;
  readonly from: MeshTime;
  readonly to: MeshTime;
  readonly processes: readonly Process[];
}

interface Layer {
  readonly shader: Shader;
  readonly inputs: Map<string, number>;
  /** When it was told to disappear. */
  hiddenAt: MeshTime | undefined;
}

export function createLayers({ devices }: { readonly devices: Pick<Outbox, 'send'> }): Layers {
  const layers = new Map<string, Layer>();

  const hide = (layer: Layer, at: MeshTime, others: ReadonlySet<ObjectId>): void => {
    if (layer.hiddenAt !== undefined && layer.hiddenAt <= at) return;
    layer.hiddenAt = at;
    if (!others.has(layer.shader.id)) devices.send(`visual:/${layer.shader.key}/shown`, false, at);
  };

  /** What an input begins with gives way to states and curves of its date; what is set later follows at once. */
  const put = (layer: Layer, shader: Shader, at: MeshTime, rank: Rank): void => {
    for (const { name, value } of shader.inputs) {
      if (layer.inputs.get(name) === value) continue;
      layer.inputs.set(name, value);
      devices.send(`visual:/${shader.key}/${name}`, value, at, rank);
    }
  };

  return {
    show(occurrences, { now, valuesTo }) {
      const due = occurrences
        .filter(({ from, to }) => from <= valuesTo && from < to)
        .flatMap(({ key, from, to, processes }) =>
          processes.flatMap((process) => (process.type === 'shader' ? [{ key: `${key}|${process.id}`, from, to, shader: process }] : [])),
        );
      const keys = new Set(due.map(({ key }) => key));
      const staying = new Set(due.filter(({ to }) => to > valuesTo).map(({ shader }) => shader.id));
      for (const [key, layer] of layers) {
        if (keys.has(key)) continue;
        hide(layer, now, staying);
        layers.delete(key);
      }
      for (const { key, to } of due) {
        const layer = layers.get(key);
        if (layer && to <= valuesTo) hide(layer, to, staying);
      }
      for (const { key, from, to, shader } of due) {
        const known = layers.get(key);
        const isBack = known?.hiddenAt !== undefined && to > known.hiddenAt;
        if (!known && to <= now) continue;
        const layer = known && !isBack ? known : { shader, inputs: new Map<string, number>(), hiddenAt: undefined };
        if (layer !== known) {
          layers.set(key, layer);
          devices.send(`visual:/${shader.key}/shown`, true, known?.hiddenAt ?? from);
        }
        const isNew = layer !== known;
        if (layer.hiddenAt === undefined) put(layer, shader, isNew ? from : now, isNew ? 'ended' : 'running');
        if (!known && to <= valuesTo) hide(layer, to, staying);
      }
    },
  };
}

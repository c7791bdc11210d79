/** Shader layers, driven by dated values. Time is mesh time, so two projectors show the same picture. */
import type { Issue, MeshTime, Unsubscribe } from '../../base.ts';
import type { Shader } from '../../crdt/score.ts';
import type { Value } from '../../crdt/value.ts';
import { parseAddress } from '../../crdt/value.ts';
import type { Device, Parameter } from '../device.ts';
import { createDatedValues } from './dated-values.ts';
import type { DeviceNotice } from './notice.ts';
import { inputsOf } from './shader-source.ts';
import type { Stage } from './visual-stage.browser.ts';
import { createStage } from './visual-stage.browser.ts';
import { createVideoWall, type Pictures } from './visual-video.browser.ts';

export interface VisualDevice extends Device {
  /** The layers of the score, bottom first. */
  setLayers(layers: readonly Shader[]): void;
  /** Shows the picture in an element; a second call moves it there. */
  attach(container: HTMLElement): Unsubscribe;
  readonly isAvailable: boolean;
}

export interface VisualOptions {
  now(): MeshTime;
  onNotice(notice: DeviceNotice): void;
  /** Live pictures of a video pit, in order of who sends; absent: none. */
  readonly pictures?: Pictures;
}

/** Seconds after which a shader's `time` starts over: 32-bit floats count milliseconds no further. */
const TIME_WRAP = 4096;
const LOSSES_MAX = 3;
/** ms before a lost context is built anew. */
const REBUILD_AFTER = 300;

const OWN: readonly Omit<Parameter, 'access'>[] = [
  { address: 'shown', type: 'boolean', description: 'The layer is to be seen' },
  { address: 'opacity', type: 'number', min: 0, max: 1 },
  { address: 'additive', type: 'boolean', description: 'Adds its light to what is below' },
];

export function createVisualDevice(options: VisualOptions): VisualDevice {
  const values = createDatedValues();
  const wall = createVideoWall(options.pictures ?? (() => []));
  const isAvailable = hasWebGl();
  let layers: readonly Shader[] = [];
  let stage: Stage | undefined;
  let container: HTMLElement | undefined;
  let frame = 0;
  let losses = 0;
  let isDark = false;
  /** Layers taken off, by key, with the source that was too slow. */
  const off = new Map<string, string>();
  let changed = '';
  let said = '';

  function tell(issues: readonly Issue[]): void {
    const text = issues.map((issue) => issue.message).join('\n');
    if (text !== said) for (const issue of issues) options.onNotice({ level: 'warning', ...issue });
    said = text;
  }
  const initial = (key: string, name: string): Value | undefined => {
    const layer = layers.find((candidate) => candidate.key === key);
    if (name === 'shown' || name === 'additive') return layer && false;
    return name === 'opacity' ? layer && 1 : layer?.inputs.find((input) => input.name === name)?.value;
  };
  const valueOf = (key: string, name: string, at: MeshTime): Value | undefined =>
    values.read(`visual:/${key}/${name}`, at) ?? initial(key, name);
  const numberOf = (key: string, name: string, at: MeshTime): number => {
    const value = valueOf(key, name, at);
    return typeof value === 'number' ? value : 0;
  };

  function onFrame(): void {
    frame = requestAnimationFrame(onFrame);
    if (!stage) return;
    const now = options.now();
    const shown = layers.filter((layer) => valueOf(layer.key, 'shown', now) === true && off.get(layer.key) !== layer.source);
    if (shown.length === 0 && isDark) return;
    const isDrawn = stage.draw(
      shown.map((layer) => ({
        key: layer.key,
        opacity: Math.min(Math.max(numberOf(layer.key, 'opacity', now), 0), 1),
        isAdditive: valueOf(layer.key, 'additive', now) === true,
        inputs: Object.fromEntries(inputsOf(layer).map((input) => [input.name, numberOf(layer.key, input.name, now)])),
      })),
      (now / 1000) % TIME_WRAP,
    );
    isDark = isDrawn && shown.length === 0;
    if (isDrawn && stage.isOverloaded()) takeOff(shown);
  }
  function takeOff(shown: readonly Shader[]): void {
    const guilty = shown.find((layer) => layer.key === changed) ?? shown.at(-1);
    if (!guilty) return;
    off.set(guilty.key, guilty.source);
    options.onNotice({
      level: 'warning',
      where: guilty.id,
      message: `Shader “${guilty.name}” took more than half a second a frame and is off on this page. It comes back when it is changed.`,
    });
  }
  async function open(into: HTMLElement): Promise<void> {
    const made = await createStage(into, wall, () => lose(into)).catch(() => undefined);
    if (container !== into || !made) {
      made?.close();
      if (!made) options.onNotice({ level: 'warning', message: MISSING });
      return;
    }
    stage = made;
    isDark = false;
    tell(stage.setLayers(layers));
  }
  function lose(from: HTMLElement): void {
    if (container !== from) return;
    shut();
    losses++;
    options.onNotice(
      losses < LOSSES_MAX
        ? { level: 'hint', message: 'The graphics card dropped the picture; it is being built anew.' }
        : {
            level: 'warning',
            message: 'The graphics card dropped the picture again and again: it stays dark on this page. Sound and score go on.',
          },
    );
    if (losses < LOSSES_MAX) setTimeout(() => container === from && !stage && void open(from), REBUILD_AFTER);
  }
  function shut(): void {
    stage?.close();
    stage = undefined;
  }
  function detach(): void {
    container = undefined;
    cancelAnimationFrame(frame);
    shut();
  }
  if (!isAvailable) options.onNotice({ level: 'hint', message: MISSING });
  return {
    name: 'visual',
    isAvailable,
    parameters: () => layers.flatMap(parametersOf),
    read(address) {
      const [key = '', name = ''] = parseAddress(address)?.path.slice(1).split('/') ?? [];
      return values.last(address) ?? initial(key, name);
    },
    send(address, value, at) {
      const [key = '', name = ''] = parseAddress(address)?.path.slice(1).split('/') ?? [];
      if (typeof initial(key, name) === typeof value) values.put(address, value, at);
    },
    onValue: () => () => undefined,
    setLayers(next) {
      const before = new Map(layers.map((layer) => [layer.key, layer.source]));
      changed = next.find((layer) => before.get(layer.key) !== layer.source)?.key ?? changed;
      layers = next;
      isDark = false;
      if (stage) tell(stage.setLayers(layers));
    },
    attach(into) {
      detach();
      if (!isAvailable) return () => undefined;
      container = into;
      losses = 0;
      void open(into);
      frame = requestAnimationFrame(onFrame);
      return () => {
        if (container === into) detach();
      };
    },
    close() {
      detach();
      wall.close();
    },
  };
}

const MISSING = 'This browser shows no pictures (WebGL 2 is missing or switched off); sound and score work as usual.';

function hasWebGl(): boolean {
  if (typeof WebGL2RenderingContext === 'undefined') return false;
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

function parametersOf(layer: Shader): Parameter[] {
  const root = `visual:/${layer.key}`;
  return [
    ...OWN.map((own) => ({ ...own, address: `${root}/${own.address}`, access: 'set' as const })),
    ...inputsOf(layer).map(({ name, min, max }) => ({
      address: `${root}/${name}`,
      type: 'number' as const,
      access: 'set' as const,
      min,
      max,
    })),
  ];
}
